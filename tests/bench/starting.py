"""How long it takes from a fresh clone to the first answer, and from the second start.

Aims: under 3 minutes the first time, when pip and npm have their packages at hand, and under 10 seconds the second.
"""
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

from tests.bench._installation import ROOT, finish, free_port, row, scratch, verdict


def main():
    with scratch() as folder:
        clone, port = folder / "clone", free_port()
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        first, home = start(clone, port)
        row(f"first start: {first:.1f} s, {home} bytes at /")
        second, home = start(clone, port)
        row(f"second start: {second:.1f} s, {home} bytes at /")
        changes = subprocess.run(["git", "status", "--porcelain"], cwd=clone, check=True, capture_output=True, text=True).stdout
        met = [
            verdict("seconds to the first answer, from nothing", f"{first:.0f}", "under 180", first < 180),
            verdict("seconds to the first answer, the second time", f"{second:.1f}", "under 10", second < 10),
            verdict("files that the start changed in the clone", len(changes.splitlines()), "none", not changes),
        ]
        shutil.rmtree(clone)
    finish(*met)


def start(clone, port):
    """Run the demo until it answers; return the seconds it took and the size of its first page."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MASA_", "DATABASE_URL", "DJANGO_", "VIRTUAL_ENV"))}
    command = [getattr(sys, "_base_executable", sys.executable), "dev.py", "demo", "--port", str(port)]
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=clone, env=env, start_new_session=True)
    try:
        while process.poll() is None and time.monotonic() - begun < 900:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                    return time.monotonic() - begun, len(answer.read())
            except OSError:
                time.sleep(0.1)
        sys.exit("The demo did not start.")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


if __name__ == "__main__":
    main()
