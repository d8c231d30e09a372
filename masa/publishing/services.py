"""Every move of an edition: one verb each, with who and when, in one transaction, under the publication's lock.

Each raises ``MoveNotAllowed`` with reasons when the edition is not in a fit state, and ``PermissionDenied`` when the
person may not. No view, command, import or schedule moves an edition in any other way (SG-02).
"""
import datetime
import json
import logging
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from masa.accounts import permissions
from masa.accounts.permissions import Action
from masa.publishing import agreeing, files, hooks, journal
from masa.publishing.blockers import blockers
from masa.publishing.canonical import canonical, digest_of, new_salt
from masa.publishing.compose import compose, keep_edition
from masa.publishing.models import (
    REMOVED_HEADING,
    Answer,
    Attachment,
    Capacity,
    Edition,
    Notice,
    PartPayload,
    Publication,
    Record,
    Redirect,
    Removal,
    Section,
    SectionBlock,
    SignedPart,
    SignOff,
    SignOffConfirmation,
)
from masa.publishing.states import MoveNotAllowed, State


log = logging.getLogger(__name__)


def london_day(now):
    """Return the calendar date in London at the instant ``now``."""
    return timezone.localdate(now)


def locked(edition_id):
    """Return the edition as it is once its publication's lock is held. Call inside a transaction."""
    edition = Edition.objects.select_related("publication__partnership").get(pk=edition_id)
    Publication.objects.select_for_update().get(pk=edition.publication_id)
    edition.refresh_from_db()
    return edition


def move(edition, to, *, by, now, salt=new_salt, **says):
    """Make one move of the table, with its row in the journal. Raises MoveNotAllowed."""
    if reasons := blockers(edition, to, on=london_day(now)):
        raise MoveNotAllowed(reasons)
    came_from, edition.state = edition.state, to
    edition.save(update_fields=["state"])
    return journal.append(
        edition.partnership, kind="moved", by=by, now=now, salt=salt,
        publication=edition.publication.slug, edition=edition.number, before=came_from, after=to, digest=edition.digest, **says,
    )


def require_on(edition, by, action):
    """Raise PermissionDenied unless ``by`` may do ``action`` here and is a reader of a text that has named readers."""
    permissions.require(by, action, edition.partnership)
    if not edition.is_open_to(by):
        raise PermissionDenied("This text is for its named readers only.")


def require_reason(reason, for_what):
    """Refuse an empty reason with a sentence."""
    if not reason.strip():
        raise MoveNotAllowed(f"Write why {for_what}.")


# From draft to agreement ---------------------------------------------------------------------------------------------


@transaction.atomic
def submit(*, edition_id, by, now, salt=new_salt):
    """Freeze the edition and ask every seat to agree. Agreements already given to this very text still count."""
    return freeze_into(State.AWAITING_SIGN_OFF, Action.EDITION_SUBMIT, edition_id=edition_id, by=by, now=now, salt=salt)


@transaction.atomic
def consult(*, edition_id, by, now, salt=new_salt):
    """Freeze the edition and send it out for comment."""
    return freeze_into(State.CONSULTATION, Action.EDITION_CONSULT, edition_id=edition_id, by=by, now=now, salt=salt)


def freeze_into(to, action, *, edition_id, by, now, salt):
    """Compose, keep the content, and move the edition to a frozen state."""
    edition = locked(edition_id)
    require_on(edition, by, action)
    if reasons := blockers(edition, to, on=london_day(now)):
        raise MoveNotAllowed(reasons)
    content = compose(edition, salt=salt)
    edition.signed_text = keep_edition(content, edition)
    edition.submitted_at = now
    edition.save(update_fields=["signed_text", "submitted_at"])
    move(edition, to, by=by, now=now, salt=salt)
    approve_when_all_agree(edition, now=now, salt=salt)
    return edition


