from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    """Editions of statutory guidance and law, held as data, and the working-day calendar."""

    name = "masa.guidance"
    label = "guidance"
    verbose_name = "Statutory guidance"
