"""A whole installation for the browser stories: made once a run, by the program's own commands, and served as it really is.

It lives in a process and a folder of its own, with the settings of the demo, so nothing of the tests' database or settings
reaches it. Northside is the shipped sample with two editions and a version for children; Far Hills is another partnership,
which has published nothing. ``python -m tests.factories.site`` fills the folder that the environment names.
"""
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 60  # seconds
#: Who signs in beside the people of the sample: everybody's code works once, so each story has a person of its own.
VERA = ("vera.samplegate@northside.example", "Vera Samplegate")
OMAR = ("omar.examplefold@far-hills.example", "Omar Examplefold")


class SiteNotMade(RuntimeError):
    """The installation could not be made or did not start; the message has what it said."""


def environment(folder):
    """Return the environment of an installation that keeps everything in ``folder``."""
    ours = ("MASA_", "DATABASE_URL", "GRANIAN_", "DJANGO_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | {
        "MASA_DEMO": "True",
        "MASA_SECRET_KEY": "only-for-stories-" * 4,
        "MASA_SECURE_COOKIES": "False",
        "MASA_ALLOWED_HOSTS": "127.0.0.1",
        "MASA_DATA_DIR": str(folder),
    }


def make(folder):
    """Fill ``folder`` unless that was done already. Call with a lock held when several processes share it. Raises SiteNotMade."""
    done = folder / "made"
    if done.exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "tests.factories.site"]
    ended = subprocess.run(command, cwd=ROOT, env=environment(folder), capture_output=True, text=True)
    if ended.returncode:
        raise SiteNotMade(ended.stderr[-4000:])
    done.touch()


def fill():
    """Load, people and publish the installation that the environment names."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "masa.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_samples", "northside")
    add_people()
    call_command("bake", "--all")


def add_people():
    """Add a second editor of Northside, and another partnership with an editor."""
    from masa.accounts import demo
    from masa.partnerships import scope
    from masa.partnerships.models import Partnership
    from tests.factories import people, register

    with scope.every_partnership(why="the stories have people of two partnerships"):
        far_hills = register.make_partnership("far-hills")
        register.make_contact_route(far_hills, name="Front door of Far Hills")
        people.grant(demo.create_person(*VERA), "editor", Partnership.objects.get(slug="northside"))
        people.grant(demo.create_person(*OMAR), "editor", far_hills)


@contextmanager
def served(folder):
    """Serve the installation with its own server on this machine alone, and give its address. Raises SiteNotMade."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws", "--log-level", "warning"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4", "masa.wsgi:application"]
    with open(folder / f"server-{port}.log", "w+") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment(folder), stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_it_answers(server, f"http://127.0.0.1:{port}", log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_it_answers(server, address, log):
    """Return once the site answers. Raises SiteNotMade when the server ends or takes too long."""
    end = time.monotonic() + STARTS_WITHIN
    while server.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{address}/", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    log.seek(0)
    raise SiteNotMade(f"The server did not start. {log.read()[-4000:]}")


if __name__ == "__main__":
    fill()
