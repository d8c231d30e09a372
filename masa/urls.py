"""Every address that Django answers. Tests in tests/integration/test_doors.py name each of them and who is let in."""
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("masa.ui.urls")),
    path("account/", include("masa.accounts.account_urls")),
    path("workspace/", include("masa.accounts.urls")),
    path("admin/", admin.site.urls),
    path("", include("masa.bundle.live_urls")),
]
