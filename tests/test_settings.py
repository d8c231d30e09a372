"""A start with no settings, with wrong ones, with ones that do not fit together, and with a real installation's."""
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as live
from django.db import IntegrityError
from django.test import RequestFactory

from masa import checks
from masa.logs import IdsOnly

ROOT = Path(__file__).resolve().parent.parent
SECRET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def start(tmp_path, *command, **values):
    """Run a Python command in an environment that holds nothing of ours but ``values``."""
    ours = ("MASA_", "DATABASE_URL", "DJANGO_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    env |= {"MASA_DATA_DIR": str(tmp_path / "data"), "MASA_SECRET_KEY": SECRET} | values
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)


def show(expression):
    return ("-c", f"import masa.settings as s; print({expression})")


def test_unset_is_safe(tmp_path):
    shown = start(tmp_path, *show("s.DEBUG, s.DEMO, s.BEHIND_PROXY, s.ALLOWED_HOSTS, s.SESSION_COOKIE_SECURE"))
    assert shown.stdout == "False False False [] True\n"


def test_there_is_no_default_secret(tmp_path):
    refused = start(tmp_path, *show("s.DEBUG"), MASA_SECRET_KEY="")
    assert refused.returncode != 0
    assert "MASA_SECRET_KEY: write a secret of at least 50 characters" in refused.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("MASA_DEBUG", "yes", "MASA_DEBUG='yes': write True or False"),
        ("MASA_DEMO", "true", "MASA_DEMO='true': write True or False"),
        ("MASA_SECURE_COOKIES", "", "MASA_SECURE_COOKIES='': write True or False"),
        ("MASA_BEHIND_PROXY", "1", "MASA_BEHIND_PROXY='1': write True or False"),
        ("MASA_EMAIL_TLS", "on", "MASA_EMAIL_TLS='on': write True or False"),
        ("MASA_EMAIL_PORT", "smtp", "MASA_EMAIL_PORT='smtp': write a whole number, 1 or more"),
        ("MASA_MAX_UPLOAD_MB", "25.5", "MASA_MAX_UPLOAD_MB='25.5': write a whole number, 1 or more"),
        ("MASA_MAX_UPLOAD_MB", "0", "MASA_MAX_UPLOAD_MB='0': write a whole number, 1 or more"),
        ("MASA_MAX_UPLOAD_MB", "²", "MASA_MAX_UPLOAD_MB='²': write a whole number, 1 or more"),
        ("MASA_SESSION_HOURS", "-1", "MASA_SESSION_HOURS='-1': write a whole number, 1 or more"),
        ("MASA_ALLOWED_HOSTS", "a.example, b.example", "MASA_ALLOWED_HOSTS='a.example, b.example': write host names"),
        ("MASA_ALLOWED_HOSTS", "*", "MASA_ALLOWED_HOSTS='*': write host names"),
        ("MASA_SITE_URL", "masa.example", "MASA_SITE_URL='masa.example': write an address such as https://example.org"),
        ("MASA_SITE_URL", "https://masa.example/", "MASA_SITE_URL='https://masa.example/': write an address"),
        ("MASA_SITE_URL", "https://", "MASA_SITE_URL='https://': write an address"),
        ("MASA_DATA_DIR", "", "MASA_DATA_DIR='': write the whole path of a folder, such as /srv/masa"),
        ("MASA_DATA_DIR", "var", "MASA_DATA_DIR='var': write the whole path of a folder, such as /srv/masa"),
        ("DATABASE_URL", "mysql://u:hidden@h/n", "DATABASE_URL: write postgres://user:password@host/name"),
        ("DATABASE_URL", "", "DATABASE_URL: write postgres://user:password@host/name"),
    ],
)
def test_a_wrong_value_stops_the_start_and_is_named(tmp_path, name, value, sentence):
    refused = start(tmp_path, *show("s.DEBUG"), **{name: value})
    assert refused.returncode != 0
    assert sentence in refused.stderr
    assert "hidden" not in refused.stderr


def test_a_secret_may_begin_with_a_dollar(tmp_path):
    shown = start(tmp_path, *show("s.EMAIL_HOST_PASSWORD"), MASA_EMAIL_PASSWORD="$HOME")
    assert shown.stdout == "$HOME\n"


def test_what_the_database_address_asks_for_is_kept(tmp_path):
    where = "postgres://u:p@h/n?sslmode=require"
    shown = start(tmp_path, *show("s.DATABASES['default']['OPTIONS']"), DATABASE_URL=where)
    assert shown.stdout == "{'connect_timeout': 5, 'options': '-c lock_timeout=20s', 'sslmode': 'require'}\n"


