"""The first pages of the workspace."""
app_name = "accounts"

urlpatterns = []
