"""Which published text or file has a digest. Only what is public, or was removed from it, is ever found."""
import re
from dataclasses import dataclass

from django.utils import timezone

from masa.bundle import editions, gather
from masa.bundle.models import PublishedFile
from masa.publishing.models import Attachment, Edition, Record, SignedPart
from masa.publishing.states import PUBLIC, State
from masa.ui.text import date_words

_SPACED = re.compile(r"[\s:\-]+")
_LINE = re.compile(r"\s*\\?([0-9a-fA-F]{64})\s+\S")  # a whole line that sha256sum printed
_HEX = re.compile(r"[0-9a-f]+")
LENGTH = 64
PART_NAMES = {"about": "what it says about the whole edition", "answers": "where it answers the guidance"}
MOST = 10


class DigestRefused(Exception):
    """What was pasted is no digest; the sentence says why."""


@dataclass(frozen=True)
class Found:
    """A public edition and what of it has the digest: ``what`` in words. ``removal``: the stub, if that was removed."""

    what: str
    edition: object  # gather.EditionData
    partnership: str
    publication: str
    home: str
    current: int | None  # number of the edition now in force
    removal: object = None
    is_complete: bool = True  # whether nothing was removed from the edition since

    @property
    def href(self):
        return f"{self.home}editions/{self.edition.number}/"

    @property
    def agreed(self):
        """Who agreed, as the contents page says it."""
        return editions.agreements(self.edition)

    @property
    def is_reconstruction(self):
        return self.edition.origin == Edition.Origin.RECONSTRUCTION

    @property
    def when(self):
        return editions.when(self.edition)

    @property
    def ended_on(self):
        """When it was superseded or withdrawn, in words; nothing while it is in force."""
        ended = self.edition.withdrawn_at or self.edition.superseded_at
        return date_words(timezone.localdate(ended)) if ended else ""

    @property
    def removed_on(self):
        return date_words(self.removal.on) if self.removal else ""


def digest_in(text):
    """Return the digest that was pasted, in small letters: 64 figures and letters, or a line as sha256sum prints it.

    Spaces, hyphens and capitals do not matter. Only a whole digest is looked for: a beginning could belong to several.
    Raises DigestRefused with a sentence.
    """
    line = _LINE.match(text)
    digest = (line.group(1) if line else _SPACED.sub("", text)).lower()
    digest = digest.removeprefix("sha256")
    if not digest:
        raise DigestRefused("Paste the digest, or choose a file.")
    if not _HEX.fullmatch(digest):
        raise DigestRefused("A digest has only the figures 0 to 9 and the letters a to f. Copy it again.")
    if len(digest) != LENGTH:
        raise DigestRefused(f"A digest has {LENGTH} figures and letters, and this has {len(digest):,}. Copy the whole of it.")
    return digest


def find(digest):
    """Return what has this digest, as a list of Found; mostly one. Call in a scope of every partnership.

    The number of queries does not depend on how much is published.
    """
    named = [*whole_texts(digest), *parts(digest), *pdfs(digest), *attachments(digest), *data_files(digest)][:MOST]
    ids = {edition_id for edition_id, _, _ in named}
    rows = {
        edition.pk: edition
        for edition in Edition.objects.filter(pk__in=ids).select_related("publication__partnership", "signed_text", "record")
    }
    current = dict(
        Edition.objects.filter(publication__in={row.publication_id for row in rows.values()}, state=State.PUBLISHED).values_list("publication", "number")
    )
    held = gather.parts_of(list(rows.values())) if rows else {}
    return [found(rows[pk], held[rows[pk].signed_text_id], what, part_id, current) for pk, what, part_id in named]


def found(row, held, what, part_id, current):
    """Return one Found. ``what`` is already in words, unless a section is to be named by its heading."""
    publication = row.publication
    part = next((part for part in held if part.id == part_id), None)
    if part and part.kind == "section":
        what = f"the section “{part.body['heading']}” of" if part.body else "a section of"
    return Found(
        what=what, edition=gather.edition_data(row, held), partnership=publication.partnership.name, publication=publication.title,
        home=f"/{publication.partnership.slug}/{publication.slug}/", current=current.get(publication.pk),
        removal=part.removal if part else None, is_complete=all(part.body is not None for part in held),
    )


# Each yields (edition id, what it is, part id or nothing) ---------------------------------------------------------------


def whole_texts(digest):
    """The manifest: what people agreed to."""
    for pk in Edition.objects.public().filter(signed_text__digest=digest).values_list("pk", flat=True):
        yield pk, "the whole agreed text of", ""


def parts(digest):
    """One part of a text."""
    rows = SignedPart.objects.filter(digest=digest, signed_text__editions__state__in=PUBLIC)
    for pk, part_id, kind in rows.values_list("signed_text__editions", "part_id", "kind"):
        yield pk, f"one part ({PART_NAMES.get(kind, 'a file')}) of", part_id


def pdfs(digest):
    """The PDF that was kept when an edition was published."""
    for pk in Record.objects.filter(pdf_sha256=digest, edition__state__in=PUBLIC).values_list("edition", flat=True):
        yield pk, "the PDF of", ""


def attachments(digest):
    """A picture or file that is part of a text."""
    rows = Attachment.objects.filter(sha256=digest, edition__state__in=PUBLIC)
    for pk, uid, name in rows.values_list("edition", "uid", "name"):
        yield pk, f"the file “{name}” of", str(uid)


def data_files(digest):
    """A data file that was published, at any time."""
    for pk, name in PublishedFile.objects.filter(sha256=digest, edition__state__in=PUBLIC).values_list("edition", "name"):
        yield pk, f"the file {name} of", ""
