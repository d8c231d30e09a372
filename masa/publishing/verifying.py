"""Recompute every digest and every link of the journal, and name whatever differs (SG-03).

Works on what the database and the disk hold now, so it also finds rows that were changed with the triggers dropped.
Other rooms add what they keep, such as the files of the bundle.
"""
import json
from dataclasses import dataclass

from masa.publishing import files, journal
from masa.publishing.canonical import canonical, digest_of
from masa.publishing.models import Edition, JournalRow, Record, Removal, SignedText, SignOff
from masa.publishing.states import PUBLIC

_checks = []


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be (``ok`` False), or a removal, which is no tampering (``ok`` True)."""

    ok: bool
    where: str
    sentence: str


def check_with(function):
    """Register another check: ``function(partnership) -> iterable of Finding``."""
    if function not in _checks:
        _checks.append(function)
    return function


def verify(partnership):
    """Yield every Finding about one partnership. Call with that partnership in scope."""
    for check in (signed_texts, editions, sign_offs, records, journal_chain, *_checks):
        yield from check(partnership)


def signed_texts(partnership):
    """Each signed text: the manifest has its digest, the parts it names are there, and each payload has its digest."""
    removed = {r.part_id: r for r in Removal.objects.filter(part__signed_text__partnership=partnership)}
    for text in SignedText.objects.filter(partnership=partnership).prefetch_related("parts__payload"):
        where = f"signed text {text.digest[:12]}"
        if digest_of(text.manifest) != text.digest:
            yield Finding(False, where, "The manifest does not have the digest that was signed.")
        named = [(p["id"], p["digest"]) for p in json.loads(text.manifest)["parts"]]
        if named != [(p.part_id, p.digest) for p in text.parts.all()]:
            yield Finding(False, where, "The parts are not those that the manifest names.")
        for part in text.parts.all():
            yield from part_findings(part, where, removed.get(part.pk))


def part_findings(part, where, removal):
    """Yield what is wrong with one part, or that it was removed."""
    place = f"{where}, {part.kind} {part.part_id}"
    payload = getattr(part, "payload", None)
    if payload is not None and digest_of(payload.text) != part.digest:
        yield Finding(False, place, "The text does not have the digest that was signed.")
    elif removal is not None:
        yield Finding(True, place, f"Removed on {removal.removed_at:%d %B %Y}: {removal.get_category_display().lower()}. The rest still checks.")
    elif payload is None:
        yield Finding(False, place, "The text is missing and no removal is recorded.")


def editions(partnership):
    """Each public edition names a signed text that says what the edition's own row says."""
    rows = Edition.objects.filter(publication__partnership=partnership, state__in=PUBLIC).select_related("signed_text", "publication")
    for edition in rows:
        said = json.loads(edition.signed_text.manifest)["edition"]
        if (said["number"], said["title"]) != (edition.number, edition.title):
            yield Finding(False, f"{edition.publication.slug}, edition {edition.number}", "The row and the signed text do not agree.")


def sign_offs(partnership):
    """Each sign-off is for the digest of the text it stands beside."""
    for row in SignOff.objects.filter(signed_text__partnership=partnership).select_related("signed_text"):
        if row.digest != row.signed_text.digest:
            yield Finding(False, f"sign-off by {row.person_name}", "It was given to another text than the one it stands beside.")


def records(partnership):
    """Each record still says what it said, its PDF is on the disk and whole, and its journal row has the hash it names."""
    rows = Record.objects.filter(edition__publication__partnership=partnership).select_related("edition__publication", "edition__signed_text", "journal_row")
    for record in rows:
        where = f"{record.edition.publication.slug}, edition {record.edition.number}"
        said = json.loads(record.text)
        if canonical(said) != record.text or (said["digest"], said["pdf_sha256"]) != (record.edition.signed_text.digest, record.pdf_sha256):
            yield Finding(False, where, "The record of publication was changed.")
        if said["journal"]["hash"] != record.journal_row.hash:
            yield Finding(False, where, "The journal row is not the one that the record names.")
        if record.pdf_sha256 and not Removal.objects.filter(part__signed_text=record.edition.signed_text_id).exists():
            try:
                files.read(record.pdf_sha256)
            except files.FileMissing as error:
                yield Finding(False, f"{where}, PDF", str(error))


def journal_chain(partnership):
    """Replay the chain: no gap, each row sealed over the one before, each payload with its digest, the published editions in it."""
    previous, expected, published = "", 1, set()
    for row in JournalRow.objects.filter(partnership=partnership).select_related("payload").order_by("seq"):
        where = f"journal row {row.seq}"
        if row.seq != expected:
            yield Finding(False, where, f"Row {expected} of the journal is missing.")
        payload = getattr(row, "payload", None)
        if payload is None or digest_of(payload.text) != row.payload_digest:
            yield Finding(False, where, "What the row says was changed.")
        elif (said := json.loads(payload.text)).get("after") == "published":
            published.add((said["publication"], said["edition"]))
        link = {"seq": row.seq, "at": row.at, "kind": row.kind, "payload_digest": row.payload_digest, "previous": row.previous}
        if row.previous != previous or journal.sealed(partnership=partnership.slug, **link) != row.hash:
            yield Finding(False, where, "The row does not follow from the one before it.")
        previous, expected = row.hash, row.seq + 1
    live = Edition.objects.filter(publication__partnership=partnership, state__in=PUBLIC).select_related("publication")
    for edition in live:
        if (edition.publication.slug, edition.number) not in published:
            yield Finding(False, f"{edition.publication.slug}, edition {edition.number}", "The journal does not say that it was published.")
