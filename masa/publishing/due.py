"""Carry out what was scheduled: publish the editions whose time has come."""
from django.core.exceptions import PermissionDenied

from masa.partnerships import scope
from masa.publishing import services
from masa.publishing.models import Edition
from masa.publishing.states import MoveNotAllowed, State
from masa.work import due


@due.register("Publish scheduled editions")
def publish_scheduled(now):
    """Publish each scheduled edition whose time has come; yield one sentence for each, saying if it failed and why."""
    with scope.every_partnership(why="schedules of all partnerships are carried out together"):
        waiting = Edition.objects.filter(state=State.SCHEDULED, scheduled_for__lte=now).select_related("scheduled_by", "publication__partnership")
        for edition in list(waiting.order_by("scheduled_for")):
            try:
                services.publish(edition_id=edition.pk, by=edition.scheduled_by, now=now, scheduled=True)
            except MoveNotAllowed as refused:
                yield due.Outcome(False, f"{edition.partnership}: {edition} was not published. {refused}")
            except PermissionDenied:
                yield due.Outcome(False, f"{edition.partnership}: {edition} was not published. {edition.scheduled_by} may no longer publish it.")
            else:
                yield due.Outcome(True, f"{edition.partnership}: {edition} was published.")
