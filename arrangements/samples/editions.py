"""Publications and their editions, as drafts: prose, blocks and answers. What then happens to them is in ``moves``."""
import hashlib
import uuid
from dataclasses import dataclass

from arrangements.samples import table
from arrangements.samples.rows import BROKEN, label
from arrangements.samples.values import Refused, prose, shown
from masa.guidance import selectors as guidance
from masa.guidance.selectors import NoSuchGuidance
from masa.publishing import blocks, kinds
from masa.publishing.blockers import section_digests
from masa.publishing.models import Answer, Edition, Section, SectionBlock

#: Sections keep their id from one loading to the next, and across the editions of a publication by their anchor.
SECTION_IDS = uuid.UUID("8f0a3c52-6d0f-5a0e-9a35-1c1f4cb6a7d1")
SHORT_OF = {Answer.Status.PARTLY, Answer.Status.NOT_YET}


@dataclass
class Draft:
    """An edition made from a file, and what the file says of it."""

    where: str
    raw: dict
    edition: Edition


def fixed_salt(address):
    """Return the salt of a part: the same at every loading, so that a sample has the same digest wherever it is loaded."""
    return hashlib.sha256(f"a sample of MASA: {address}".encode()).hexdigest()[:32]


def drafts(reader):
    """Make the publications of a file with all their editions, each a draft, and return the Drafts."""
    made = []
    for where, raw in entries(reader, "publications", reader.file.data.get("publications")):
        publication = reader.row(where, raw, table.PUBLICATION)
        if raw.get("kind") not in {kind.key for kind in kinds.every()}:
            known = ", ".join(kind.key for kind in kinds.every())
            reader.file.refuse(where, "kind", f"“{shown(raw.get('kind'))}” is no kind of publication. Write one of: {known}.")
            publication = BROKEN
        before = {}
        for number, (at, edition) in enumerate(entries(reader, f"{where}: editions", raw.get("editions")), 1):
            before = draft(reader, at, edition, publication, number, before, made)
    return made


def draft(reader, where, raw, publication, number, before, made):
    """Make one edition; return its sections by anchor, as their rows in the file, for the edition after it."""
    found = len(reader.file.problems)
    values, _ = reader.values(where, raw, table.EDITION)
    asked = guidance_of(reader, where, raw)
    rows = sections(reader, where, raw.get("sections"), before)
    edition = BROKEN
    if publication is not BROKEN and len(reader.file.problems) == found:
        edition = Edition(publication=publication, number=number, guidance=asked, **origin(reader, where, raw), **values)
        edition.explains = explained(reader, where, raw, made)
        edition = edition if reader.saved(where, edition) else BROKEN
    for position, (at, row) in enumerate(rows.values(), 1):
        section(reader, at, row, edition, position)
    answers(reader, where, raw.get("answers"), edition, asked, rows)
    if edition is not BROKEN:
        made.append(Draft(where, raw, edition))
    return {anchor: row for anchor, (_, row) in rows.items()}


def entries(reader, where, raw):
    """Yield (where it stands, row) for each row of a list; what is no list or no row is a problem."""
    if raw is None:
        return
    if not isinstance(raw, list):
        reader.file.refuse(where, "row", "Write a list here: each row begins with a hyphen.")
        return
    for number, row in enumerate(raw, 1):
        at = label(where, number, row)
        if isinstance(row, dict):
            yield at, row
        else:
            reader.file.refuse(at, "row", f"“{shown(row)}” is not a row. Write names with values, such as “title: Our plan”.")


def guidance_of(reader, where, raw):
    """Return the keys of the editions of guidance that an edition answers. One that is not loaded is a problem."""
    asked = raw.get("guidance") or []
    if not isinstance(asked, list):
        reader.file.refuse(where, "guidance", "Write a list of editions of guidance, such as [wt23].")
        return []
    for key in asked:
        try:
            guidance.edition(key)
        except NoSuchGuidance as error:
            reader.file.refuse(where, "guidance", str(error))
    return [str(key) for key in asked]


def origin(reader, where, raw):
    """Return what says that an edition is a reconstruction: only of a real place, and without moves."""
    facts = raw.get("reconstruction")
    if facts is None:
        return {}
    statuses = [value for value, _ in Edition._meta.get_field("status_then").choices]
    if reader.partnership is not BROKEN and reader.partnership.sample != reader.partnership.Sample.RECONSTRUCTION:
        reader.file.refuse(where, "reconstruction", "Only a sample of a real place has reconstructions, and this partnership is invented.")
    if raw.get("moves"):
        reader.file.refuse(where, "moves", "A reconstruction has no moves: nobody signed it here.")
    if not isinstance(facts, dict) or not facts.get("source") or facts.get("status_then") not in statuses:
        reader.file.refuse(where, "reconstruction", f"Write its source, and status_then as one of: {', '.join(statuses)}.")
        return {}
    return {"origin": Edition.Origin.RECONSTRUCTION, "source": str(facts["source"]), "status_then": facts["status_then"]}


def explained(reader, where, raw, made):
    """Return the edition that this one explains, or None. It stands further up in the same file."""
    says = raw.get("explains")
    if says is None:
        return None
    if isinstance(says, dict):
        for other in made:
            if (other.edition.publication.slug, other.edition.number) == (says.get("publication"), says.get("edition")):
                return other.edition
    reader.file.refuse(where, "explains", "Write the publication's slug and the number of an edition further up in this file.")
    return None


