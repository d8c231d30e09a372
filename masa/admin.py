"""The admin, which serves the register."""
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig


class MasaAdminSite(AdminSite):
    """The register's pages, for those with a role that reaches them."""

    site_title = "MASA"
    site_header = "MASA: the register"
    index_title = "The register"


class MasaAdminConfig(AdminConfig):
    """Puts our site in place of Django's own."""

    default_site = "masa.admin.MasaAdminSite"
