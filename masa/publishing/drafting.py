"""Start publications and editions, and change a draft: what staff do before a text is sent to anyone."""
from django.db import transaction

from masa.accounts import permissions
from masa.accounts.permissions import Action
from masa.publishing import files, journal, kinds
from masa.publishing.blockers import section_digests
from masa.publishing.models import Answer, Approval, Attachment, Edition, Publication, Section, SectionBlock
from masa.publishing.services import locked, require_on
from masa.publishing.states import MoveNotAllowed, State
from masa.ui.prose import clean


@transaction.atomic
def start_publication(*, partnership, kind, slug, title, by, now):
    """Give a new publication its permanent address. Raises ValidationError for an address word that cannot be used."""
    permissions.require(by, Action.EDITION_EDIT, partnership)
    publication = Publication(partnership=partnership, kind=kinds.get(kind).key, slug=slug, title=title)
    publication.full_clean()
    publication.save()
    journal.append(partnership, kind="started", by=by, now=now, publication=slug, publication_kind=kind)
    return publication


@transaction.atomic
def start_edition(*, publication, as_on, by, now, **facts):
    """Start the next edition: a copy of the last one, or for a first one the sections of its kind.

    Sections keep their ids and anchors, so that editions compare. facts: other fields of the edition to set.
    """
    permissions.require(by, Action.EDITION_EDIT, publication.partnership)
    Publication.objects.select_for_update().get(pk=publication.pk)
    last = publication.editions.exclude(origin=Edition.Origin.ARCHIVE).order_by("-number").first()
    if last and last.state not in {State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN}:
        raise MoveNotAllowed(f"{last} is not finished. Finish it before you start another.")
    carried = {name: getattr(last, name) for name in ("title", "language", "audience", "summary", "guidance", "review_words")} if last else {"title": publication.title}
    edition = Edition(publication=publication, number=publication.next_number(), as_on=as_on, text_changed_by=by, text_changed_at=now, **{**carried, **facts})
    edition.full_clean(exclude=["signed_text"])
    edition.save()
    copy_sections(last, edition) if last else lay_out(edition)
    return edition


def copy_sections(last, edition):
    """Copy sections with their blocks, attachments and answers. An answer keeps what it was given for, so it shows amber when the text moves."""
    for section in last.sections.prefetch_related("blocks"):
        blocks = list(section.blocks.all())
        section.pk, section._state.adding, section.edition = None, True, edition
        section.save()
        SectionBlock.objects.bulk_create(SectionBlock(section=section, key=b.key, options=b.options, position=b.position) for b in blocks)
    for rows, model in ((last.attachments.all(), Attachment), (last.answers.all(), Answer)):
        copies = list(rows)
        for row in copies:
            row.pk, row.edition = None, edition
        model.objects.bulk_create(copies)


def lay_out(edition):
    """Give a first edition the sections of its kind, each with its blocks and no words yet."""
    for position, planned in enumerate(edition.publication.sort.sections):
        section = Section.objects.create(
            edition=edition, anchor=planned.key, template_key=planned.key, heading=planned.heading, audience=planned.audience, position=position
        )
        for place, block in enumerate(planned.blocks):
            key, options = (block, {}) if isinstance(block, str) else block
            SectionBlock.objects.create(section=section, key=key, options=options, position=place)


def editable(edition_id, by):
    """Return a draft under its lock for a person who may change it; refuse any other."""
    edition = locked(edition_id)
    require_on(edition, by, Action.EDITION_EDIT)
    if not edition.is_editable:
        raise MoveNotAllowed(f"This edition is {edition.get_state_display().lower()}. Return it to draft to change it.")
    return edition


def text_changed(edition, *, by, now):
    """Remember who last changed the text: that person does not sign it (AC-08)."""
    edition.text_changed_by, edition.text_changed_at = by, now
    edition.save(update_fields=["text_changed_by", "text_changed_at"])


@transaction.atomic
def write_section(*, edition_id, uid, by, now, heading=None, body=None, position=None):
    """Change a section of a draft; return it and what the cleaning of its prose dropped, as sentences.

    Raises MoveNotAllowed when the edition is frozen and masa.ui.prose.ProseRefused for prose that cannot be kept.
    """
    edition = editable(edition_id, by)
    section = edition.sections.get(uid=uid)
    dropped = []
    if body is not None:
        cleaned = clean(body)
        section.body, dropped = cleaned.html, cleaned.dropped
    section.heading = section.heading if heading is None else heading
    section.position = section.position if position is None else position
    section.full_clean(exclude=["body"])
    section.save()
    text_changed(edition, by=by, now=now)
    return section, dropped


@transaction.atomic
def answer(*, edition_id, guidance, code, status, by, now, sections=(), reason="", by_when=None):
    """Say where a draft answers a requirement, remembering what those sections say now."""
    edition = editable(edition_id, by)
    digests = section_digests(edition)
    if unknown := [uid for uid in sections if uid not in digests]:
        raise MoveNotAllowed(f"This edition has no section {', '.join(unknown)}.")
    text_changed(edition, by=by, now=now)
    row, _ = Answer.objects.update_or_create(
        edition=edition, guidance=guidance, code=code,
        defaults={"status": status, "reason": reason, "by_when": by_when, "sections": list(sections), "section_digests": {uid: digests[uid] for uid in sections}},
    )
    return row


@transaction.atomic
def attach(*, edition_id, name, alt, media_type, data, by, now):
    """Add a file to a draft. A picture must have alternative text. data: bytes already cleaned of hidden content."""
    edition = editable(edition_id, by)
    if media_type.startswith("image/") and not alt.strip():
        raise MoveNotAllowed("Write the alternative text: what the picture tells someone who cannot see it.")
    text_changed(edition, by=by, now=now)
    row = Attachment(edition=edition, name=name, alt=alt, media_type=media_type, sha256=files.keep(data), size=len(data))
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def record_approval(*, edition_id, seat, body, decided_on, outcome, by, now, minute=""):
    """Record what a seat's own body decided about the text: a cabinet, a board, an executive."""
    edition = locked(edition_id)
    require_on(edition, by, Action.EDITION_RECORD_SIGN_OFF)
    row = Approval(edition=edition, seat=seat, body=body, decided_on=decided_on, minute=minute, outcome=outcome, recorded_by=by)
    row.full_clean()
    row.save()
    journal.append(
        edition.partnership, kind="approval", by=by, now=now, publication=edition.publication.slug, edition=edition.number,
        seat=seat.slug, body=body, outcome=outcome, decided_on=decided_on,
    )
    return row
