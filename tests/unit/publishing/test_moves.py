"""The moves of an edition, each with its rules. The whole table is typed out here by hand."""
import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from masa.accounts.models import RoleGrant
from masa.partnerships import scope
from masa.partnerships.models import ContactRoute
from masa.publishing import agreeing, hooks, services
from masa.publishing.due import publish_scheduled
from masa.publishing.models import JournalRow, Notice, Record, Section, SignOff
from masa.publishing.services import move
from masa.publishing.states import MoveNotAllowed, State
from tests.factories.editions import (
    NOTE,
    NOW,
    REVIEW,
    TODAY,
    add_edition,
    agree,
    in_state,
    later,
    make_world,
    person,
    publish,
    salt,
    sign,
    submit,
)

pytestmark = pytest.mark.django_db

ALLOWED = {
    ("draft", "consultation"), ("draft", "awaiting_sign_off"),
    ("consultation", "draft"), ("consultation", "awaiting_sign_off"),
    ("awaiting_sign_off", "draft"), ("awaiting_sign_off", "approved"),
    ("approved", "draft"), ("approved", "scheduled"), ("approved", "published"),
    ("scheduled", "approved"), ("scheduled", "published"),
    ("published", "superseded"), ("published", "withdrawn"),
}


@pytest.fixture
def world():
    with scope.every_partnership(why="the test makes a partnership"):
        world = make_world()
    with scope.of(world.partnership):
        yield world


@pytest.mark.parametrize("start", [s.value for s in State])
@pytest.mark.parametrize("to", [s.value for s in State])
def test_an_edition_moves_only_along_the_listed_routes(world, start, to):
    edition = in_state(world, start)
    if (start, to) == ("awaiting_sign_off", "approved"):
        for kind in ("local_authority", "health", "police"):
            sign(world, kind)  # the move is made by itself, at the last agreement
        edition.refresh_from_db()
        assert edition.state == to
    elif start == "draft" and (start, to) in ALLOWED:
        assert in_state(world, to).state == to  # composing comes with the move
    elif to == "published" and (start, to) in ALLOWED:
        assert publish(world, minutes=70).state == to  # the date and the PDF come with the move
    elif (start, to) in ALLOWED:
        move(edition, State(to), by=world.people["publisher"], now=later(40))
        assert JournalRow.objects.order_by("seq").last().kind == "moved"
    else:
        with pytest.raises(MoveNotAllowed, match="cannot become"):
            move(edition, State(to), by=world.people["publisher"], now=later(40))


def test_the_database_refuses_an_illegal_move_too(world):
    edition = in_state(world, "draft")
    with pytest.raises(IntegrityError, match="not a legal move|edition_past_draft"), transaction.atomic():
        type(edition).objects.filter(pk=edition.pk).update(state="approved")


def test_approved_by_itself_at_the_last_agreement(world):
    submit(world)
    sign(world, "local_authority")
    sign(world, "health", decision="conditions", conditions="A paper on money by May.")
    world.edition.refresh_from_db()
    assert world.edition.state == "awaiting_sign_off"
    sign(world, "police")
    world.edition.refresh_from_db()
    assert world.edition.state == "approved"


def test_a_decline_returns_the_text_with_its_reason(world):
    submit(world)
    with pytest.raises(MoveNotAllowed, match="Write why you decline"):
        sign(world, "police", decision="decline")
    sign(world, "police", decision="decline", reason="The custody section is wrong.")
    world.edition.refresh_from_db()
    assert world.edition.state == "draft"
    assert SignOff.objects.get().reason == "The custody section is wrong."


def test_other_agreements_survive_text_that_comes_back_unchanged(world):
    submit(world)
    first = world.edition.digest
    sign(world, "local_authority")
    sign(world, "health")
    sign(world, "police", decision="decline", reason="I want to ask the board.")
    submit(world, minutes=5)
    assert world.edition.digest == first
    sign(world, "police", minutes=6)
    world.edition.refresh_from_db()
    assert world.edition.state == "approved"


