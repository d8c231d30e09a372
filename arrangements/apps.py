from django.apps import AppConfig


class ArrangementsConfig(AppConfig):
    name = "arrangements"
    verbose_name = "What the partners arranged"

    def ready(self):
        from arrangements import blocks, kinds, notices  # noqa: F401  (registers them)
