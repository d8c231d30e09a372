from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "masa.partnerships"
    label = "partnerships"
    verbose_name = "Who the partners are"
