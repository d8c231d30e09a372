"""The first page of the workspace."""
from django.urls import path

from masa.accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.home, name="home"),
]