@transaction.atomic
def back_to_draft(*, edition_id, by, now, reason):
    """Recall an edition so that its text can be changed. The reason is kept."""
    edition = locked(edition_id)
    require_on(edition, by, Action.EDITION_SUBMIT)
    require_reason(reason, "it goes back to draft")
    move(edition, State.DRAFT, by=by, now=now, reason=reason)
    return edition


@transaction.atomic
def sign_off(
    *, edition_id, seat, decision, digest, by, now, conditions="", reason="", words="", exception="", salt=new_salt
):
    """Agree, agree with conditions, or decline, for a seat (or, with None, as scrutineer or publisher).

    digest: the digest of the text that was read; refused when it is no longer the present one (SG-04).
    The same decision given twice is one sign-off. A decline returns the edition to draft.
    """
    edition = locked(edition_id)
    day = london_day(now)
    capacity = agreeing.may_sign(by, edition, seat, day)
    if capacity is None or not edition.is_open_to(by):
        raise PermissionDenied(f"You do not hold a post that signs for {seat or 'this text'}.")
    refuse_signing(edition, digest, by=by, seat=seat, exception=exception)
    check_decision(decision, conditions, reason)
    before = agreeing.latest(edition.signed_text).get(seat.pk if seat else capacity)
    if is_repeat(before, edition, person=by, decision=decision, conditions=conditions, reason=reason):
        return before
    post = signing_post(by, seat, capacity, day)
    row = SignOff.objects.create(
        signed_text=edition.signed_text, seat=seat, capacity=capacity, person=by, person_name=by.name,
        post_title=post.title if post else capacity.label, organisation_name=seat.organisation.name_on(day) if seat else "",
        decision=decision, words=words or agreeing.WORDS.format(who=seat.organisation if seat else edition.partnership),
        conditions=conditions, reason=reason, digest=digest, made_at=now, exception=exception.strip(),
    )
    follow_up(edition, row, by=by, now=now, salt=salt)
    return row


def is_repeat(before, edition, *, person, decision, conditions, reason):
    """Say whether the latest sign-off is this very one, sent twice since the text was last submitted (CC-02)."""
    return (
        before is not None and before.made_at >= edition.submitted_at and before.person == person
        and (before.decision, before.conditions, before.reason) == (decision, conditions, reason)
    )


def refuse_signing(edition, digest, *, by, seat, exception):
    """Raise MoveNotAllowed when this text cannot be signed now, or not by this person."""
    if edition.state != State.AWAITING_SIGN_OFF:
        raise MoveNotAllowed(f"This edition is {edition.get_state_display().lower()}, so it cannot be signed now.")
    if digest != edition.digest:
        raise MoveNotAllowed("The text has changed since you read it. Read what changed, then decide again.")
    if reasons := agreeing.reasons_not_to_sign(by, edition, seat, exception):
        raise MoveNotAllowed(reasons)


def check_decision(decision, conditions, reason):
    """Refuse a decision without the words it needs."""
    if decision not in SignOff.Decision:
        raise MoveNotAllowed("Choose to agree, to agree with conditions, or to decline.")
    if decision == SignOff.Decision.CONDITIONS:
        require_reason(conditions, "you agree only with conditions, and what they are")
    if decision == SignOff.Decision.DECLINE:
        require_reason(reason, "you decline")


def signing_post(user, seat, capacity, day):
    """Return the post through which ``user`` signs for ``seat``, or None where no post is needed."""
    if seat is None:
        return None
    held = seat.posts.on(day).filter(capacity=capacity).select_related("post").prefetch_related("post__appointments")
    return next((p.post for p in held if (a := p.post.holder_on(day)) and a.user_id == user.pk), None)


