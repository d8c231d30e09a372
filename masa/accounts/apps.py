from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, their rights in partnerships, the sign-in and its log."""

    name = "masa.accounts"
    label = "accounts"
    verbose_name = "People and sign-in"

    def ready(self):
        from masa.accounts import signals

        signals.connect()
