"""What every request of a signed-in person passes through: the length of sessions, the second factor, the scope.

Public pages are left alone: nothing here asks who the visitor is, so they set no cookie and can be kept by caches.
"""
import time

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.urls import reverse
from django.utils.http import urlencode
from django.http import HttpResponseRedirect
from django.conf import settings

from masa.accounts import audit, factor, permissions
from masa.partnerships import scope

#: First path segments of the pages that only signed-in people with a second factor reach.
INSIDE = ("/workspace/", "/admin/")
ACCOUNT = "/account/"
STARTED = "signed_in_at"


class SignedInScope:
    """For the pages inside: sign-in, second factor and session within its limits, then the person's partnerships as scope."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith((*INSIDE, ACCOUNT)):
            return self.get_response(request)
        end_when_over(request)
        if request.path_info.startswith(INSIDE) and (elsewhere := where_first(request)):
            return HttpResponseRedirect(elsewhere) if isinstance(elsewhere, str) else elsewhere
        if not request.user.is_authenticated:
            return self.get_response(request)
        permissions.remember_rights(request.user)
        with scope.of(*sorted(permissions.partnerships_of(request.user))):
            response = self.get_response(request)
        if response.status_code == 403:
            audit.record("request", user=request.user, request=request, result=audit.Result.REFUSED)
        return response


def where_first(request):
    """Return where a person must go before a page inside is shown: to sign in, to set up a factor, to enter a code; or None."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not factor.has_set_up(request.user):
        return reverse("mfa_activate_totp")
    if not factor.has_passed(request):
        return step_up_address(request)
    return None


def step_up_address(request):
    """Return the page that asks for a code and comes back here. A form that was sent is not sent again by itself."""
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("accounts:home")
    return f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back})}"


def end_when_over(request):
    """Sign out a session that has lasted 12 hours, whatever was done in it (AU-04). Half an hour's idleness ends it by itself."""
    if request.user.is_authenticated and time.time() - request.session.get(STARTED, 0) >= settings.SESSION_WHOLE_SECONDS:
        logout(request)
        messages.info(request, "You were signed out because you had been signed in for a long time. Sign in again to go on.")


def note_start(request, **kwargs):
    """Write down when a session begins."""
    request.session[STARTED] = time.time()
