"""What was submitted stays as it was: in the database, whatever code asks; removal is the one way out."""
import datetime
import hashlib
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django_scopes.state import state

from masa.partnerships import scope
from masa.partnerships.models import Appointment, Post
from masa.publishing import compose, drafting, files, freeze, journal, services, verifying
from masa.publishing.models import (
    Answer,
    Edition,
    JournalPayload,
    JournalRow,
    PartPayload,
    Publication,
    Record,
    Removal,
    Section,
    SectionBlock,
    SignedPart,
    SignedText,
    SignOff,
)
from masa.publishing.states import MoveNotAllowed
from masa.publishing.verifying import receipt, verify
from tests.factories.editions import TODAY, add_edition, later, make_world, publish, sign, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(verifying, "_checks", [])  # what rooms above keep, such as the files of the bundle, has tests of its own
    with scope.every_partnership(why="the test makes a partnership"):
        world = make_world()
    with scope.of(world.partnership):
        yield world


def refused(act):
    """Say whether the database refuses what ``act`` asks; whatever it lets pass is undone."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except DatabaseError:
        return True
    return False


FROZEN = {
    "rename the edition": lambda e: Edition.objects.filter(pk=e.pk).update(title="Another"),
    "move its date": lambda e: Edition.objects.filter(pk=e.pk).update(as_on=datetime.date(2020, 1, 1)),
    "empty its guidance": lambda e: Edition.objects.filter(pk=e.pk).update(guidance=["wt23"]),
    "delete the edition": lambda e: Edition.objects.filter(pk=e.pk)._raw_delete("default"),
    "rewrite a section": lambda e: Section.objects.filter(edition=e).update(body="<p>Other.</p>"),
    "empty a section": lambda e: Section.objects.filter(edition=e).update(body=""),
    "add a section": lambda e: Section.objects.create(edition=e, anchor="new", heading="New", body="<p>New.</p>"),
    "delete a section": lambda e: Section.objects.filter(edition=e)._raw_delete("default"),
    "add a block": lambda e: SectionBlock.objects.create(section=e.sections.first(), key="partners"),
    "add an answer": lambda e: Answer.objects.create(edition=e, guidance="wt23", code="X"),
    "rewrite a signed text": lambda e: SignedText.objects.filter(pk=e.signed_text_id).update(manifest="{}"),
    "rewrite a part": lambda e: SignedPart.objects.filter(signed_text=e.signed_text_id).update(digest="0" * 64),
    "rewrite a payload": lambda e: PartPayload.objects.filter(part__signed_text=e.signed_text_id).update(text="{}"),
    "delete a payload": lambda e: PartPayload.objects.filter(part__signed_text=e.signed_text_id)._raw_delete("default"),
    "rewrite a sign-off": lambda e: SignOff.objects.filter(signed_text=e.signed_text_id).update(decision="agree", words="Yes"),
    "delete a sign-off": lambda e: SignOff.objects.filter(signed_text=e.signed_text_id)._raw_delete("default"),
    "rewrite the journal": lambda e: JournalRow.objects.update(hash="0" * 64),
    "delete from the journal": lambda e: JournalRow.objects.all()._raw_delete("default"),
    "rewrite what the journal says": lambda e: JournalPayload.objects.update(text="{}"),
    "point it to another text": lambda e: Edition.objects.filter(pk=e.pk).update(signed_text=None, state="published"),
    "change its date of publication": lambda e: Edition.objects.filter(pk=e.pk).update(published_at=later(99)),
    "change who published it": lambda e: Edition.objects.filter(pk=e.pk).update(published_by=None),
    "empty its change note": lambda e: Edition.objects.filter(pk=e.pk).update(change_note=""),
    "call it a reconstruction": lambda e: Edition.objects.filter(pk=e.pk).update(origin="reconstruction"),
    "add an edition that is published already": lambda e: Edition.objects.create(publication=e.publication, number=9, title="x", as_on=TODAY, state="superseded", published_at=later(1), signed_text=e.signed_text),
    "move a block into it": lambda e: SectionBlock.objects.filter(section__edition__number=2).update(section=e.sections.first()),
    "rename the publication's address": lambda e: Publication.objects.filter(pk=e.publication_id).update(slug="elsewhere"),
    "change the publication's kind": lambda e: Publication.objects.filter(pk=e.publication_id).update(kind="test-note"),
    "rewrite the record": lambda e: Record.objects.update(pdf_sha256="0" * 64),
}


def published_with_draft(world):
    """Return a published edition that has a change note, beside a draft that has a block."""
    world.edition.change_note = "First."
    world.edition.save()
    edition = publish(world)
    SectionBlock.objects.create(section=add_edition(world).sections.first(), key="partners")
    return edition


@pytest.mark.parametrize("act", FROZEN)
def test_the_database_refuses_to_change_what_was_published(world, act):
    edition = published_with_draft(world)
    assert refused(lambda: FROZEN[act](edition))


@pytest.mark.parametrize("act", ["rename the edition", "rewrite a section", "add a section", "add a block"])
def test_a_draft_can_be_changed_so_the_refusals_are_for_the_freeze(world, act):
    assert not refused(lambda: FROZEN[act](world.edition))


@pytest.mark.parametrize("act", FROZEN)
def test_with_the_triggers_lifted_the_database_would_have_let_it_pass(world, act):
    edition = published_with_draft(world)
    freeze.lift()
    try:
        passes = not refused(lambda: FROZEN[act](edition))
    finally:
        freeze.install()
    assert passes or act == "point it to another text"  # which a constraint of the table refuses as well


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite knows REPLACE")
@pytest.mark.parametrize("name", ["publishing_signoff", "publishing_journalrow", "publishing_edition", "publishing_record"])
def test_replacing_a_row_is_changing_it(world, name):
    publish(world)

    def replace():
        with connection.cursor() as cursor:
            cursor.execute(f"REPLACE INTO {name} SELECT * FROM {name} LIMIT 1")

    assert refused(replace)


def test_a_guard_whose_body_was_gutted_counts_as_missing(world):
    name, (on, _) = sorted(freeze.installed(connection).items())[0]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {on} BEGIN SELECT 1; END")
        else:
            cursor.execute(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $x$ BEGIN RETURN NEW; END $x$")
    assert freeze.missing() == [name]
    assert [f.sentence for f in verify(world.partnership)] == [f"The trigger {name} is missing or was changed. Run manage.py migrate."]
    freeze.install()


def test_no_guard_is_missing_and_the_check_finds_one_that_is(world):
    assert freeze.missing() == []
    name, (on, _) = sorted(freeze.installed(connection).items())[0]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" if connection.vendor == "sqlite" else f"DROP TRIGGER {name} ON {on}")
    assert freeze.missing() == [name]
    assert [m.id for m in freeze.check_guards(None, ["default"])] == ["publishing.W001"]
    freeze.install()
    assert freeze.missing() == []


@pytest.mark.parametrize(
    ("first", "second", "fits"),
    [
        (("2020-01-01", None), ("2021-01-01", None), False),
        (("2020-01-01", "2020-12-31"), ("2021-01-01", None), True),
        (("2020-01-01", "2021-01-01"), ("2021-01-01", None), False),
        ((None, None), ("2021-01-01", "2021-02-01"), False),
        ((None, "2020-12-31"), ("2021-01-01", None), True),
    ],
)
def test_in_09_the_database_refuses_two_holders_of_one_post(first, second, fits):
    post = Post.objects.create(slug="p", title="P")
    Appointment.objects.create(post=post, holder="A", starts_on=first[0], ends_on=first[1])
    assert refused(lambda: Appointment.objects.create(post=post, holder="B", starts_on=second[0], ends_on=second[1])) is not fits


# Digests that are pinned: a change of recipe must be a new recipe, not a new digest for an old text.


GOLDEN_PARTS = {
    "about": "2df9c1115adff34a",
    "answers": "5292d7772138b9a6",
    "8dee8e3d-cb8c-580c-8d63-fa88ba234d4b": "d16426191f6a51ac",
    "edf71774-8079-5ce0-be36-a0874f2f8acb": "b9427299d2fbd60f",
}
GOLDEN_DIGEST = "30e214e2bfb790a483a83030eed2a5d4a7435f839fe9e6da9a3537217566e10a"


def test_golden_digests(world):
    edition = submit(world)
    assert {p.part_id: p.digest[:16] for p in edition.signed_text.parts.all()} == GOLDEN_PARTS
    assert edition.digest == GOLDEN_DIGEST


def test_a_part_is_checked_with_sha256_of_its_canonical_text_alone(world):
    edition = submit(world)
    part = edition.signed_text.parts.get(kind="section", position=2)
    assert hashlib.sha256(part.payload.text.encode()).hexdigest() == part.digest
    assert json.loads(part.payload.text)["body"] == "<p>We keep children safe.</p>"


def test_the_salt_keeps_two_equal_texts_from_having_equal_digests(world):
    first = compose.compose(world.edition)
    second = compose.compose(world.edition)
    assert first.digest != second.digest


# Removal


def remove(world, part_id, who="publisher", category="identifies_child"):
    return services.remove_part(publication_id=world.publication.pk, part_id=part_id, category=category, role="Publisher", by=world.people[who], now=later(50))


def test_removal_leaves_stubs_in_every_edition_and_verify_says_removed(world):
    first = publish(world)
    world.edition = add_edition(world)
    second = publish(world, minutes=30)
    uid = str(Section.objects.get(edition=first, anchor="aims").uid)
    with pytest.raises(PermissionDenied):
        remove(world, uid, who="editor")
    with pytest.raises(MoveNotAllowed, match="Choose the reason"):
        remove(world, uid, category="because")
    assert len(remove(world, uid)) == 2
    with pytest.raises(MoveNotAllowed, match="removed already"):
        remove(world, uid)
    assert {s.heading for s in Section.objects.filter(uid=uid)} == {"Removed"}
    assert not PartPayload.objects.filter(part__part_id=uid).exists()
    assert PartPayload.objects.filter(part__signed_text=second.signed_text).count() == 3
    found = list(verify(world.partnership))
    assert [f.ok for f in found] == [True, True]
    assert "could identify a child. The rest still checks." in found[0].sentence


def test_removal_reaches_what_was_submitted_and_never_published(world):
    submit(world)
    uid = str(world.edition.sections.get(anchor="aims").uid)
    services.back_to_draft(edition_id=world.edition.pk, by=world.people["editor"], now=later(1), reason="A name slipped in.")
    world.edition.refresh_from_db()
    Section.objects.filter(uid=uid).update(body="<p>Mended.</p>")
    publish(world)
    assert len(remove(world, uid)) == 2
    assert not PartPayload.objects.filter(part__part_id=uid).exists()


def test_what_stands_about_an_edition_can_be_removed_too(world):
    world.edition.change_note = "Jo Bloggs left."
    world.edition.save()
    edition = publish(world)
    remove(world, "about")
    edition.refresh_from_db()
    assert edition.change_note == ""
    assert not any("Bloggs" in p.text for p in JournalPayload.objects.all())
    assert not any("Bloggs" in p.text for p in PartPayload.objects.all())
    assert all(f.ok for f in verify(world.partnership))


def test_a_removed_attachment_takes_its_file(world, django_capture_on_commit_callbacks):
    picture = drafting.attach(edition_id=world.edition.pk, name="map.png", alt="A map.", media_type="image/png", data=b"map", by=world.people["editor"], now=later(0))
    publish(world)
    with django_capture_on_commit_callbacks(execute=True):
        remove(world, str(picture.uid))
    picture.refresh_from_db()
    assert (picture.name, picture.alt, picture.sha256) == ("Removed", "", "")
    with pytest.raises(files.FileMissing):
        files.read(hashlib.sha256(b"map").hexdigest())


def test_a_part_removed_while_the_pdf_is_made_stops_the_publication(world):
    submit(world)
    for kind in world.seats:
        sign(world, kind)
    remove(world, str(world.edition.sections.first().uid))
    with pytest.raises(MoveNotAllowed, match="has been removed"):
        services.put_live(edition_id=world.edition.pk, digest=world.edition.digest, pdf=b"%PDF", by=world.people["publisher"], now=later(55))


def test_removal_takes_the_pdfs_that_held_the_part(world, django_capture_on_commit_callbacks):
    edition = publish(world)
    sha256 = edition.record.pdf_sha256
    assert files.read(sha256)
    with django_capture_on_commit_callbacks(execute=True):
        remove(world, str(edition.sections.first().uid))
    with pytest.raises(files.FileMissing):
        files.read(sha256)


# Verify


def test_verify_finds_nothing_when_nothing_was_touched(world):
    publish(world)
    assert list(verify(world.partnership)) == []


def rehash_chain(world):
    """Recompute the whole journal, as someone would who wants a change not to show."""
    previous = ""
    for row in JournalRow.objects.filter(partnership=world.partnership).order_by("seq"):
        row.previous = previous
        row.payload_digest = compose.digest_of(row.payload.text)
        row.hash = previous = journal.sealed(
            partnership=world.partnership.slug, seq=row.seq, at=row.at, kind=row.kind, payload_digest=row.payload_digest, previous=previous
        )
        row.save()


TAMPERING = {
    "a payload": (lambda e, w: PartPayload.objects.filter(part__kind="section").update(text="{}"), "does not have the digest"),
    "a manifest": (lambda e, w: SignedText.objects.update(manifest='{"edition":{"number":1,"title":"The plan"},"parts":[]}'), "manifest does not have the digest"),
    "a sign-off moved": (lambda e, w: SignOff.objects.update(digest="0" * 64), "given to another text"),
    "the record": (lambda e, w: Record.objects.update(pdf_sha256="0" * 64), "record of publication was changed"),
    "the edition's row": (lambda e, w: Edition.objects.update(title="Another"), "do not agree"),
    "a journal row": (lambda e, w: JournalRow.objects.filter(seq=2).update(kind="other"), "does not follow"),
    "a journal payload": (lambda e, w: JournalPayload.objects.filter(row__seq=2).update(text="{}"), "What the row says was changed"),
    "a journal row cut": (lambda e, w: (JournalPayload.objects.filter(row__seq=2).delete(), JournalRow.objects.filter(seq=2).delete()), "Row 2 of the journal is missing"),
    "a payload lost": (lambda e, w: PartPayload.objects.filter(part__kind="about").delete(), "missing and no removal is recorded"),
    "who signed": (lambda e, w: SignOff.objects.filter(seat__slug="health").update(person_name="Another"), "does not say what it said"),
    "a sign-off deleted": (lambda e, w: SignOff.objects.filter(seat__slug="health").delete(), "missing or was changed"),
    "the sign-offs in the record": (lambda e, w: Record.objects.update(text=Record.objects.get().text.replace("Lead Health", "Another")), "not those that were published"),
    "the state of the edition": (lambda e, w: Edition.objects.update(state="withdrawn"), "the journal does not say so"),
    "a removal made up": (lambda e, w: [Removal.objects.create(part=p, digest=p.digest, category="unlawful", role="x", removed_at=later(1)) for p in SignedPart.objects.filter(kind="about")], "the journal does not say so"),
    "the whole chain recomputed": (lambda e, w: (JournalPayload.objects.filter(row__seq=2).update(text='{"kind":"nothing"}'), rehash_chain(w)), "not the one that the record names"),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_sg_03_verify_names_what_was_changed_behind_the_triggers(world, what):
    edition = publish(world)
    act, sentence = TAMPERING[what]
    freeze.lift()
    try:
        act(edition, world)
    finally:
        freeze.install()
    assert any(sentence in f.sentence and not f.ok for f in verify(world.partnership))


def test_verify_names_a_pdf_that_is_gone(world):
    edition = publish(world)
    files.path_of(edition.record.pdf_sha256).unlink()
    assert [f.where for f in verify(world.partnership)] == ["plan, edition 1, PDF"]


def test_a_receipt_kept_outside_tells_that_the_chain_was_cut(world):
    publish(world)
    last = journal.head(world.partnership)
    assert list(receipt(world.partnership, last.seq, last.hash)) == []
    assert len(list(receipt(world.partnership, last.seq + 1, "0" * 64))) == 1
    assert len(list(receipt(world.partnership, 1, last.hash))) == 1


def test_the_journal_tells_what_happened_in_order(world):
    publish(world)
    rows = [json.loads(p.text) for p in JournalPayload.objects.order_by("row__seq")]
    assert [(r.get("before"), r.get("after"), r.get("seat")) for r in rows] == [
        ("draft", "awaiting_sign_off", None),
        (None, None, "local-authority"), (None, None, "health"), (None, None, "police"),
        ("awaiting_sign_off", "approved", None),
        ("approved", "published", None),
        (None, None, None),  # the digest of the record
    ]
    assert [r["by"] for r in rows] == ["Editor", "Lead Local Authority", "Lead Health", "Lead Police", None, "Publisher", "Publisher"]


def test_a_scope_is_needed_and_another_partnership_sees_nothing(world):
    publish(world)
    with scope.of(world.partnership.pk + 1):
        assert not Edition.objects.exists()
        assert not JournalRow.objects.exists()
    with scope.of():
        assert not SignOff.objects.exists()


def test_without_a_scope_nothing_is_read_at_all(world):
    token = state.set(None)
    try:
        for model in (Edition, JournalRow, SignOff, Record):
            with pytest.raises(scope.ScopeError):
                model.objects.count()
    finally:
        state.reset(token)


