"""Public settings: contact routes, current holders and how a partnership presents itself.

They need no sign-off. Once something is public, each change is journalled and live on every page at once; before that
it is the register's history alone.
"""
from django.db import transaction
from django.db.models import Q
from django.dispatch import receiver
from simple_history.signals import post_create_historical_record

from masa.partnerships import scope
from masa.partnerships.models import Appointment, ContactRoute, DataController, Partnership
from masa.publishing import journal
from masa.publishing.models import Edition
from masa.publishing.services import tell_when_done

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
    with scope.every_partnership(why="a post holder may be shown by several partnerships"), transaction.atomic():
        for partnership in showing(instance, history_instance.prev_record):
            journal.append(
                partnership, kind=kind, by=history_instance.history_user, now=history_instance.history_date,
                what=instance._meta.verbose_name, row=instance.pk, change=history_instance.get_history_type_display(),
            )
            tell_when_done(partnership.pk, history_instance.history_date)


def showing(instance, before=None):
    """Return the partnerships whose public pages show this row, or showed it as it was ``before``."""
    public = Edition.objects.public()
    if isinstance(instance, Appointment):
        slugs = {instance.post.slug, before.post.slug} if before else {instance.post.slug}
        named = Q()
        for slug in slugs:
            named |= Q(signed_text__parts__payload__text__contains=f'"{slug}"')
        public = public.filter(named)
    rows = Partnership.objects.filter(pk__in=public.values("publication__partnership"))
    if isinstance(instance, Appointment):
        return rows
    return rows.filter(pk=getattr(instance, "partnership_id", instance.pk))
