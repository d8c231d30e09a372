from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class PublishingConfig(AppConfig):
    name = "masa.publishing"
    label = "publishing"
    verbose_name = "Publications and editions"

    def ready(self):
        from masa.publishing import due, freeze, public_settings  # noqa: F401  (they register schedules and watch public settings)

        pre_migrate.connect(freeze.make_way, sender=self)
        post_migrate.connect(freeze.install, sender=self)
