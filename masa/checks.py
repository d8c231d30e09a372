"""What is checked before the start: settings that are each right by themselves but do not fit together."""
import os
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.http.request import validate_host

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@register
def settings_agree(app_configs, **kwargs):
    """Return an error for each pair of settings that cannot both be meant."""
    site = urlsplit(settings.SITE_URL)
    sessions = [settings.SESSION_IDLE_SECONDS_IN_REVIEWS, settings.SESSION_IDLE_SECONDS, settings.SESSION_WHOLE_SECONDS]
    disagreements = [
        (
            "E001",
            settings.SECURE_COOKIES and site.scheme != "https",
            "MASA_SITE_URL begins with http:// but MASA_SECURE_COOKIES is True, so nobody could sign in.",
            "Give the site an https:// address. Only on your own machine, write MASA_SECURE_COOKIES=False.",
        ),
        (
            "E002",
            settings.ALLOWED_HOSTS and not validate_host(site.hostname, settings.ALLOWED_HOSTS),
            "The host of MASA_SITE_URL is not in MASA_ALLOWED_HOSTS, so links in mail would be refused.",
            "Add it to MASA_ALLOWED_HOSTS.",
        ),
        (
            "E003",
            settings.DEMO and site.hostname not in LOOPBACK,
            "MASA_DEMO is True on a site with a public address, where anyone could sign in as a sample person.",
            "Remove MASA_DEMO.",
        ),
        (
            "E004",
            settings.MAX_UPLOAD_BYTES > settings.MAX_REQUEST_BYTES,
            "MASA_MAX_UPLOAD_MB is more than MASA_MAX_REQUEST_MB, so the largest files could never arrive.",
            "Make MASA_MAX_REQUEST_MB the larger of the two.",
        ),
        (
            "E005",
            settings.MAX_PROSE_BYTES > settings.MAX_REQUEST_BYTES,
            "MASA_MAX_PROSE_KB is more than MASA_MAX_REQUEST_MB, so the longest sections could never be saved.",
            "Make MASA_MAX_REQUEST_MB the larger of the two.",
        ),
        (
            "E006",
            sessions != sorted(sessions),
            "A session would end by being idle only after it has ended as a whole, or last longer idle in reviews.",
            "Let MASA_SESSION_IDLE_MINUTES_IN_REVIEWS, MASA_SESSION_IDLE_MINUTES and MASA_SESSION_HOURS rise.",
        ),
    ]
    return [Error(message, hint=hint, id=f"masa.{code}") for code, wrong, message, hint in disagreements if wrong]


@register
def names_are_known(app_configs, **kwargs):
    """Warn of each ``MASA_`` name in the environment that nothing reads: it is misspelt or out of date."""
    unknown = sorted(name for name in os.environ if name.startswith("MASA_") and name not in settings.NAMES_READ)
    hint = "docs/settings.md lists every name."
    return [Warning(f"{name} is set but nothing reads it.", hint=hint, id="masa.W001") for name in unknown]


@register(Tags.security, deploy=True)
def mail_can_be_sent(app_configs, **kwargs):
    """Warn when an installation for real use has no mail server."""
    if settings.EMAIL_HOST:
        return []
    message = "MASA_EMAIL_HOST is not set: invitations, requests to agree and reminders cannot be sent."
    return [Warning(message, hint="Write the name of a mail server.", id="masa.W002")]
