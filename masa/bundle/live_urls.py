"""The only public pages that are made when they are asked for. Everything else that the public reads is baked."""
from django.urls import path

from masa.bundle.live import compare, search, verify

app_name = "live"
urlpatterns = [
    path("search/", search.everywhere, name="search-everywhere"),
    path("verify/", verify.verify, name="verify"),
    path("<slug:partnership>/search/", search.within, name="search"),
    path("<slug:partnership>/<slug:publication>/compare/<int:a>/<int:b>/", compare.compare, name="compare"),
]
