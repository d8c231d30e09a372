"""Settings, all of them from the environment. Unset is safe; a wrong value stops the start and is named.

``docs/settings.md`` lists every name. Only ``dev.py demo`` turns conveniences on (``MASA_DEMO``).
"""
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def boolean(name, default=False):
    """Read True or False; anything else stops the start and is named."""
    value = env.str(name, default=str(default))
    if value not in {"True", "False"}:
        raise ImproperlyConfigured(f"{name}={value!r}: write True or False")
    return value == "True"


def whole_number(name, default):
    """Read a whole number from 0 up; anything else stops the start and is named."""
    value = env.str(name, default=str(default))
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name}={value!r}: write a whole number")
    return int(value)


DEBUG = boolean("MASA_DEBUG")
DEMO = boolean("MASA_DEMO")
SECRET_KEY = env.str("MASA_SECRET_KEY", default="")
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("MASA_SECRET_KEY: write a secret of at least 32 characters")
ALLOWED_HOSTS = env.list("MASA_ALLOWED_HOSTS", default=[])
SITE_URL = env.str("MASA_SITE_URL", default="http://127.0.0.1:8000")
if not SITE_URL.startswith(("https://", "http://")) or SITE_URL.endswith("/"):
    raise ImproperlyConfigured(f"MASA_SITE_URL={SITE_URL!r}: write an address such as https://example.org, with no slash at the end")
SECURE_COOKIES = boolean("MASA_SECURE_COOKIES", default=True)
BEHIND_PROXY = boolean("MASA_BEHIND_PROXY")

INSTALLED_APPS = [
    "masa.ui",
    "masa.partnerships",
    "masa.guidance",
    "masa.accounts",
    "masa.work",
    "masa.publishing",
    "masa.bundle",
    "arrangements",
    "masa.admin.MasaAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "import_export",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "masa.ui.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "masa.accounts.middleware.SignedInScope",
]

ROOT_URLCONF = "masa.urls"
WSGI_APPLICATION = "masa.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["govuk"]
CRISPY_TEMPLATE_PACK = "govuk"

DATA_DIR = Path(env.str("MASA_DATA_DIR", default=str(BASE_DIR / "var")))
BUNDLE_DIR = DATA_DIR / "bundles"  # the public site, one folder a partnership
MEDIA_ROOT = DATA_DIR / "files"    # attachments and PDFs, by digest; never served from here
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'masa.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Writers queue instead of failing: row locks do nothing on SQLite, so a transaction takes the write lock at its start.
    DATABASES["default"]["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] = {"connect_timeout": 5}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("govuk", BASE_DIR / "build" / "govuk")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