def test_changed_text_has_another_digest_and_needs_every_agreement_again(world):
    submit(world)
    first = world.edition.digest
    sign(world, "local_authority")
    services.back_to_draft(edition_id=world.edition.pk, by=world.people["editor"], now=later(3), reason="A mistake.")
    section = Section.objects.get(anchor="aims")
    section.body = "<p>We keep every child safe.</p>"
    section.save()
    submit(world, minutes=4)
    assert world.edition.digest != first
    sign(world, "health", minutes=5)
    sign(world, "police", minutes=5)
    world.edition.refresh_from_db()
    assert world.edition.state == "awaiting_sign_off"


def test_sg_04_a_form_read_before_the_text_changed_is_refused(world):
    submit(world)
    with pytest.raises(MoveNotAllowed, match="has changed since you read it"):
        sign(world, "health", digest="0" * 64)


def test_the_same_agreement_twice_is_one(world):
    submit(world)
    assert sign(world, "health").pk == sign(world, "health", minutes=2).pk
    assert SignOff.objects.count() == 1


def test_who_last_changed_the_text_does_not_sign(world):
    world.edition.text_changed_by = world.people["lead_police"]
    world.edition.save()
    submit(world)
    with pytest.raises(MoveNotAllowed, match="someone else must sign"):
        sign(world, "police")


def test_a_delegate_does_not_sign_what_leads_sign(world):
    submit(world)
    with pytest.raises(PermissionDenied):
        sign(world, "health", who="delegate_health")


def test_a_seat_is_signed_for_by_its_own_holder_alone(world):
    submit(world)
    for who in ("editor", "publisher", "lead_police"):
        with pytest.raises(PermissionDenied):
            sign(world, "health", who=who)
    assert not SignOff.objects.exists()


def test_one_person_signs_for_two_seats_only_with_the_reason_recorded(world):
    post = world.seats["health"].posts.get(capacity="lead").post
    appointment = post.appointments.get()
    appointment.user = world.people["lead_police"]
    appointment.save()
    submit(world)
    sign(world, "police")
    with pytest.raises(MoveNotAllowed, match="another seat"):
        sign(world, "health", who="lead_police")
    assert sign(world, "health", who="lead_police", exception="Acting for both until April.").exception == "Acting for both until April."


def test_a_right_that_ended_ends_the_signing(world):
    appointment = world.seats["health"].posts.get(capacity="lead").post.appointments.get()
    appointment.ends_on = datetime.date(2026, 3, 1)
    appointment.save()
    submit(world)
    with pytest.raises(PermissionDenied):
        sign(world, "health")


def test_a_seat_that_has_not_agreed_is_named(world):
    submit(world)
    sign(world, "local_authority")
    sign(world, "police")
    with pytest.raises(MoveNotAllowed, match="World Health .*has not agreed"):
        move(world.edition, State.APPROVED, by=None, now=later(3))


def acting(world, seat, acts_for):
    """Have one seat act for another."""
    world.seats[seat].acts_for = world.seats[acts_for]
    world.seats[seat].save()


def test_a_seat_that_acts_for_another_agrees_for_both(world):
    acting(world, "health", "local_authority")
    submit(world)
    sign(world, "health")
    sign(world, "police")
    world.edition.refresh_from_db()
    assert world.edition.state == "approved"


def test_seats_that_act_for_each_other_excuse_nobody(world):
    acting(world, "health", "local_authority")
    with pytest.raises(ValidationError, match="speaks for itself"):
        world.seats["local_authority"].acts_for = world.seats["health"]
        world.seats["local_authority"].full_clean()
    for seat, other in (("local_authority", "police"), ("police", "health")):
        acting(world, seat, other)
    submit(world)
    assert world.edition.state == "awaiting_sign_off"
    assert len(agreeing.yet_to_agree(world.edition, TODAY)) == 3


