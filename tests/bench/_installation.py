"""What the measurements share: a scratch installation with samples, many copies of one partnership, and words for figures."""
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STEP = 1_000_000  # how far apart the numbers of copied rows are


@contextmanager
def scratch():
    """Give a folder for the time of a measurement, and set Django up to keep everything in it."""
    with tempfile.TemporaryDirectory(prefix="masa-bench-") as name:
        yield Path(name)


def environment(folder, **more):
    """Return the environment of an installation in ``folder``, set as one behind a proxy with https would be."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("MASA_", "DATABASE_URL", "DJANGO_"))} | {
        "DJANGO_SETTINGS_MODULE": "masa.settings", "MASA_DATA_DIR": str(folder), "MASA_SECRET_KEY": "only-for-measuring-" * 4,
        "MASA_SITE_URL": "https://127.0.0.1", "MASA_ALLOWED_HOSTS": "127.0.0.1", "MASA_BEHIND_PROXY": "True", **more,
    }


def manage(env, *words):
    """Run a manage.py command."""
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)


def fill(env, *samples):
    """Make the database and load samples, or all of them; their public pages are baked with it."""
    Path(env["MASA_DATA_DIR"], "static").mkdir()
    manage(env, "migrate", "--verbosity", "0")
    manage(env, "createcachetable")
    manage(env, "load_samples", *samples)
    manage(env, "bake", "--all")


def set_up(env):
    """Set Django up in this process."""
    os.environ.clear()
    os.environ.update(env)
    import django

    django.setup()


def crowd(slug, number):
    """Make ``number`` copies of every row of the installation's one partnership, and of its public pages.

    Needs Django set up. The copies have rows of their own for all that belongs to a partnership, in every table but those of history.
    """
    from django.apps import apps
    from django.db import connection, transaction

    from masa.partnerships.models import Partnership
    from masa.publishing import freeze

    models, last = [], {Partnership}
    while last:
        models += sorted(last, key=lambda model: model._meta.label)
        last = {model for model in apps.get_models(include_auto_created=True) if model not in models and points_to(model, models)}
    freeze.lift()
    with transaction.atomic(), connection.cursor() as cursor:
        for model in models:
            if not model.__name__.startswith("Historical"):
                copy(cursor, model, models, number)
    bundles = Path(os.environ["MASA_DATA_DIR"]) / "bundles"
    for k in range(1, number + 1):
        shutil.copytree(bundles / slug, bundles / f"{slug}-{k}", symlinks=True, copy_function=os.link)


def points_to(model, others):
    """Say whether rows of a model belong to rows of the others."""
    return any(field.related_model in others for field in model._meta.concrete_fields if field.is_relation)


def copy(cursor, model, models, number):
    """Copy the rows of one table, moving the numbers of the rows and of the copied rows they point to."""
    fields = model._meta.concrete_fields
    values = [shifted(field, models) for field in fields]
    names = ", ".join(f'"{field.column}"' for field in fields)
    table, pk = model._meta.db_table, model._meta.pk.column
    words = f'INSERT INTO "{table}" ({names}) SELECT {", ".join(values)} FROM "{table}" WHERE "{pk}" < {STEP}'
    for k in range(1, number + 1):
        cursor.execute(words.replace("@", str(k)))


def shifted(field, models):
    """Return the SQL of a field's value in copy number @."""
    if field.related_model in models or field.primary_key and not field.is_relation:
        return f'"{field.column}" + @ * {STEP}'
    return f"\"{field.column}\" || '-@'" if field.unique else f'"{field.column}"'


# Servers -------------------------------------------------------------------------------------------------------------


def free_port():
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(command, port, **options):
    """Run a server until the block ends; it starts when the port answers."""
    process = subprocess.Popen([str(word) for word in command], cwd=ROOT, **options)
    try:
        wait_for(port, process)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port, process, seconds=60):
    """Wait until a port answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("The server did not start.")


# Figures -------------------------------------------------------------------------------------------------------------


def verdict(words, value, aim, is_met):
    """Print one figure against its aim, and return whether it was met."""
    print(f"{'PASS' if is_met else 'FAIL'}  {words}: {value} (aim: {aim})", flush=True)
    return is_met


def finish(*met):
    """End the measurement; fail when an aim was missed."""
    if not all(met):
        sys.exit(1)


def row(*words):
    """Print one raw row."""
    print("      " + "  ".join(str(word) for word in words), flush=True)


median = statistics.median
