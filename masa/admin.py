"""The admin, which serves the register."""
from functools import update_wrapper

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path


class MasaAdminSite(AdminSite):
    """The register's pages, for those with a role that reaches them. Signing in and out is not done here."""

    site_title = "Register"
    site_header = "Safeguarding arrangements: the register"
    index_title = "The register"
    site_url = "/workspace/"
    enable_nav_sidebar = False

    def has_permission(self, request):
        from masa.work.register import access

        return request.user.is_active and access.opens(request.user)

    def login(self, request, extra_context=None):
        """Send visitors to the one sign-in, and those who are signed in to the first page."""
        return redirect("admin:index" if request.user.is_authenticated else "account_login")

    def logout(self, request, extra_context=None):
        """Send to the one page that signs out."""
        return redirect("account_logout")

    def admin_view(self, view, cacheable=False):
        """Refuse members without the right, and let strangers find nothing, before the view is asked."""
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                refuse(request.user)
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, view)

    def get_urls(self):
        from masa.work.register import pages

        # Passwords are changed on one's own account; the redirect by kind and id would tell which ids there are.
        without = {"password_change", "password_change_done", "view_on_site"}
        kept = [url for url in super().get_urls() if getattr(url, "name", None) not in without]
        own = [
            path("tables/", self.admin_view(pages.tables_index), name="tables"),
            path("tables/<slug:slug>/import/", self.admin_view(pages.import_table), name="table-import"),
            path("tables/<slug:slug>/import/<slug:token>/", self.admin_view(pages.confirm_import), name="table-confirm"),
            path("tables/<slug:slug>/export/<slug:form>/", self.admin_view(pages.export_table), name="table-export"),
            path("tables/<slug:slug>/empty.<slug:form>", self.admin_view(pages.empty_table), name="table-empty"),
        ]
        return own + kept

    def get_app_list(self, request, app_label=None):
        """Return the tables in the order in which the register is filled, under plain headings."""
        from masa.work.register.groups import grouped

        return grouped(super().get_app_list(request, app_label))


def refuse(user):
    """Raise the refusal that fits: a member lacks a role, a stranger finds nothing."""
    from masa.accounts import permissions

    if permissions.held(user):
        raise PermissionDenied("This needs a role that reads the register.")
    raise Http404


class MasaAdminConfig(AdminConfig):
    """Puts our site in place of Django's own."""

    default_site = "masa.admin.MasaAdminSite"