def test_a_seat_that_ended_acts_for_nobody(world):
    acting(world, "health", "local_authority")
    world.seats["health"].ends_on = datetime.date(2026, 3, 1)
    world.seats["health"].save()
    assert [str(s.seat.kind) for s in agreeing.signers(world.edition, TODAY)] == ["local_authority", "police"]


def test_a_second_decline_is_a_new_one(world):
    submit(world)
    sign(world, "police", decision="decline", reason="The first reason.")
    submit(world, minutes=5)
    sign(world, "police", decision="decline", reason="The second reason.", minutes=6)
    world.edition.refresh_from_db()
    assert world.edition.state == "draft"
    assert [s.reason for s in SignOff.objects.all()] == ["The first reason.", "The second reason."]


def test_a_text_with_named_readers_is_theirs_alone(world):
    world.publication.readers.add(world.people["publisher"])
    with pytest.raises(PermissionDenied, match="named readers"):
        submit(world)
    assert list(type(world.edition).objects.visible_to(world.people["editor"])) == []
    assert list(type(world.edition).objects.visible_to(world.people["publisher"])) == [world.edition]


def test_an_explanation_holds_on_to_the_text_it_explains(world):
    first = publish(world)
    world.edition = add_edition(world, explains=first)
    submit(world)
    assert f'"digest":"{first.digest}"' in world.edition.signed_text.parts.get(part_id="about").payload.text


def test_a_recorded_agreement_counts_once_a_second_person_confirms_it(world):
    submit(world)
    sign(world, "local_authority")
    sign(world, "police")
    facts = {"edition_id": world.edition.pk, "seat": world.seats["health"], "person_name": "Lead Health", "post_title": "Lead of Health", "decision": "agree", "agreed_on": datetime.date(2026, 3, 2), "by": world.people["editor"], "now": later(4)}
    with pytest.raises(MoveNotAllowed, match="Write why this is known"):
        services.record_sign_off(evidence=" ", **facts)
    with pytest.raises(MoveNotAllowed, match="does not sign this text as delegate"):
        services.record_sign_off(evidence="Board minute 14", capacity="delegate", **facts)
    row = services.record_sign_off(evidence="Board minute 14", **facts)
    assert services.record_sign_off(evidence="Board minute 14", **facts).pk == row.pk
    world.edition.refresh_from_db()
    assert world.edition.state == "awaiting_sign_off"
    with pytest.raises(MoveNotAllowed, match="a second person must confirm"):
        services.confirm_recorded(sign_off_id=row.pk, by=world.people["editor"], now=later(5))
    services.confirm_recorded(sign_off_id=row.pk, by=world.people["publisher"], now=later(6))
    world.edition.refresh_from_db()
    assert world.edition.state == "approved"


def test_a_recorded_agreement_lies_between_submission_and_today(world):
    submit(world)
    for day in (datetime.date(2026, 3, 1), datetime.date(2026, 3, 3)):
        with pytest.raises(MoveNotAllowed, match="must lie between"):
            services.record_sign_off(edition_id=world.edition.pk, seat=world.seats["health"], person_name="L", post_title="P", decision="agree", evidence="Minute 1", agreed_on=day, by=world.people["editor"], now=later(4))


def test_publishing_supersedes_records_and_lists_whom_to_tell(world):
    calls = []
    hooks.when_live(lambda partnership_id, now: calls.append(partnership_id))
    first = publish(world)
    world.edition = add_edition(world)
    second = publish(world, minutes=30)
    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "published")
    assert first.superseded_at == later(30)
    record = Record.objects.get(edition=second)
    assert record.digest == second.digest and len(record.pdf_sha256) == 64
    assert '"capacity":"lead"' in record.text
    assert not Notice.objects.exists()  # the test's own kind tells nobody


