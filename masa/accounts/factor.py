"""The second factor: whether this session has passed it, how lately, and that a code works once."""
import time

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings

METHODS = [Authenticator.Type.TOTP]  # what counts as having set one up; recovery codes only stand in for it


def has_set_up(user):
    """Say whether this person has a second factor."""
    return is_mfa_enabled(user, METHODS)


def passes(request):
    """Return when (seconds since 1970) this session passed the second factor, each time."""
    return [record["at"] for record in get_authentication_records(request, request.user) if record.get("method") == "mfa"]


def has_passed(request):
    """Say whether this session has passed the second factor that its person has now (AU-01)."""
    return bool(passes(request)) and has_set_up(request.user)


def fresh_factor(request):
    """Say whether the second factor was passed within the last 15 minutes (AU-05): for acts that weigh more."""
    return has_passed(request) and time.time() - max(passes(request)) < settings.STEP_UP_SECONDS


def note_set_up(request, user, authenticator, **kwargs):
    """Count the code that sets a factor up as passing it, and give the session a new name."""
    if authenticator.type in METHODS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
        request.session.cycle_key()


def note_used(request, reauthenticated, **kwargs):
    """Give the session a new name at each step up (AU-04). At sign-in Django does."""
    if reauthenticated:
        request.session.cycle_key()
