"""What staff do before a text goes to anyone; schemes of delegation; archive editions; public settings."""
import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from arrangements.models import ReportingRoute
from masa.partnerships import scope
from masa.partnerships.models import ContactRoute
from masa.publishing import agreeing, drafting, hooks, kinds, schemes, services, verifying
from masa.publishing.kinds import Kind
from masa.publishing.models import JournalRow, Notice, Publication
from masa.publishing.reconstructions import publish_archive, publish_reconstruction
from masa.publishing.states import MoveNotAllowed
from masa.publishing.verifying import verify
from masa.ui.prose import ProseRefused
from tests.factories.editions import TODAY, add_edition, later, make_world, publish, salt, submit

pytestmark = pytest.mark.django_db
OPEN = kinds.register(Kind(key="test-open", label="Test minutes", slug="minutes", signers="delegates"))


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(verifying, "_checks", [])  # what rooms above keep, such as the files of the bundle, has tests of its own
    with scope.every_partnership(why="the test makes a partnership"):
        world = make_world()
    with scope.of(world.partnership):
        yield world


def test_the_next_edition_is_a_copy_whose_sections_keep_their_ids(world):
    drafting.answer(edition_id=world.edition.pk, guidance="wt23", code="WT23-PUB-01", status="answered", by=world.people["editor"], now=later(1), sections=[str(world.edition.sections.first().uid)])
    first = publish(world)
    second = drafting.start_edition(publication=world.publication, as_on=TODAY, by=world.people["editor"], now=later(60))
    assert (second.number, second.title) == (2, "The plan")
    assert [(s.uid, s.anchor, s.body) for s in second.sections.all()] == [(s.uid, s.anchor, s.body) for s in first.sections.all()]
    assert [a.code for a in second.answers.all()] == ["WT23-PUB-01"]


def test_a_second_draft_is_not_started_beside_the_first(world):
    with pytest.raises(MoveNotAllowed, match="is not finished"):
        drafting.start_edition(publication=world.publication, as_on=TODAY, by=world.people["editor"], now=later(1))


def test_a_first_edition_has_the_sections_of_its_kind(world):
    publication = drafting.start_publication(partnership=world.partnership, kind="arrangements", slug="arrangements", title="Our arrangements", by=world.people["editor"], now=later(1))
    edition = drafting.start_edition(publication=publication, as_on=TODAY, by=world.people["editor"], now=later(2))
    assert edition.sections.first().anchor == "introduction"
    assert "partners" in [b.key for s in edition.sections.prefetch_related("blocks") for b in s.blocks.all()]


@pytest.mark.parametrize("slug", ["agencies", "updates", "search", "Two Rivers", "", "a--b"])
def test_an_address_word_that_cannot_be_used_is_refused(world, slug):
    with pytest.raises(ValidationError):
        drafting.start_publication(partnership=world.partnership, kind="arrangements", slug=slug, title="T", by=world.people["editor"], now=later(1))


def test_prose_is_cleaned_on_save_and_says_what_it_dropped(world):
    uid = world.edition.sections.first().uid
    section, dropped = drafting.write_section(edition_id=world.edition.pk, uid=uid, body='<p onclick="x()">Safe<script>alert(1)</script></p>', by=world.people["editor"], now=later(1))
    assert section.body == "<p>Safe</p>"
    assert dropped
    with pytest.raises(ProseRefused):
        drafting.write_section(edition_id=world.edition.pk, uid=uid, body="<ul><li>" * 40 + "x", by=world.people["editor"], now=later(1))


def test_a_frozen_edition_is_not_written_to(world):
    submit(world)
    with pytest.raises(MoveNotAllowed, match="Return it to draft"):
        drafting.write_section(edition_id=world.edition.pk, uid=world.edition.sections.first().uid, body="<p>x</p>", by=world.people["editor"], now=later(1))


def test_those_without_the_role_do_not_write(world):
    for who in ("lead_police", "scrutineer"):
        with pytest.raises(PermissionDenied):
            drafting.write_section(edition_id=world.edition.pk, uid=world.edition.sections.first().uid, body="<p>x</p>", by=world.people[who], now=later(1))


def test_an_answer_turns_amber_when_its_section_moves(world):
    from masa.publishing.blockers import stale_answers

    section = world.edition.sections.first()
    drafting.answer(edition_id=world.edition.pk, guidance="wt23", code="WT23-PUB-01", status="answered", by=world.people["editor"], now=later(1), sections=[str(section.uid)])
    assert stale_answers(world.edition) == []
    drafting.write_section(edition_id=world.edition.pk, uid=section.uid, body="<p>Other words.</p>", by=world.people["editor"], now=later(1))
    assert [a.code for a in stale_answers(world.edition)] == ["WT23-PUB-01"]


def test_a_picture_needs_its_words(world):
    facts = {"edition_id": world.edition.pk, "name": "map.png", "media_type": "image/png", "data": b"png", "by": world.people["editor"], "now": later(1)}
    with pytest.raises(MoveNotAllowed, match="alternative text"):
        drafting.attach(alt=" ", **facts)
    assert len(drafting.attach(alt="A map of the area.", **facts).sha256) == 64
    submit(world)
    assert world.edition.signed_text.parts.get(kind="attachment").digest


