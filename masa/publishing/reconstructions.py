"""Publish what was published before: reconstructions of real places as samples, and archive editions.

They carry no sign-off and say so on every page. Only the loader of samples makes reconstructions; no page does.
"""
from django.db import transaction

from masa.accounts import permissions
from masa.accounts.permissions import Action
from masa.publishing import files, journal
from masa.publishing.blockers import not_ready_for_public
from masa.publishing.canonical import new_salt
from masa.publishing.compose import compose, keep_edition
from masa.publishing.models import Attachment, Edition, Publication
from masa.publishing.services import locked, london_day, made_pdf, supersede_published, tell_when_done, write_record
from masa.publishing.states import MoveNotAllowed, State


@transaction.atomic
def publish_reconstruction(*, edition_id, now, salt=new_salt):
    """Publish a reconstruction without sign-off. Raises MoveNotAllowed for an edition that is not one."""
    edition = locked(edition_id)
    if edition.origin != Edition.Origin.RECONSTRUCTION or not edition.source or not edition.status_then:
        raise MoveNotAllowed("Only a reconstruction, with its source and its status then, is published without sign-off.")
    if edition.state != State.DRAFT:
        raise MoveNotAllowed(f"This reconstruction is {edition.get_state_display().lower()} already.")
    edition.signed_text = keep_edition(compose(edition, salt=salt), edition)
    edition.submitted_at = edition.published_at = now
    pdf = made_pdf(edition, now)
    supersede_published(edition, by=None, now=now, salt=salt)
    edition.state = State.PUBLISHED
    edition.save(update_fields=["signed_text", "submitted_at", "published_at", "state"])
    row = journal.append(
        edition.partnership, kind="moved", by=None, now=now, salt=salt, publication=edition.publication.slug, edition=edition.number,
        before=State.DRAFT, after=State.PUBLISHED, digest=edition.digest,
    )
    write_record(edition, pdf, row, by=None, now=now, salt=salt)
    tell_when_done(edition.partnership.pk, now)
    return edition


@transaction.atomic
def publish_archive(*, publication, title, published_on, name, media_type, data, by, now):
    """Keep a document that was published before MASA as an archive edition: "agreement not recorded here".

    data: the file's bytes, cleaned of hidden content. Its digest is part of the edition's content.
    """
    permissions.require(by, Action.EDITION_PUBLISH, publication.partnership)
    Publication.objects.select_for_update().get(pk=publication.pk)
    made_here = Edition.objects.filter(publication__partnership=publication.partnership, origin=Edition.Origin.MADE)
    first = made_here.public().order_by("published_at").first()
    if published_on >= (london_day(first.published_at) if first else london_day(now)):
        raise MoveNotAllowed("An archive edition was published before the partnership first published here. Check its date.")
    edition = Edition.objects.create(
        publication=publication, number=publication.next_number(), origin=Edition.Origin.ARCHIVE, title=title, as_on=published_on,
        archived_on=published_on, text_changed_by=by, text_changed_at=now,
    )
    Attachment.objects.create(edition=edition, name=name, media_type=media_type, sha256=files.keep(data), size=len(data))
    edition.signed_text = keep_edition(compose(edition), edition)
    if reasons := not_ready_for_public(edition, london_day(now)):
        raise MoveNotAllowed(reasons)
    edition.submitted_at = edition.published_at = now
    edition.published_by = by
    edition.state = State.PUBLISHED if not publication.editions.public().exists() else State.SUPERSEDED
    edition.superseded_at = now if edition.state == State.SUPERSEDED else None
    edition.save()
    row = journal.append(
        edition.partnership, kind="archived", by=by, now=now, publication=publication.slug, edition=edition.number,
        after=edition.state, digest=edition.digest, archived_on=published_on,
    )
    write_record(edition, None, row, by=by, now=now)
    tell_when_done(edition.partnership.pk, now)
    return edition
