"""Settings, all of them from the environment. Unset is safe; a wrong value stops the start and is named.

``docs/settings.md`` lists every name. Only ``dev.py demo`` turns conveniences on (``MASA_DEMO``).
"""
import os
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
NAMES_READ = set()  # every name below, so that a misspelt one is noticed (masa.checks) and docs/settings.md stays whole


def text(name, default=""):
    """Read a value as it stands."""
    NAMES_READ.add(name)
    return os.environ.get(name, default)


def boolean(name, default=False):
    """Read True or False; anything else stops the start and is named."""
    value = text(name, str(default))
    if value not in {"True", "False"}:
        raise ImproperlyConfigured(f"{name}={value!r}: write True or False")
    return value == "True"


def whole_number(name, default, *, least=0):
    """Read a whole number from ``least`` up; anything else stops the start and is named."""
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or len(value) > 12 or int(value) < least:
        raise ImproperlyConfigured(f"{name}={value!r}: write a whole number, {least} or more")
    return int(value)


def names(name):
    """Read host names with commas between them; a blank, a space or an address in the list stops the start."""
    value = text(name)
    found = value.split(",") if value else []
    for host in found:
        if not host or host != host.strip() or "/" in host or "*" in host:
            raise ImproperlyConfigured(f"{name}={value!r}: write host names such as a.example,b.example")
    return found


def address(name, default):
    """Read the address of a site: scheme and host, no path and no slash at the end."""
    value = text(name, default)
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or value != f"{parts.scheme}://{parts.netloc}" or not parts.hostname:
        raise ImproperlyConfigured(f"{name}={value!r}: write an address such as https://example.org and no more")
    return value


def folder(name, default):
    """Read a folder by its whole path, so that it does not depend on where the start was made from."""
    value = text(name, str(default))
    if not value.startswith("/"):
        raise ImproperlyConfigured(f"{name}={value!r}: write the whole path of a folder, such as /srv/masa")
    return Path(value)


def secret(name):
    """Read a secret, for which there is no default. Its value is never part of a message."""
    value = text(name)
    if len(value) < 50:
        raise ImproperlyConfigured(f"{name}: write a secret of at least 50 characters")
    return value


def database(name, default):
    """Read where the database is: SQLite or PostgreSQL. The value may hold a password, so no message repeats it."""
    try:
        found = environ.Env.db_url_config(text(name, default))
    except ValueError:
        found = {}
    if found.get("ENGINE") not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
        raise ImproperlyConfigured(f"{name}: write postgres://user:password@host/name or sqlite:////a/file.sqlite3")
    return found


DEBUG = boolean("MASA_DEBUG")
DEMO = boolean("MASA_DEMO")
SECRET_KEY = secret("MASA_SECRET_KEY")
ALLOWED_HOSTS = names("MASA_ALLOWED_HOSTS")
SITE_URL = address("MASA_SITE_URL", "http://127.0.0.1:8000")
SECURE_COOKIES = boolean("MASA_SECURE_COOKIES", default=not DEBUG)
BEHIND_PROXY = boolean("MASA_BEHIND_PROXY")

INSTALLED_APPS = [
    "masa",
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
    "csp",
    "import_export",
    "simple_history",
]
AUTH_USER_MODEL = "accounts.User"

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

# Where things are kept

DATA_DIR = folder("MASA_DATA_DIR", BASE_DIR / "var")
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # SQLite makes its file but not the folder
BUNDLE_DIR = DATA_DIR / "bundles"  # the public site, one folder a partnership
MEDIA_ROOT = DATA_DIR / "files"    # attachments and PDFs, by digest; never served from here
FILE_UPLOAD_PERMISSIONS = 0o600

DATABASES = {"default": database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'masa.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Writers queue instead of failing: SQLite has no row locks, so a transaction takes the write lock at its start.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON;",
    }
else:
    # What the address asks for (sslmode, for one) goes before what we would choose.
    bounded = {"connect_timeout": 5, "options": "-c lock_timeout=20s"}
    DATABASES["default"]["OPTIONS"] = bounded | DATABASES["default"].get("OPTIONS", {})
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One cache for all processes, so that tries at signing in are counted together (manage.py createcachetable).
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "masa_cache"}}

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("govuk", BASE_DIR / "build" / "govuk")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Words and time: UTC inside, London outside

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# Limits, in one place