def follow_up(edition, row, *, by, now, salt=new_salt):
    """Journal a sign-off and make the move that follows from it: back to draft, or approved at the last agreement."""
    journal.append(
        edition.partnership, kind="signed", by=by, now=now, salt=salt, publication=edition.publication.slug, edition=edition.number,
        seat=row.seat.slug if row.seat else "", capacity=row.capacity, decision=row.decision, how=row.how, digest=row.digest,
        sign_off=sign_off_seal(row),
    )
    if row.decision == SignOff.Decision.DECLINE:
        move(edition, State.DRAFT, by=by, now=now, salt=salt, reason=row.reason)
    else:
        approve_when_all_agree(edition, now=now, salt=salt)


def approve_when_all_agree(edition, *, now, salt=new_salt):
    """Approve an edition by itself once its last agreement is in."""
    if edition.state == State.AWAITING_SIGN_OFF and not blockers(edition, State.APPROVED, on=london_day(now)):
        move(edition, State.APPROVED, by=None, now=now, salt=salt)


@transaction.atomic
def record_sign_off(
    *, edition_id, seat, person_name, post_title, decision, evidence, agreed_on, by, now, capacity=Capacity.LEAD, conditions="", reason="",
    salt=new_salt,
):
    """Record an agreement given at a meeting or by letter. It counts once a second person confirms it.

    capacity: in which the person agreed; refused when that is not enough for this text. The same record twice is one.
    """
    edition = locked(edition_id)
    require_on(edition, by, Action.EDITION_RECORD_SIGN_OFF)
    if edition.state != State.AWAITING_SIGN_OFF:
        raise MoveNotAllowed(f"This edition is {edition.get_state_display().lower()}, so no agreement can be recorded now.")
    signer = next((s for s in agreeing.signers(edition, london_day(now)) if s.seat == seat), None)
    if signer is None or capacity not in signer.capacities:
        raise MoveNotAllowed(f"{seat or 'This person'} does not sign this text as {Capacity(capacity).label.lower()}.")
    require_reason(evidence, "this is known: the meeting and minute, or the letter")
    if agreed_on > london_day(now) or agreed_on < london_day(edition.submitted_at):
        raise MoveNotAllowed("The date of the agreement must lie between the day the text was submitted and today.")
    check_decision(decision, conditions, reason)
    before = SignOff.objects.filter(
        signed_text=edition.signed_text, seat=seat, how=SignOff.How.RECORDED, made_at__gte=edition.submitted_at, person_name=person_name,
        decision=decision, evidence=evidence, agreed_on=agreed_on,
    ).first()
    if before:
        return before
    row = SignOff.objects.create(
        signed_text=edition.signed_text, seat=seat, capacity=capacity, person_name=person_name, post_title=post_title,
        organisation_name=seat.organisation.name_on(agreed_on) if seat else "", decision=decision, conditions=conditions, reason=reason,
        words=agreeing.WORDS.format(who=seat.organisation if seat else edition.partnership), digest=edition.digest, made_at=now,
        how=SignOff.How.RECORDED, evidence=evidence, agreed_on=agreed_on, recorded_by=by,
    )
    journal.append(
        edition.partnership, kind="recorded", by=by, now=now, salt=salt, publication=edition.publication.slug,
        edition=edition.number, seat=seat.slug if seat else "", decision=decision, digest=edition.digest, sign_off=sign_off_seal(row),
    )
    return row


@transaction.atomic
def confirm_recorded(*, sign_off_id, by, now, salt=new_salt):
    """Confirm an agreement that someone else recorded; from then on it counts."""
    row = SignOff.objects.select_related("seat", "signed_text").get(pk=sign_off_id)
    present = row.signed_text.editions.order_by("-submitted_at").first()
    if present is None:
        raise MoveNotAllowed("The text has changed since this agreement was recorded.")
    edition = locked(present.pk)
    require_on(edition, by, Action.EDITION_CONFIRM_RECORD)
    if row.how != SignOff.How.RECORDED:
        raise MoveNotAllowed("Only an agreement that was recorded needs confirming.")
    if row.recorded_by_id == by.pk:
        raise MoveNotAllowed("You recorded this agreement, so a second person must confirm it.")
    if edition.state != State.AWAITING_SIGN_OFF or row.digest != edition.digest:
        raise MoveNotAllowed("The text has changed since this agreement was recorded.")
    _, created = SignOffConfirmation.objects.get_or_create(sign_off=row, defaults={"confirmed_by": by, "confirmed_at": now})
    if created:
        follow_up(edition, row, by=by, now=now, salt=salt)
    return row


