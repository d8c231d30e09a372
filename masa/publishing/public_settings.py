"""Public settings: contact routes, current holders and how a partnership presents itself.

They need no sign-off. Once something is public, each change is journalled and live on every page at once; before that
it is the register's history alone.
"""
from functools import partial

from django.db import transaction
from django.dispatch import receiver
from simple_history.signals import post_create_historical_record

from masa.partnerships import scope
from masa.partnerships.models import Appointment, ContactRoute, DataController, Partnership
from masa.publishing import hooks, journal
from masa.publishing.models import Edition

#: What is watched, and the kind of journal row that a change of it makes.
WATCHED = {
    Appointment: "holder_changed", ContactRoute: "contact_changed", DataController: "setting_changed", Partnership: "setting_changed",
}


@receiver(post_create_historical_record)
def follow(sender, instance, history_instance, **_facts):
    """Journal a change of a public setting and have the public site follow."""
    kind = WATCHED.get(type(instance))
    if kind is None:
        return
    with scope.every_partnership(why="a post holder may be shown by several partnerships"):
        for partnership in showing(instance):
            journal.append(
                partnership, kind=kind, by=history_instance.history_user, now=history_instance.history_date,
                what=instance._meta.verbose_name, row=instance.pk, change=history_instance.get_history_type_display(),
            )
            transaction.on_commit(partial(hooks.went_live, partnership.pk, history_instance.history_date))


def showing(instance):
    """Return the partnerships whose public pages show this row."""
    rows = Partnership.objects.filter(pk__in=Edition.objects.public().values("publication__partnership"))
    if isinstance(instance, Partnership):
        return rows.filter(pk=instance.pk)
    if isinstance(instance, Appointment):
        return rows.filter(seat_posts__post=instance.post_id).distinct()
    return rows.filter(pk=instance.partnership_id)
