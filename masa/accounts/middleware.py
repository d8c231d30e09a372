"""What every request of a signed-in person passes through: the length of sessions, the second factor, the scope.

Public pages are left alone: nothing here asks who the visitor is, so they set no cookie and can be kept by caches.
"""
import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from masa.accounts import audit, factor, permissions
from masa.partnerships import scope

#: First path segments of the pages that only signed-in people with a second factor reach.
INSIDE = ("/workspace/", "/admin/")
ACCOUNT = "/account/"
#: The pages of one's own account that a session reaches before it has passed the second factor.
WITHOUT_A_CODE = ("mfa_reauthenticate", "account_logout")
STARTED = "signed_in_at"


class SignedInScope:
    """For the pages inside: sign-in, second factor and session within its limits, then the person's partnerships as scope."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith((*INSIDE, ACCOUNT)):
            return self.get_response(request)
        end_when_over(request)
        if elsewhere := where_first(request):
            return redirect(elsewhere)
        if not request.user.is_authenticated:
            return self.get_response(request)
        request.session.modified = True  # the half hour of idleness begins anew; public pages do not count and set no cookie
        permissions.remember_rights(request.user)
        with scope.of(*sorted(permissions.partnerships_of(request.user))):
            response = self.get_response(request)
        if response.status_code == 403:
            audit.record("request", user=request.user, request=request, result=audit.Result.REFUSED)
        return response


def where_first(request):
    """Return the address where a person must go first: to sign in, to set up a second factor, to enter a code; or None."""
    inside = request.path_info.startswith(INSIDE)
    if not request.user.is_authenticated:
        return sign_in_address(request) if inside else None
    if factor.has_passed(request):
        return None
    if factor.has_set_up(request.user):
        return None if request.path_info in {reverse(name) for name in WITHOUT_A_CODE} else step_up_address(request)
    return reverse("mfa_activate_totp") if inside else None


def sign_in_address(request):
    """Return the sign-in page that comes back to what was asked for."""
    return f"{reverse('account_login')}?{urlencode({'next': way_back(request)})}"


def step_up_address(request):
    """Return the page that asks for a code and comes back to what was asked for."""
    return f"{reverse('mfa_reauthenticate')}?{urlencode({'next': way_back(request)})}"


def way_back(request):
    """Return the address to come back to. A form that was sent is not sent again by itself."""
    return request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("accounts:home")


def end_when_over(request):
    """Sign out a session that has lasted 12 hours, whatever was done in it (AU-04). Half an hour's idleness ends it by itself."""
    if request.user.is_authenticated and time.time() - request.session.get(STARTED, 0) >= settings.SESSION_WHOLE_SECONDS:
        logout(request)
        messages.info(request, "You were signed out because you had been signed in for a long time. Sign in again to go on.")


def note_start(request, **kwargs):
    """Write down when a session begins."""
    request.session[STARTED] = time.time()
