"""Carry out what was scheduled: publish the editions whose time has come."""
from masa.partnerships import scope
from masa.publishing.models import Edition
from masa.publishing.states import MoveNotAllowed, State
from masa.work import due


@due.register("Publish scheduled editions")
def publish_scheduled(now):
    """Publish each scheduled edition whose time has come; yield one sentence for each, saying if it failed and why."""
    from masa.publishing import services

    with scope.every_partnership(why="schedules of all partnerships are carried out together"):
        waiting = Edition.objects.filter(state=State.SCHEDULED, scheduled_for__lte=now).select_related("scheduled_by", "publication__partnership")
        for edition in waiting.order_by("scheduled_for"):
            try:
                services.publish(edition_id=edition.pk, by=edition.scheduled_by, now=now)
            except MoveNotAllowed as refused:
                yield due.Outcome(False, f"{edition.partnership}: {edition} was not published. {refused}")
            else:
                yield due.Outcome(True, f"{edition.partnership}: {edition} was published.")
