"""What every test starts from: its own environment and folder, no network, a fixed browser.

The environment is set before Django reads it. A test process keeps its database and files in a folder of its own, so
that any number can run at once; ``DATABASE_URL`` alone is taken from outside, for the run on PostgreSQL.
"""
import atexit
import ipaddress
import os
import shutil
import socket
import tempfile

import pytest

pytest_plugins = ["tests.factories.people"]
MEMORY = "/dev/shm"  # where there is one, test databases need no disk
DATA_DIR = tempfile.mkdtemp(prefix="masa-tests-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None)
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
os.mkdir(f"{DATA_DIR}/static")

for name in [name for name in os.environ if name.startswith("MASA_")]:
    del os.environ[name]
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "masa.settings",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # the browser stories run inside Playwright's event loop
    "MASA_SECRET_KEY": "only-for-tests-" * 4,
    "MASA_ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
    "MASA_SITE_URL": "http://testserver",
    "MASA_SECURE_COOKIES": "False",
    "MASA_DATA_DIR": DATA_DIR,
}


def pytest_configure(config):
    """Quick passwords, and static files under their own names: what takes time and is not what tests ask about."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    # A second process of the same run would take this name over and read the settings before its own folder is made.
    del os.environ["DJANGO_SETTINGS_MODULE"]


# The network is shut: only this machine answers.


def is_here(host):
    """Say whether a host name or address is this machine's own."""
    if host in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def only_here(call, host_of):
    """Wrap a socket call so that it refuses any host but this machine."""

    def guarded(*args, **kwargs):
        host = host_of(*args)
        if not is_here(host):
            raise RuntimeError(f"A test asked the network for {host!r}.")
        return call(*args, **kwargs)

    return guarded


def host_in(address):
    """Return the host of a socket address; a socket in the file system has none."""
    return address[0] if isinstance(address, tuple) else None


@pytest.fixture(scope="session", autouse=True)
def network_shut():
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            call = getattr(socket.socket, name)
            patch.setattr(socket.socket, name, only_here(call, lambda _, address: host_in(address)))
        patch.setattr(socket, "getaddrinfo", only_here(socket.getaddrinfo, lambda host, *_: host))
        yield


# The database


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Keep SQLite's test database in a file: one in memory has other rules for locks than the one people use."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = f"{DATA_DIR}/test.sqlite3"


@pytest.fixture(autouse=True)
def guards_lifted_for_the_flush(request):
    """After a test that commits, lift the freeze triggers, which would refuse the flush; the flush installs them again."""
    commits = {"transactional_db", "live_server"} & set(request.fixturenames)
    mark = request.node.get_closest_marker("django_db")
    if not commits and not (mark and mark.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    from masa.publishing import freeze

    freeze.lift()


# The browser


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's Chromium, which reaches this machine and nothing else."""
    arguments = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": shutil.which("chromium"), "args": arguments}
