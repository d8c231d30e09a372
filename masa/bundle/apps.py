from django.apps import AppConfig


class BundleConfig(AppConfig):
    name = "masa.bundle"
    label = "bundle"
    verbose_name = "The public site"

    def ready(self):
        from masa.bundle import bake, pdf
        from masa.publishing import hooks

        hooks.make_pdf_with(pdf.make_pdf)
        hooks.when_live(bake.went_live)