# To the public -------------------------------------------------------------------------------------------------------


@transaction.atomic
def schedule(*, edition_id, at, by, now):
    """Set an approved edition to be published at an instant to come."""
    edition = locked(edition_id)
    require_on(edition, by, Action.EDITION_SCHEDULE)
    if at <= now:
        raise MoveNotAllowed("Choose a time that is still to come.")
    edition.scheduled_for, edition.scheduled_by = at, by
    edition.save(update_fields=["scheduled_for", "scheduled_by"])
    move(edition, State.SCHEDULED, by=by, now=now, scheduled_for=at)
    return edition


@transaction.atomic
def unschedule(*, edition_id, by, now):
    """Take back a scheduled publication."""
    edition = locked(edition_id)
    require_on(edition, by, Action.EDITION_SCHEDULE)
    edition.scheduled_for = edition.scheduled_by = None
    edition.save(update_fields=["scheduled_for", "scheduled_by"])
    move(edition, State.APPROVED, by=by, now=now)
    return edition


def publish(*, edition_id, by, now, scheduled=False, salt=new_salt):
    """Publish an approved edition and supersede the one it replaces.

    The PDF is made first, outside the transaction; if it fails, nothing is published. State, digest and agreements
    are asked again under the lock. scheduled: publish only if its time was set and has come, as the clock does.
    """
    edition = Edition.objects.select_related("publication__partnership").get(pk=edition_id)
    refuse_publishing(edition, by=by, now=now, scheduled=scheduled)
    pdf = made_pdf(edition, now)
    return put_live(edition_id=edition_id, digest=edition.digest, pdf=pdf, by=by, now=now, scheduled=scheduled, salt=salt)


def refuse_publishing(edition, *, by, now, scheduled):
    """Raise PermissionDenied or MoveNotAllowed when the edition cannot be published by this person now."""
    require_on(edition, by, Action.EDITION_PUBLISH)
    if scheduled and not (edition.state == State.SCHEDULED and edition.scheduled_for <= now):
        raise MoveNotAllowed("This edition is no longer scheduled for now.")
    if reasons := blockers(edition, State.PUBLISHED, on=london_day(now)):
        raise MoveNotAllowed(reasons)


def made_pdf(edition, now):
    """Return the PDF's bytes, or raise MoveNotAllowed saying that it failed."""
    try:
        return hooks.make_pdf(edition, sign_offs=sign_off_facts(edition), published_at=now)
    except Exception as error:  # whatever broke, the person reads one sentence and the log has the rest
        log.exception("the PDF of edition %s failed", edition.pk)
        raise MoveNotAllowed("The PDF could not be made, so nothing was published. Try again, or ask for help with this page.") from error


@transaction.atomic
def put_live(*, edition_id, digest, pdf, by, now, scheduled=False, salt=new_salt):
    """Make an edition with its finished PDF the published one. Raises MoveNotAllowed if anything changed meanwhile."""
    edition = locked(edition_id)
    if digest != edition.digest:
        raise MoveNotAllowed("The text has changed since the PDF was made. Try again.")
    refuse_publishing(edition, by=by, now=now, scheduled=scheduled)
    supersede_published(edition, by=by, now=now, salt=salt)
    edition.published_at, edition.published_by = now, by
    edition.save(update_fields=["published_at", "published_by"])
    row = move(edition, State.PUBLISHED, by=by, now=now, salt=salt)
    write_record(edition, pdf, row, by=by, now=now, salt=salt)
    write_notices(edition, london_day(now))
    tell_when_done(edition.partnership.pk, now)
    return edition