MEGABYTE = 1024 * 1024
MAX_REQUEST_BYTES = whole_number("MASA_MAX_REQUEST_MB", 30, least=1) * MEGABYTE
MAX_UPLOAD_BYTES = whole_number("MASA_MAX_UPLOAD_MB", 25, least=1) * MEGABYTE
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_REQUEST_BYTES
DATA_UPLOAD_MAX_NUMBER_FIELDS = whole_number("MASA_MAX_FORM_FIELDS", 2_000, least=1)
MAX_SEARCH_LENGTH = whole_number("MASA_MAX_SEARCH_LENGTH", 200, least=1)
MAX_NAME_LENGTH = 200  # also the width of the columns, so not a matter for the environment
MAX_PROSE_BYTES = whole_number("MASA_MAX_PROSE_KB", 1_024, least=1) * 1024
MAX_PROSE_LEVELS = whole_number("MASA_MAX_PROSE_LEVELS", 30, least=1)
MAX_PROSE_ELEMENTS = whole_number("MASA_MAX_PROSE_ELEMENTS", 20_000, least=1)
MAX_IMPORT_BYTES = whole_number("MASA_MAX_IMPORT_MB", 100, least=1) * MEGABYTE  # once unpacked
MAX_IMPORT_MEMBERS = whole_number("MASA_MAX_IMPORT_MEMBERS", 2_000, least=1)
MAX_IMPORT_RATIO = whole_number("MASA_MAX_IMPORT_RATIO", 100, least=1)
IMPORT_MEMORY_BYTES = whole_number("MASA_IMPORT_MEMORY_MB", 512, least=64) * MEGABYTE
IMPORT_SECONDS = whole_number("MASA_IMPORT_SECONDS", 60, least=1)
FIRST_YEAR, LAST_YEAR = 1989, 2100  # the years that a date may lie in
SESSION_IDLE_SECONDS = whole_number("MASA_SESSION_IDLE_MINUTES", 30, least=1) * 60
SESSION_IDLE_SECONDS_IN_REVIEWS = whole_number("MASA_SESSION_IDLE_MINUTES_IN_REVIEWS", 15, least=1) * 60
SESSION_WHOLE_SECONDS = whole_number("MASA_SESSION_HOURS", 12, least=1) * 3600
STEP_UP_SECONDS = whole_number("MASA_STEP_UP_MINUTES", 15, least=1) * 60
RESET_LINK_SECONDS = whole_number("MASA_RESET_LINK_MINUTES", 60, least=1) * 60
INVITE_LINK_SECONDS = whole_number("MASA_INVITE_LINK_DAYS", 7, least=1) * 86_400
SIGN_IN_TRIES_AN_HOUR_BY_ADDRESS = whole_number("MASA_SIGN_IN_TRIES_BY_ADDRESS", 20, least=1)
SIGN_IN_TRIES_AN_HOUR_BY_ACCOUNT = whole_number("MASA_SIGN_IN_TRIES_BY_ACCOUNT", 10, least=1)
PUBLIC_TRIES_A_MINUTE_BY_ADDRESS = whole_number("MASA_PUBLIC_TRIES_BY_ADDRESS", 60, least=1)
PUBLIC_TRIES_A_MINUTE_BY_PARTNERSHIP = whole_number("MASA_PUBLIC_TRIES_BY_PARTNERSHIP", 600, least=1)

# Sessions

SESSION_COOKIE_AGE = SESSION_IDLE_SECONDS  # from the last request inside; that and the whole are counted in masa.accounts.middleware
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"  # a link in a mail must find the reader signed in
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_AGE = None  # gone when the browser closes
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = ("__Host-masa", "__Host-csrf") if SECURE_COOKIES else ("masa", "csrf")

# Signing in

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:home"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_RESET_TIMEOUT = RESET_LINK_SECONDS
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ["email", "name"]}},
]
ACCOUNT_ADAPTER = "masa.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "masa.accounts.forms.SignInForm",
    "change_password": "masa.accounts.forms.ChangePasswordForm",
    "reset_password": "masa.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "masa.accounts.forms.SetPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"     # an account is made for an address that an administrator gave
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to strangers whose address somebody typed
ACCOUNT_EMAIL_NOTIFICATIONS = True      # a new password or factor is told to its owner
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_REAUTHENTICATION_TIMEOUT = STEP_UP_SECONDS
ACCOUNT_RATE_LIMITS = {
    "login_failed": f"{SIGN_IN_TRIES_AN_HOUR_BY_ADDRESS}/h/ip,{SIGN_IN_TRIES_AN_HOUR_BY_ACCOUNT}/h/key",
    "reset_password": "20/h/ip,5/h/key",
}
MFA_ADAPTER = "masa.accounts.adapter.FactorAdapter"
MFA_FORMS = {
    "authenticate": "masa.accounts.forms.AuthenticateForm",
    "reauthenticate": "masa.accounts.forms.ReauthenticateForm",
    "activate_totp": "masa.accounts.forms.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True

# What every answer says to the browser

SECURE_SSL_REDIRECT = SECURE_COOKIES
SECURE_HSTS_SECONDS = 63_072_000 if SECURE_COOKIES else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_COOKIES
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
if SITE_URL.startswith("https://"):
    CSRF_TRUSTED_ORIGINS = [SITE_URL]
if BEHIND_PROXY:
    # Believed only when told so: the proxy in front must set both headers itself and drop what a visitor sent.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

# Mail

EMAIL_HOST = text("MASA_EMAIL_HOST")
EMAIL_PORT = whole_number("MASA_EMAIL_PORT", 587, least=1)
EMAIL_HOST_USER = text("MASA_EMAIL_USER")
EMAIL_HOST_PASSWORD = text("MASA_EMAIL_PASSWORD")
EMAIL_USE_TLS = boolean("MASA_EMAIL_TLS", default=True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = text("MASA_EMAIL_FROM", "masa@localhost")
# Without a mail server the demo prints its mail; elsewhere sending fails, so that nothing unsent is believed sent.
EMAIL_BACKEND = f"django.core.mail.backends.{'console' if DEMO and not EMAIL_HOST else 'smtp'}.EmailBackend"

# Logs: to stderr, ids and a reference only

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ids": {"()": "masa.logs.IdsOnly"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "ids"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
