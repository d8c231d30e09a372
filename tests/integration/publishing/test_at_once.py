"""Two people at the same moment, on a database that has really committed: one thing happens, and nobody is lost.

Each race is also run with the lock taken away, to prove that the test would see the fault (CC-02, CC-03).
"""
import threading
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, connections

from masa.partnerships import scope
from masa.publishing import services
from masa.publishing.models import Edition, JournalRow, SignOff
from masa.publishing.states import MoveNotAllowed, State
from masa.publishing.verifying import verify
from tests.factories.editions import add_edition, agree, later, make_world, publish, submit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(settings, tmp_path):
    settings.BUNDLE_DIR = tmp_path
    with scope.every_partnership(why="the test makes a partnership"):
        yield make_world()


def at_once(*acts):
    """Run each act in a thread of its own, all starting together; return the refusals."""
    start, refused = threading.Barrier(len(acts)), []

    def run(act):
        try:
            with scope.every_partnership(why="a thread of the test"):
                start.wait(10)
                act()
        except (MoveNotAllowed, PermissionDenied, DatabaseError) as error:
            refused.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return refused


def test_the_last_two_agreements_at_once_approve_it_once(world):
    submit(world)

    def sign(kind):
        return lambda: services.sign_off(
            edition_id=world.edition.pk, seat=world.seats[kind], decision="agree", digest=world.edition.digest,
            by=world.people[f"lead_{kind}"], now=later(1),
        )

    assert at_once(*(sign(kind) for kind in world.seats)) == []
    world.edition.refresh_from_db()
    assert world.edition.state == State.APPROVED
    assert SignOff.objects.count() == 3
    assert [f for f in verify(world.partnership) if not f.ok] == []


def test_a_double_click_signs_once(world):
    submit(world)

    def click():
        services.sign_off(
            edition_id=world.edition.pk, seat=world.seats["health"], decision="agree", digest=world.edition.digest,
            by=world.people["lead_health"], now=later(1),
        )

    at_once(click, click, click)
    assert SignOff.objects.count() == 1


def test_publish_twice_at_once_publishes_once(world):
    agree(world)

    def click():
        services.publish(edition_id=world.edition.pk, by=world.people["publisher"], now=later(5))

    refused = at_once(click, click)
    assert len(refused) == 1 and "cannot become published" in str(refused[0])
    assert Edition.objects.filter(state=State.PUBLISHED).count() == 1
    assert [f for f in verify(world.partnership) if not f.ok] == []


def test_publish_and_recall_at_once_leave_one_outcome(world):
    agree(world)
    digest = world.edition.digest
    at_once(
        lambda: services.publish(edition_id=world.edition.pk, by=world.people["publisher"], now=later(5)),
        lambda: services.back_to_draft(edition_id=world.edition.pk, by=world.people["editor"], now=later(5), reason="Wait."),
    )
    world.edition.refresh_from_db()
    assert world.edition.state in {State.PUBLISHED, State.DRAFT}
    assert hasattr(world.edition, "record") == (world.edition.state == State.PUBLISHED)
    assert world.edition.digest == digest
    assert [f for f in verify(world.partnership) if not f.ok] == []


def test_publish_one_edition_and_withdraw_the_other_at_once(world):
    first = publish(world)
    world.edition = add_edition(world)
    second = agree(world)
    at_once(
        lambda: services.publish(edition_id=second.pk, by=world.people["publisher"], now=later(60)),
        lambda: services.withdraw(edition_id=first.pk, by=world.people["publisher"], now=later(60), reason="Wrong."),
    )
    assert Edition.objects.filter(state=State.PUBLISHED).count() == 1
    first.refresh_from_db()
    assert first.state in {State.SUPERSEDED, State.WITHDRAWN}


def test_the_journal_has_no_gap_and_no_fork_when_many_write(world):
    submit(world)

    def recall_and_submit():
        services.back_to_draft(edition_id=world.edition.pk, by=world.people["editor"], now=later(2), reason="Again.")
        services.submit(edition_id=world.edition.pk, by=world.people["editor"], now=later(3))

    at_once(*[recall_and_submit] * 4)
    sequence = list(JournalRow.objects.filter(partnership=world.partnership).values_list("seq", flat=True))
    assert sequence == list(range(1, len(sequence) + 1))
    assert [f for f in verify(world.partnership) if not f.ok] == []


def test_without_the_lock_the_same_race_goes_wrong(world):
    """Prove the detector: with state read before the lock and never again, a double publish is no longer told apart."""
    agree(world)
    stale = Edition.objects.select_related("publication__partnership").get(pk=world.edition.pk)

    with mock.patch.object(services, "locked", lambda edition_id: Edition.objects.select_related("publication__partnership").get(pk=stale.pk)):
        services.publish(edition_id=world.edition.pk, by=world.people["publisher"], now=later(5))
    with mock.patch.object(services, "locked", lambda edition_id: stale), pytest.raises(DatabaseError):
        services.put_live(edition_id=world.edition.pk, digest=stale.digest, pdf=b"%PDF", by=world.people["publisher"], now=later(6))
    assert connection.is_usable()
