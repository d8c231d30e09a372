"""What other partnerships cost one: its page and its bake, alone and among 150.

Aim: at most 1.2 times as much among 150. Two installations answer in turn, each in a process of its own.
"""
import os
import shutil
import subprocess
import sys
import time

from tests.bench._installation import ROOT, environment, fill, finish, median, row, scratch, set_up, verdict

SLUG, PARTNERSHIPS = "manchester", 150
ROUNDS, PAGES = 9, 3000
PAGE = f"/{SLUG}/arrangements/partners-and-agencies/"


def main():
    with scratch() as folder:
        (folder / "alone").mkdir()
        alone, crowded = (environment(folder / name) for name in ("alone", "crowded"))
        fill(alone, SLUG)
        shutil.copytree(folder / "alone", folder / "crowded", symlinks=True)
        among(crowded, f"from tests.bench._installation import crowd; crowd({SLUG!r}, {PARTNERSHIPS - 1})")
        with Worker(alone) as one, Worker(crowded) as many:
            met = [compare(words, one, many) for words in ("page", "bake", "again")]
            compare("search", one, many, aim=False)
    finish(*met)


def among(env, words):
    """Run a few lines with Django set up for an installation."""
    start = "import django; django.setup(); "
    subprocess.run([sys.executable, "-c", start + words], cwd=ROOT, env=env, check=True)


WORDS = {
    "page": f"{PAGES} readings of a published page", "bake": "a bake from nothing", "again": "a bake when nothing has changed",
    "search": "20 searches within the partnership",
}


def compare(what, one, many, aim=True):
    """Take the time of both in turn and compare the medians of each round's ratio."""
    one.seconds(what), many.seconds(what)  # once, to read code and files
    rows = []
    for number in range(ROUNDS):
        first, second = (one, many) if number % 2 else (many, one)
        times = {first: first.seconds(what), second: second.seconds(what)}
        rows.append((times[one], times[many]))
        row(f"{WORDS[what]}, round {number + 1}:", f"alone {times[one] * 1000:.0f} ms,", f"among {PARTNERSHIPS} {times[many] * 1000:.0f} ms")
    ratio = median(many / one for one, many in rows)
    if not aim:
        row(f"{WORDS[what]}, among {PARTNERSHIPS} to alone: {ratio:.2f}")
        return True
    return verdict(f"{WORDS[what]}, among {PARTNERSHIPS} to alone", f"{ratio:.2f}", "1.20 or less", ratio <= 1.2)


class Worker:
    """A process with an installation of its own which does what it is told and says how many seconds it took."""

    def __init__(self, env):
        command = [sys.executable, "-c", "from tests.bench import growing; growing.work()"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.wait(20)

    def seconds(self, what):
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


def work():
    """Do each thing asked for on standard input; for a worker's own process."""
    set_up(dict(os.environ))
    acts = {"page": read_pages, "bake": bake_anew, "again": bake_again, "search": search}
    for line in sys.stdin:
        print(acts[line.strip()](), flush=True)


def timed(act):
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def ask(path, query=""):
    """Ask the application that servers call for an address, as a server does."""
    from masa.wsgi import application

    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "127.0.0.1", "HTTP_ACCEPT_ENCODING": "gzip",
        "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "wsgi.input": sys.stdin.buffer,
    }
    seen = []
    answer = application(environ, lambda status, headers, error=None: seen.append(status))
    b"".join(answer)
    getattr(answer, "close", lambda: None)()
    return seen[0]


def read_pages():
    assert ask(PAGE) == "200 OK"
    return timed(lambda: [ask(PAGE) for _ in range(PAGES)])


def search():
    from django.core.cache import cache

    def some():
        for _ in range(20):
            cache.clear()  # what limits searches counts in there
            status = ask(f"/{SLUG}/search/", "q=police")
            assert status == "200 OK", status
    return timed(some)


def bake_anew():
    from masa.bundle import render, store

    shutil.rmtree(store.folder(SLUG))
    render.prose.cache_clear()
    render._block.cache_clear()
    return timed(bake_one)


def bake_again():
    return timed(bake_one)


def bake_one():
    from django.utils import timezone

    from masa.bundle import bake
    from masa.partnerships import scope
    from masa.partnerships.models import Partnership

    with scope.every_partnership(why="a measurement"):
        pk = Partnership.objects.get(slug=SLUG).pk
    bake.bake(pk, now=timezone.now())


if __name__ == "__main__":
    main()
