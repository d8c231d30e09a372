from django.apps import AppConfig


class UiConfig(AppConfig):
    """Design system, prose cleaning, charts and diagrams. Knows no words of the domain."""

    name = "masa.ui"
    label = "ui"
    verbose_name = "Design system"