# The scheme of delegation


def propose(world, rules):
    return schemes.propose_scheme(partnership=world.partnership, rules=rules, in_force_from=datetime.date(2026, 1, 1), by=world.people["editor"], now=later(1), salt=salt)


def test_a_scheme_holds_once_every_lead_has_agreed(world):
    scheme = propose(world, [("test-open", "any", "publisher")])
    minutes = Publication.objects.create(partnership=world.partnership, kind="test-open", slug="minutes", title="Minutes")
    world.publication = minutes
    edition = add_edition(world)
    for count, kind in enumerate(world.seats):
        assert agreeing.signers_rule(edition, TODAY) == "delegates"
        with pytest.raises(PermissionDenied):
            schemes.agree_scheme(scheme_id=scheme.pk, seat=world.seats[kind], digest=scheme.signed_text.digest, by=world.people[f"delegate_{kind}"], now=later(2))
        schemes.agree_scheme(scheme_id=scheme.pk, seat=world.seats[kind], digest=scheme.signed_text.digest, by=world.people[f"lead_{kind}"], now=later(2 + count), salt=salt)
    assert agreeing.signers_rule(edition, TODAY) == "publisher"
    assert list(verify(world.partnership)) == []


def test_no_scheme_lowers_what_guidance_gives_to_the_leads(world):
    with pytest.raises(MoveNotAllowed, match="no scheme can give it to others"):
        propose(world, [("arrangements", "any", "delegates")])


def test_no_scheme_takes_the_scrutineers_report(world):
    with pytest.raises(MoveNotAllowed, match="not the partners' to sign"):
        propose(world, [("test-scrutiny", "any", "publisher")])
    with pytest.raises(MoveNotAllowed, match="no kind of publication"):
        propose(world, [("novel", "any", "publisher")])


def test_a_delegate_may_sign_what_delegates_sign_and_so_may_the_lead(world):
    world.publication = Publication.objects.create(partnership=world.partnership, kind="test-open", slug="minutes", title="Minutes")
    world.edition = add_edition(world)
    submit(world)
    for kind, who in (("local_authority", "delegate"), ("health", "lead"), ("police", "delegate")):
        services.sign_off(edition_id=world.edition.pk, seat=world.seats[kind], decision="agree", digest=world.edition.digest, by=world.people[f"{who}_{kind}"], now=later(2), salt=salt)
    world.edition.refresh_from_db()
    assert world.edition.state == "approved"


# What is published without sign-off


def test_only_a_reconstruction_is_published_without_sign_off(world):
    with pytest.raises(MoveNotAllowed, match="Only a reconstruction"):
        publish_reconstruction(edition_id=world.edition.pk, now=later(1))
    world.edition.delete()
    world.edition = add_edition(world, origin="reconstruction", source="A report of 2019", status_then="draft")
    edition = publish_reconstruction(edition_id=world.edition.pk, now=later(1), salt=salt)
    assert edition.state == "published"
    assert '"sign_offs":[]' in edition.record.text
    assert list(verify(world.partnership)) == []


def test_archive_editions_stand_behind_the_current_one(world):
    publish(world)
    old = publish_archive(publication=world.publication, title="Arrangements 2019", published_on=datetime.date(2019, 6, 20), name="masa-2019.pdf", media_type="application/pdf", data=b"%PDF old", by=world.people["publisher"], now=later(60))
    assert (old.state, old.origin) == ("superseded", "archive")
    world.edition.refresh_from_db()
    assert world.edition.state == "published"
    assert list(verify(world.partnership)) == []
    drafted = drafting.start_edition(publication=world.publication, as_on=TODAY, by=world.people["editor"], now=later(61))
    assert [s.anchor for s in drafted.sections.all()] == ["aims", "money"]
    with pytest.raises(MoveNotAllowed, match="before the partnership first published here"):
        publish_archive(publication=world.publication, title="New", published_on=TODAY, name="new.pdf", media_type="application/pdf", data=b"%PDF", by=world.people["publisher"], now=later(62))


# Public settings and notices


def test_a_contact_route_changed_after_publication_is_journalled_and_live(world, django_capture_on_commit_callbacks):
    route = ContactRoute.objects.get()
    route.hours = "Any time"
    route.save()
    assert not JournalRow.objects.exists()  # nothing is public yet
    publish(world)
    heard = []
    hooks.when_live(lambda partnership_id, now: heard.append(partnership_id))
    with django_capture_on_commit_callbacks(execute=True):
        route.telephone = "0808 800 5000"
        route.save()
    assert JournalRow.objects.order_by("seq").last().kind == "contact_changed"
    assert heard == [world.partnership.pk]
    assert list(verify(world.partnership)) == []


def test_local_reporting_routes_are_told_as_well(world):
    ReportingRoute.objects.create(partnership=world.partnership, recipient="Health and Wellbeing Board", receives="each edition", kinds="test-plan other", within_days=14)
    ReportingRoute.objects.create(partnership=world.partnership, recipient="Scrutiny committee", receives="the yearly report", kinds="yearly_report")
    publish(world)
    assert [(n.recipient, n.due_on) for n in Notice.objects.all()] == [("Health and Wellbeing Board", datetime.date(2026, 3, 16))]
