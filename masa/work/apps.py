from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "masa.work"
    label = "work"
    verbose_name = "Work to be done"