def sections(reader, where, raw, before):
    """Return {anchor: (where, row)} in order. A row that says ``as_before`` is that of the edition before."""
    rows = {}
    for at, row in entries(reader, f"{where}: sections", raw):
        anchor = row.get("anchor")
        if not isinstance(anchor, str) or anchor in rows:
            reader.file.refuse(at, "anchor", "Each section needs an anchor that no other section of its edition has.")
        elif "as_before" not in row:
            rows[anchor] = at, row
        elif row != {"anchor": anchor, "as_before": True} or anchor not in before:
            reader.file.refuse(at, "as_before", "Write only the anchor of a section of the edition before, and as_before: true.")
        else:
            rows[anchor] = at, before[anchor]
    return rows


def section(reader, where, raw, edition, position):
    """Make one section with its blocks. Its prose must come through cleaning whole."""
    found = len(reader.file.problems)
    values, _ = reader.values(where, raw, table.SECTION)
    try:
        body = prose(raw.get("body") or "")
    except Refused as error:
        reader.file.refuse(where, "body", str(error))
    wanted = wanted_blocks(reader, where, raw.get("blocks"))
    if edition is BROKEN or len(reader.file.problems) > found:
        return
    publication = edition.publication
    address = f"{publication.partnership.slug}/{publication.slug}/{raw['anchor']}"
    row = Section(
        edition=edition, uid=uuid.uuid5(SECTION_IDS, address), template_key=str(raw.get("key") or ""), body=body, position=position, **values
    )
    if reader.saved(where, row):
        for place, (key, options) in enumerate(wanted, 1):
            SectionBlock.objects.create(section=row, key=key, options=options, position=place)


def wanted_blocks(reader, where, raw):
    """Return the blocks of a section as (key, options), from keys or from rows of key and options."""
    if raw is not None and not isinstance(raw, list):
        reader.file.refuse(where, "blocks", "Write a list of blocks, such as [agencies].")
        return []
    known, wanted = {block.key for block in blocks.every()}, []
    for entry in raw or []:
        key, options = (entry.get("key"), entry.get("options") or {}) if isinstance(entry, dict) else (entry, {})
        if key not in known or not isinstance(options, dict):
            reader.file.refuse(where, "blocks", f"“{shown(key)}” is no block. Write one of: {', '.join(sorted(known))}.")
        else:
            wanted.append((key, options))
    return wanted


def answers(reader, where, raw, edition, asked, rows):
    """Make the answers of an edition: each to a requirement of its guidance, naming sections by their anchors."""
    if edition is not BROKEN:
        now, ids = section_digests(edition), dict(edition.sections.values_list("anchor", "uid"))
    for at, row in entries(reader, f"{where}: answers", raw):
        found = len(reader.file.problems)
        values, _ = reader.values(at, row, table.ANSWER)
        check_answer(reader, at, row, asked, rows)
        anchors = row.get("sections") or []
        if edition is BROKEN or len(reader.file.problems) > found or not ids.keys() >= set(anchors):
            continue  # a section that could not be made has a problem of its own
        named = [str(ids[anchor]) for anchor in anchors]
        reader.saved(at, Answer(edition=edition, sections=named, section_digests={uid: now[uid] for uid in named}, **values))


def check_answer(reader, where, raw, asked, rows):
    """Note what is wrong with an answer: a requirement or a section that is not there, a reason or a date that is missing."""
    key, code, status = raw.get("guidance"), raw.get("code"), raw.get("status")
    if key not in asked:
        reader.file.refuse(where, "guidance", f"This edition does not answer “{shown(key)}”. It answers: {', '.join(asked) or 'none'}.")
    elif code not in codes(key):
        reader.file.refuse(where, "code", f"“{shown(code)}” is no requirement of {key}. Look in masa/guidance/editions/{key}.yaml.")
    named = raw.get("sections") or []
    for anchor in named if isinstance(named, list) else [named]:
        if not isinstance(anchor, str) or anchor not in rows:
            reader.file.refuse(where, "sections", f"There is no section “{shown(anchor)}” in this edition. Write the anchor of one.")
    if status == Answer.Status.ANSWERED and not named:
        reader.file.refuse(where, "sections", "An answer that is whole names the sections it stands in.")
    if status in {*SHORT_OF, Answer.Status.NOT_APPLICABLE} and not raw.get("reason"):
        reader.file.refuse(where, "reason", "Write why: an answer that is not whole gives its reason.")
    if status in SHORT_OF and not raw.get("by_when") and promises(reader):
        reader.file.refuse(where, "by_when", "Write the date by which it will be answered, such as 2026-09-30.")


def promises(reader):
    """Say whether answers that fall short give a date. A reconstruction cannot: it shows what its source said, and promises nothing."""
    return reader.partnership is BROKEN or reader.partnership.sample != reader.partnership.Sample.RECONSTRUCTION


def codes(key):
    """Return the codes of an edition of guidance; none for one that is not loaded."""
    try:
        return set(guidance.requirements([key]).values_list("code", flat=True))
    except NoSuchGuidance:
        return set()