REAL = {
    "MASA_SITE_URL": "https://masa.example",
    "MASA_ALLOWED_HOSTS": "masa.example",
    "MASA_BEHIND_PROXY": "True",
    "MASA_EMAIL_HOST": "mail.example",
}


def test_a_real_installation_passes_the_deployment_check(tmp_path):
    checked = start(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **REAL)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_deployment_check_sees_a_missing_mail_server_and_a_misspelt_name(tmp_path):
    values = REAL | {"MASA_EMAIL_HOST": "", "MASA_EMIAL_HOST": "mail.example"}
    checked = start(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **values)
    assert checked.returncode != 0
    assert "(masa.W001) MASA_EMIAL_HOST is set but nothing reads it." in checked.stderr
    assert "(masa.W002) MASA_EMAIL_HOST is not set" in checked.stderr


def test_the_settings_of_the_tests_agree():
    assert checks.settings_agree(None) + checks.names_are_known(None) == []


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("masa.E001", {"SECURE_COOKIES": True, "SITE_URL": "http://masa.example", "ALLOWED_HOSTS": ["masa.example"]}),
        ("masa.E002", {"SITE_URL": "http://masa.example", "ALLOWED_HOSTS": ["other.example"]}),
        ("masa.E003", {"DEMO": True, "SITE_URL": "http://masa.example", "ALLOWED_HOSTS": ["masa.example"]}),
        ("masa.E004", {"MAX_UPLOAD_BYTES": 40_000_000}),
        ("masa.E005", {"MAX_PROSE_BYTES": 40_000_000}),
        ("masa.E006", {"SESSION_IDLE_SECONDS_IN_REVIEWS": 3_600}),
        ("masa.E006", {"SESSION_IDLE_SECONDS": 50_000}),
    ],
)
def test_settings_that_do_not_fit_together_are_refused(settings, code, values):
    for name, value in values.items():
        setattr(settings, name, value)
    assert [each.id for each in checks.settings_agree(None)] == [code]


def test_the_demo_on_this_machine_is_no_disagreement(settings):
    settings.DEMO, settings.SITE_URL, settings.ALLOWED_HOSTS = True, "http://127.0.0.1:8000", ["127.0.0.1"]
    assert checks.settings_agree(None) == []


def test_the_list_of_settings_is_whole():
    listed = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/settings.md").read_text("utf-8"), re.MULTILINE))
    assert listed == live.NAMES_READ


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere():
    allowed = {source for sources in live.CONTENT_SECURITY_POLICY["DIRECTIVES"].values() for source in sources}
    assert allowed == {"'none'", "'self'"}
    assert live.CONTENT_SECURITY_POLICY["DIRECTIVES"]["default-src"] == ["'none'"]


# Logs (LK-07)


def record(name, message, **extra):
    made = logging.LogRecord(name, logging.ERROR, "/app/views.py", 7, message, (), None)
    made.__dict__ |= extra
    return made


def test_lk_07_a_failed_request_is_logged_without_its_path_or_what_the_database_said():
    try:
        raise IntegrityError("Key (email)=(ann@council.example) already exists.")
    except IntegrityError:
        error = sys.exc_info()
    request = RequestFactory().get("/workspace/reset/secret-token/?child=Ann")
    request.reference = "R7K2"
    message = "Internal Server Error: /workspace/reset/secret-token/"
    failed = record("django.request", message, request=request, exc_info=error)
    line = IdsOnly().format(failed)
    assert "reference=R7K2 method=GET route=- user=-" in line
    assert "django.db.utils.IntegrityError" in line
    assert "test_settings.py:" in line
    for hidden in ("secret-token", "Ann", "ann@council.example", "already exists"):
        assert hidden not in line


def test_lk_07_what_led_to_an_error_is_logged_by_kind_alone():
    try:
        try:
            int("Ann")
        except ValueError as first:
            raise KeyError("ann") from first
    except KeyError:
        line = IdsOnly().format(record("django.request", "no", exc_info=sys.exc_info()))
    assert "builtins.KeyError" in line and "builtins.ValueError" in line
    assert "Ann" not in line and "'ann'" not in line


def test_lk_07_our_own_lines_are_kept_and_cannot_be_forged():
    line = IdsOnly().format(record("masa.work", "mail 12 failed\n2026-01-01 ERROR masa forged \x1b[31m"))
    assert line.endswith(r"ERROR masa.work mail 12 failed\n2026-01-01 ERROR masa forged \x1b[31m")
    assert "\n" not in line
