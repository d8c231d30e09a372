"""The admin, which serves the register: for people with a role that reaches it, a second factor and a scope."""
from functools import update_wrapper

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect

from masa.partnerships import scope


class MasaAdminSite(AdminSite):
    """The register's pages. Signing in, out and changing a password is done where everyone does it."""

    site_title = "MASA register"
    site_header = "Safeguarding arrangements: the register"
    index_title = "What the arrangements are made of"
    site_url = "/workspace/"
    enable_nav_sidebar = False

    def has_permission(self, request):
        from masa.accounts import factor

        user = request.user
        return user.is_authenticated and user.is_active and factor.has_passed(request) and user.is_staff and scope.in_scope()

    def admin_view(self, view, cacheable=False):
        """Refuse a signed-in person who may not, instead of asking them to sign in again."""
        guarded = super().admin_view(view, cacheable)

        def inner(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied("The register is open to editors, publishers, auditors and administrators.")
            return guarded(request, *args, **kwargs)

        return update_wrapper(inner, guarded)

    def login(self, request, extra_context=None):
        return redirect("admin:index" if request.user.is_authenticated else "account_login")

    def logout(self, request, extra_context=None):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        logout(request)
        return redirect("account_login")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def password_change_done(self, request, extra_context=None):
        return redirect("mfa_index")


class MasaAdminConfig(AdminConfig):
    """Puts our site in place of Django's own."""

    default_site = "masa.admin.MasaAdminSite"