def supersede_published(edition, *, by, now, salt=new_salt):
    """Mark the edition now published, if any, as superseded."""
    for live in edition.publication.editions.filter(state=State.PUBLISHED).exclude(pk=edition.pk):
        live.superseded_at = now
        live.save(update_fields=["superseded_at"])
        move(live, State.SUPERSEDED, by=by, now=now, salt=salt)


def sign_off_facts(edition):
    """Return the counting sign-offs on the edition's text as plain data, in the order they were made."""
    rows = SignOff.objects.counting().filter(signed_text=edition.signed_text).select_related("seat").order_by("made_at", "pk")
    return [sign_off_fact(row) for row in rows]


def sign_off_fact(row):
    """Return one sign-off as plain data."""
    return {
        "seat": row.seat.slug if row.seat else "", "capacity": row.capacity, "person": row.person_name, "post": row.post_title,
        "organisation": row.organisation_name, "decision": row.decision, "conditions": row.conditions, "words": row.words,
        "digest": row.digest, "at": row.made_at.astimezone(datetime.UTC).isoformat(), "how": row.how,
        "agreed_on": row.agreed_on and row.agreed_on.isoformat(), "evidence": row.evidence, "exception": row.exception,
    }


def sign_off_seal(row):
    """Return the digest of everything a sign-off says, which its row in the journal carries."""
    return digest_of(canonical({**sign_off_fact(row), "reason": row.reason, "person_id": row.person_id, "recorded_by": row.recorded_by_id}))


def write_record(edition, pdf, journal_row, *, by, now, salt=new_salt):
    """Keep the PDF by its digest, write the edition's record, and put the record's own digest into the journal."""
    sha256 = files.keep(pdf) if pdf else ""
    facts = {
        "digest": edition.digest, "edition": edition.number, "published_at": edition.published_at.astimezone(datetime.UTC),
        "pdf_sha256": sha256, "journal": {"seq": journal_row.seq, "hash": journal_row.hash}, "sign_offs": sign_off_facts(edition),
    }
    record = Record.objects.create(
        edition=edition, digest=edition.digest, published_at=edition.published_at, pdf_sha256=sha256, pdf_size=len(pdf or b""),
        pdf_pages=getattr(pdf, "pages", 0), journal_row=journal_row, text=canonical(facts),
    )
    journal.append(
        edition.partnership, kind="record", by=by, now=now, salt=salt, publication=edition.publication.slug, edition=edition.number,
        record=digest_of(record.text),
    )
    return record


def write_notices(edition, published_on):
    """List whom to tell, by when and why: from the kind of publication and from what other rooms register."""
    rows = [(n.recipient, n.source, n.days) for n in edition.publication.sort.notices] + hooks.more_notices(edition)
    Notice.objects.bulk_create(
        Notice(
            edition=edition, recipient=recipient, source=source,
            due_on=None if days is None else published_on + datetime.timedelta(days=days),
        )
        for recipient, source, days in rows
    )


def tell_when_done(partnership_id, now):
    """Have the public site follow once the transaction is safely in the database.

    The debt is written inside the transaction, so that a process killed in between leaves it to be paid (FT-01).
    """
    hooks.owe(partnership_id, now)
    transaction.on_commit(partial(hooks.went_live, partnership_id, now))


# The ways an edition ends --------------------------------------------------------------------------------------------


@transaction.atomic
def withdraw(*, edition_id, by, now, reason):
    """Withdraw a published edition. It stays readable, explained, and leaves search."""
    edition = locked(edition_id)
    require_on(edition, by, Action.EDITION_WITHDRAW)
    require_reason(reason, "it is withdrawn; readers will see this")
    edition.withdrawn_at, edition.withdrawn_reason = now, reason
    edition.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    move(edition, State.WITHDRAWN, by=by, now=now, reason=reason)
    tell_when_done(edition.partnership.pk, now)
    return edition


