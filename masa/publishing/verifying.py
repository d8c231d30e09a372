"""Recompute every digest and every link of the journal, and name whatever differs (SG-03).

Works on what the database and the disk hold now, so it also finds rows that were changed with the triggers dropped.
Other rooms add what they keep, such as the files of the bundle.
"""
import json
from dataclasses import dataclass

from masa.publishing import files, freeze, journal
from masa.publishing.canonical import canonical, digest_of
from masa.publishing.models import Edition, JournalRow, Record, Removal, Scheme, SignedText, SignOff
from masa.publishing.services import sign_off_facts, sign_off_seal
from masa.publishing.states import PUBLIC, State

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
    for check in (guards, signed_texts, editions, states, sign_offs, removals, records, journal_chain, schemes, *_checks):
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
    """Each sign-off is for the text beside it and says what the journal sealed, and each that the journal tells of is there."""
    rows = SignOff.objects.filter(signed_text__partnership=partnership).select_related("signed_text", "seat")
    sealed = {sign_off_seal(row): row for row in rows}
    told = {said.get("sign_off"): row.seq for row, said in told_by(partnership, "signed", "recorded", "scheme_signed")}
    for seal, row in sealed.items():
        if row.digest != row.signed_text.digest:
            yield Finding(False, f"sign-off by {row.person_name}", "It was given to another text than the one it stands beside.")
        if seal not in told:
            yield Finding(False, f"sign-off by {row.person_name}", "It does not say what it said when it was made.")
    for seal, seq in told.items():
        if seal not in sealed:
            yield Finding(False, f"journal row {seq}", "The sign-off that this row tells of is missing or was changed.")


def removals(partnership):
    """Each removal is one that the journal tells of."""
    told = {digest for _, said in told_by(partnership, "removed") for digest in said.get("digests", [])}
    for removal in Removal.objects.filter(part__signed_text__partnership=partnership).select_related("part"):
        if removal.digest not in told:
            yield Finding(False, f"{removal.part.kind} {removal.part.part_id}", "It is marked as removed, and the journal does not say so.")


def told_by(partnership, *kinds):
    """Return (row, what it says) for the partnership's journal rows of these kinds, in order."""
    rows = JournalRow.objects.filter(partnership=partnership, kind__in=kinds, payload__isnull=False).select_related("payload").order_by("seq")
    return [(row, json.loads(row.payload.text)) for row in rows]


def records(partnership):
    """Each record still says what it said, its PDF is on the disk and whole, and its journal row has the hash it names."""
    rows = Record.objects.filter(edition__publication__partnership=partnership).select_related("edition__publication", "edition__signed_text", "journal_row")
    told = {(said.get("publication"), said.get("edition")): said.get("record") for _, said in told_by(partnership, "record")}
    for record in rows:
        where = f"{record.edition.publication.slug}, edition {record.edition.number}"
        said = json.loads(record.text)
        if canonical(said) != record.text or (said["digest"], said["pdf_sha256"]) != (record.edition.signed_text.digest, record.pdf_sha256):
            yield Finding(False, where, "The record of publication was changed.")
        if told.get((record.edition.publication.slug, record.edition.number)) != digest_of(record.text):
            yield Finding(False, where, "The record of publication is not the one that the journal tells of.")
        if said["sign_offs"] != sign_off_facts(record.edition):
            yield Finding(False, where, "The sign-offs are not those that were published with it.")
        if said["journal"]["hash"] != record.journal_row.hash:
            yield Finding(False, where, "The journal row is not the one that the record names.")
        if record.pdf_sha256 and not Removal.objects.filter(part__signed_text=record.edition.signed_text_id).exists():
            try:
                files.read(record.pdf_sha256)
            except files.FileMissing as error:
                yield Finding(False, f"{where}, PDF", str(error))


def journal_chain(partnership):
    """Replay the chain: no gap, each row sealed over the one before, each payload with its digest."""
    previous, expected = "", 1
    for row in JournalRow.objects.filter(partnership=partnership).select_related("payload").order_by("seq"):
        where = f"journal row {row.seq}"
        if row.seq != expected:
            yield Finding(False, where, f"Row {expected} of the journal is missing.")
        payload = getattr(row, "payload", None)
        if payload is None or digest_of(payload.text) != row.payload_digest:
            yield Finding(False, where, "What the row says was changed.")
        link = {"seq": row.seq, "at": row.at, "kind": row.kind, "payload_digest": row.payload_digest, "previous": row.previous}
        if row.previous != previous or journal.sealed(partnership=partnership.slug, **link) != row.hash:
            yield Finding(False, where, "The row does not follow from the one before it.")
        previous, expected = row.hash, row.seq + 1


def states(partnership):
    """Each edition past draft is in the state to which the journal last moved it."""
    told = {(said.get("publication"), said.get("edition")): said.get("after") for _, said in told_by(partnership, "moved", "archived")}
    for edition in Edition.objects.filter(publication__partnership=partnership).select_related("publication"):
        if edition.state != told.get((edition.publication.slug, edition.number), State.DRAFT):
            yield Finding(False, f"{edition.publication.slug}, edition {edition.number}", f"It is {edition.get_state_display().lower()}, and the journal does not say so.")


def schemes(partnership):
    """The rules that staff see of an agreed scheme are those that the leads agreed to."""
    for scheme in Scheme.objects.filter(partnership=partnership).prefetch_related("rules"):
        if sorted((r.kind, r.change, r.signers) for r in scheme.rules.all()) != sorted(scheme.agreed_rules()):
            yield Finding(False, f"scheme of delegation {scheme.number}", "Its rules are not those that were agreed.")


def receipt(partnership, seq, hash_):
    """Compare the journal with a line of a receipt that was kept outside the database; yield what differs."""
    row = JournalRow.objects.filter(partnership=partnership, seq=seq).first()
    if row is None or row.hash != hash_:
        yield Finding(False, f"journal row {seq}", "It is not the row that the receipt names: the journal was cut or rewritten.")


def guards(_partnership):
    """Nothing is frozen by a trigger that is missing."""
    for name in freeze.missing():
        yield Finding(False, "the database", f"The trigger {name} is missing or was changed. Run manage.py migrate.")