def test_publishing_needs_the_publisher(world):
    agree(world)
    for who in ("editor", "lead_police", "scrutineer"):
        with pytest.raises(PermissionDenied):
            services.publish(edition_id=world.edition.pk, by=world.people[who], now=later(9))
    with pytest.raises(PermissionDenied):
        services.publish(edition_id=world.edition.pk, by=person("stranger"), now=later(9))


def test_nothing_is_published_without_a_checked_child_contact(world):
    agree(world)
    route = ContactRoute.objects.get()
    route.checked_on = None
    route.save()
    with pytest.raises(MoveNotAllowed, match="whom to call about a child"):
        publish(world)


def test_nothing_is_published_when_the_pdf_fails(world):
    agree(world)

    def broken(edition, **_facts):
        raise RuntimeError("no fonts")

    hooks.make_pdf_with(broken)
    with pytest.raises(MoveNotAllowed, match="nothing was published"):
        publish(world)
    world.edition.refresh_from_db()
    assert world.edition.state == "approved"
    assert not Record.objects.exists()


def test_an_unfinished_text_is_not_submitted(world):
    section = Section.objects.get(anchor="money")
    section.body = ""
    section.save()
    with pytest.raises(MoveNotAllowed, match="“Money” is empty"):
        submit(world)


def test_a_text_that_seats_sign_needs_all_three_kinds_of_seat(world):
    world.seats["police"].ends_on = datetime.date(2026, 1, 1)
    world.seats["police"].save()
    with pytest.raises(MoveNotAllowed, match="No seat is held for chief officer of police"):
        submit(world)


def test_scheduled_editions_are_published_when_their_time_comes(world):
    in_state(world, "scheduled")
    assert list(publish_scheduled(later(59))) == []
    assert [o.succeeded for o in publish_scheduled(later(60))] == [True]
    world.edition.refresh_from_db()
    assert world.edition.state == "published"
    assert list(publish_scheduled(later(61))) == []


def test_one_schedule_that_cannot_be_kept_costs_only_itself(world):
    with scope.every_partnership(why="the test makes another partnership"):
        other = make_world("other")
        for each in (world, other):
            in_state(each, "scheduled")
        RoleGrant.objects.filter(user=world.people["publisher"]).delete()
        outcomes = list(publish_scheduled(later(60)))
    assert sorted(o.succeeded for o in outcomes) == [False, True]
    assert "may no longer publish it" in next(o.sentence for o in outcomes if not o.succeeded)


def test_an_edition_unscheduled_while_its_pdf_is_made_is_not_published(world):
    in_state(world, "scheduled")
    services.unschedule(edition_id=world.edition.pk, by=world.people["publisher"], now=later(30))
    with pytest.raises(MoveNotAllowed, match="no longer scheduled"):
        services.publish(edition_id=world.edition.pk, by=world.people["publisher"], now=later(60), scheduled=True)


def test_a_schedule_in_the_past_is_refused(world):
    agree(world)
    with pytest.raises(MoveNotAllowed, match="still to come"):
        services.schedule(edition_id=world.edition.pk, at=NOW, by=world.people["publisher"], now=later(5))


@pytest.mark.parametrize(("kind", "signer"), [(NOTE, "publisher"), (REVIEW, "scrutineer")])
def test_some_kinds_are_signed_by_one_person_alone(kind, signer):
    with scope.every_partnership(why="the test makes a partnership"):
        world = make_world("solo", kind)
        submit(world)
        others = {"publisher", "scrutineer", "editor", "lead_police"} - {signer}
        for who in others:
            with pytest.raises(PermissionDenied):
                services.sign_off(edition_id=world.edition.pk, seat=None, decision="agree", digest=world.edition.digest, by=world.people[who], now=later(1))
        services.sign_off(edition_id=world.edition.pk, seat=None, decision="agree", digest=world.edition.digest, by=world.people[signer], now=later(1), salt=salt)
        world.edition.refresh_from_db()
        assert world.edition.state == "approved"
