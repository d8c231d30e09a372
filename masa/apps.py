from django.apps import AppConfig


class MasaConfig(AppConfig):
    """The whole: it has no models, only what is checked before the start."""

    name = "masa"
    verbose_name = "MASA"

    def ready(self):
        from masa import checks  # noqa: F401  registers them
