"""How long it takes to verify every sample: each digest, link of the journal, file and PDF. For information; no aim."""
import subprocess
import sys
import time

from tests.bench._installation import ROOT, environment, fill, finish, median, row, scratch, verdict

ROUNDS = 3


def main():
    with scratch() as folder:
        env = environment(folder)
        fill(env)
        rows = []
        for number in range(ROUNDS):
            start = time.perf_counter()
            done = subprocess.run([sys.executable, "manage.py", "verify"], cwd=ROOT, env=env, capture_output=True, text=True)
            rows.append(time.perf_counter() - start)
            row(f"round {number + 1}:", f"{rows[-1]:.2f} s", done.stdout.strip().splitlines()[-1] if done.stdout else done.stderr[-200:])
        files = sum(1 for path in folder.glob("bundles/*/current/**/*") if path.is_file())
        row(f"{files} files in the bundles; median {median(rows):.2f} s, start of the program included")
    finish(verdict("things that differ in untouched samples", "none" if done.returncode == 0 else "some", "none", done.returncode == 0))


if __name__ == "__main__":
    main()