@transaction.atomic
def remove_part(*, publication_id, part_id, category, role, by, now):
    """Remove a part from every edition of a publication that ever held it, leaving a stub; return the stubs.

    The digests stay, so the rest of each edition still checks, and ``verify`` says removed, not tampered. The PDFs that
    held the part go too, since they cannot be remade.
    """
    publication = Publication.objects.select_for_update().select_related("partnership").get(pk=publication_id)
    permissions.require(by, Action.PART_REMOVE, publication.partnership)
    if category not in Removal.Category:
        raise MoveNotAllowed("Choose the reason for removing it.")
    parts = SignedPart.objects.filter(signed_text__publication=publication, part_id=part_id, removal__isnull=True)
    stubs = [
        Removal.objects.create(part=part, digest=part.digest, category=category, role=role, removed_by=by, removed_at=now) for part in parts
    ]
    if not stubs:
        raise MoveNotAllowed("No edition of this publication holds that part, or it has been removed already.")
    gone = set(attached_files(stubs))
    PartPayload.objects.filter(part__in=[stub.part_id for stub in stubs]).delete()
    blank_working_copies(publication, part_id, stubs[0].part.kind)
    editions = publication.editions.filter(signed_text__in=[stub.part.signed_text_id for stub in stubs])
    journal.append(
        publication.partnership, kind="removed", by=by, now=now, publication=publication.slug, part=part_id, category=category,
        editions=sorted(e.number for e in editions), digests=sorted(stub.digest for stub in stubs),
    )
    gone |= set(Record.objects.filter(edition__in=editions).exclude(pdf_sha256="").values_list("pdf_sha256", flat=True))
    gone -= set(Attachment.objects.filter(sha256__in=gone).values_list("sha256", flat=True))
    transaction.on_commit(partial(files.discard, sorted(gone)), robust=True)
    tell_when_done(publication.partnership.pk, now)
    return stubs


def attached_files(stubs):
    """Return the digests of the files that removed attachments named. Call before their payloads go."""
    payloads = PartPayload.objects.filter(part__in=[stub.part_id for stub in stubs if stub.part.kind == "attachment"])
    return [json.loads(payload.text)["sha256"] for payload in payloads]


def blank_working_copies(publication, part_id, kind):
    """Empty the working copies of a removed part, in frozen editions and in drafts."""
    if kind == "section":
        for section in Section.objects.filter(edition__publication=publication, uid=part_id):
            section.heading, section.body = REMOVED_HEADING, ""
            section.save(update_fields=["heading", "body"])
        SectionBlock.objects.filter(section__uid=part_id, section__edition__publication=publication, section__edition__state=State.DRAFT).delete()
    elif kind == "attachment":
        Attachment.objects.filter(edition__publication=publication, uid=part_id).update(name=REMOVED_HEADING, alt="", sha256="", size=0)
    elif kind == "about":
        publication.editions.filter(signed_text__isnull=False).update(summary="", change_note="")
    elif kind == "answers":
        Answer.objects.filter(edition__publication=publication, edition__signed_text__isnull=False).update(reason="")


@transaction.atomic
def redirect_address(*, partnership, from_path, to_path, by, now):
    """Send one public address on to another of the same partnership. Paths start after the partnership's own word."""
    permissions.require(by, Action.EDITION_WITHDRAW, partnership)
    if from_path == to_path or Redirect.objects.filter(partnership=partnership, from_path=to_path).exists():
        raise MoveNotAllowed("That redirect would go round in a circle.")
    row, _ = Redirect.objects.update_or_create(
        partnership=partnership, from_path=from_path, defaults={"to_path": to_path, "made_at": now, "made_by": by}
    )
    journal.append(partnership, kind="redirected", by=by, now=now, before=from_path, after=to_path)
    tell_when_done(partnership.pk, now)
    return row

