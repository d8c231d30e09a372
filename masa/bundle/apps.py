from django.apps import AppConfig
from django.db.models.signals import post_migrate


class BundleConfig(AppConfig):
    name = "masa.bundle"
    label = "bundle"
    verbose_name = "The public site"

    def ready(self):
        from masa.bundle import bake, due, pdf, searching, verifying  # noqa: F401  (due and verifying register themselves)
        from masa.bundle.live import search_table
        from masa.publishing import hooks

        hooks.make_pdf_with(pdf.make_pdf)
        hooks.when_live(bake.went_live)
        hooks.keep_debts_with(bake.owe)
        hooks.when_live(searching.went_live)
        post_migrate.connect(search_table.install, sender=self)
