"""Read everything a partnership's public site is made of, in one pass and a constant number of queries.

Only what is public is read: editions that were published, their records, public settings. Nothing else is read
afterwards, and the cost does not depend on how many other partnerships there are.
"""
import json
import re
from collections import defaultdict
from itertools import groupby
from operator import attrgetter

from django.utils import timezone

from masa.bundle.models import GoneAddress
from masa.bundle.shapes import ARRANGEMENTS, EditionData, PartData, PdfFile, PublicationData, Removal, SiteData, Update
from masa.guidance.models import GuidanceEdition
from masa.partnerships import scope
from masa.partnerships.models import Appointment, ContactRoute, DataController, Partnership
from masa.publishing import files, kinds
from masa.publishing.models import Edition, JournalRow, PartPayload, Redirect, Section, SignedPart
from masa.publishing.states import PUBLIC

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


def gather(partnership_id, on):
    """Return the SiteData of one partnership. on: the London date, which decides only whether a review is overdue."""
    with scope.of(partnership_id):
        return gathered(partnership_id, on)


def gathered(partnership_id, on):
    """As ``gather``, with the scope set."""
    partnership = Partnership.objects.select_related("host").get(pk=partnership_id)
    publications, removals = publications_of(partnership)
    routes = ContactRoute.objects.filter(partnership=partnership).select_related("area")
    controllers = DataController.objects.filter(partnership=partnership).select_related("organisation")
    return SiteData(
        slug=partnership.slug, name=partnership.name, short_name=partnership.short_name, strapline=partnership.strapline,
        accent=partnership.accent, audience=partnership.audience, sample=partnership.sample,
        areas=[area.name for area in partnership.areas.all()],
        footprints=[{"slug": f.slug, "name": f.name} for f in partnership.footprints.all()],
        host=partnership.host.name if partnership.host else "",
        privacy_note=partnership.privacy_note, accessibility_note=partnership.accessibility_note,
        controllers=[{"organisation": c.organisation.name, "purpose": c.purpose, "contact": c.contact} for c in controllers],
        routes=[route_data(route) for route in routes],
        holders_on=partnership.holders_correct_on or on_of(publications),
        holders=holders_of(publications, partnership.holders_correct_on),
        publications=publications,
        updates=tuple(updates_of(partnership, {p.slug: p for p in publications})),
        redirects=list(Redirect.objects.filter(partnership=partnership).order_by("from_path").values_list("from_path", "to_path")),
        gone=list(GoneAddress.objects.filter(partnership=partnership).values_list("path", flat=True)),
        guidance={e.key: e.short_title for e in GuidanceEdition.objects.order_by("key")},
        removals=removals,
        overdue=frozenset(p.slug for p in publications if is_overdue(p.current, on)),
    )


def route_data(route):
    """Return a contact route as data."""
    return {
        "kind": route.kind, "label": route.get_kind_display(), "name": route.name, "telephone": route.telephone,
        "address": route.address, "hours": route.hours, "note": route.note, "area": route.area.name if route.area else "",
        "checked_on": route.checked_on,
    }


# Editions ------------------------------------------------------------------------------------------------------------


def publications_of(partnership):
    """Return the publications that have public editions, the arrangements first, and how many parts were removed."""
    rows = (
        Edition.objects.filter(publication__partnership=partnership, state__in=PUBLIC)
        .select_related("publication", "signed_text", "record").order_by("publication__slug", "-number")
    )
    editions = list(rows)
    parts = parts_of(editions)
    found = []
    for publication, group in groupby(editions, key=attrgetter("publication")):
        sort = kinds.get(publication.kind)
        found.append(PublicationData(
            slug=publication.slug, title=publication.title, kind=publication.kind, label=sort.label,
            may_be_at_risk=sort.may_be_at_risk, is_one_of_many=sort.many, editions=tuple(edition_data(e, parts[e.signed_text_id]) for e in group),
        ))
    found.sort(key=lambda p: (p.kind != ARRANGEMENTS, p.slug))
    return tuple(found), sum(part.removal is not None for group in parts.values() for part in group)


def parts_of(editions):
    """Return the parts of several editions, ``{signed text id: (PartData, …)}``."""
    texts = {e.signed_text_id for e in editions}
    rows = list(SignedPart.objects.filter(signed_text__in=texts).select_related("removal").order_by("signed_text", "position"))
    payloads = dict(PartPayload.objects.filter(part__signed_text__in=texts).values_list("part_id", "text"))
    lost = {row.part_id for row in rows if row.pk not in payloads}
    anchors = {
        str(uid): anchor
        for uid, anchor in Section.objects.filter(edition__in=editions, uid__in=lost_uids(lost)).values_list("uid", "anchor")
    }
    found = defaultdict(list)
    for row in rows:
        found[row.signed_text_id].append(part_data(row, payloads.get(row.pk), anchors.get(row.part_id, "")))
    return {text: tuple(found[text]) for text in texts}


def lost_uids(part_ids):
    """Return the ids of removed parts that can be sections: about and answers have names, not numbers."""
    return sorted(part_ids - {"about", "answers"})


def part_data(row, text, anchor):
    """Return a part: its payload, or its stub when the payload was removed."""
    removal = getattr(row, "removal", None)
    stub = removal and Removal(timezone.localdate(removal.removed_at), removal.category, removal.get_category_display(), removal.role)
    return PartData(row.part_id, row.kind, row.digest, text, json.loads(text) if text else None, stub, anchor)


def edition_data(edition, parts):
    """Return a public edition as data. ``parts``: as parts_of gives them."""
    record = getattr(edition, "record", None)
    return edition_facts(
        edition, parts, manifest_text=edition.signed_text.manifest, digest=edition.digest, record=json.loads(record.text) if record else {},
        published_on=edition.published_at and timezone.localdate(edition.published_at), superseded_at=edition.superseded_at,
        withdrawn_at=edition.withdrawn_at, withdrawn_reason=edition.withdrawn_reason, pdf=pdf_file(record),
    )


def edition_facts(edition, parts, *, manifest_text, **known):
    """Return the data of an edition with these parts; ``known`` is what was known only afterwards."""
    return EditionData(
        number=edition.number, state=edition.state, origin=edition.origin, manifest_text=manifest_text, manifest=json.loads(manifest_text),
        parts=parts, as_on=edition.as_on, in_force_from=edition.in_force_from, ends_on=edition.ends_on, archived_on=edition.archived_on, **known,
    )


def pdf_file(record):
    """Return the PDF that a record names, or None when the edition has none."""
    if record is None or not record.pdf_sha256:
        return None
    return PdfFile(record.pdf_sha256, record.pdf_size, record.pdf_pages, files.path_of(record.pdf_sha256).is_file())


def is_overdue(edition, on):
    """Say whether the review that an edition announces should have been by now."""
    due = edition.about.get("review", {}).get("on")
    return edition.state == "published" and due is not None and due < on.isoformat()


# Holders of posts ----------------------------------------------------------------------------------------------------


def on_of(publications):
    """Return the date of the newest edition in view, for the holders of a partnership that gave no date; or None."""
    return max((p.current.as_on for p in publications), default=None)


def holders_of(publications, correct_on):
    """Return who held the posts that the editions name, on each date that is asked about."""
    days = {e.as_on for p in publications for e in p.editions}
    days |= {correct_on} if correct_on else set()
    slugs = {word for p in publications for e in p.editions for part in e.parts for word in post_words(part.body)}
    rows = list(
        Appointment.objects.filter(post__slug__in=slugs).select_related("post").order_by("post__slug", "starts_on", "pk")
    )
    return {day: holders_on(rows, day) for day in sorted(days)}


def holders_on(rows, day):
    """Return ``{post: {"name", "standing"}}`` of a day. A post that had a holder before, and has none that day, is vacant."""
    found = {a.post.slug: {"name": "", "standing": "vacant"} for a in rows if a.ends_on and a.ends_on < day}
    return found | {a.post.slug: {"name": a.holder, "standing": a.standing} for a in rows if a.holds_on(day)}


def post_words(value):
    """Yield every word in plain data that could be the slug of a post; prose is not looked into."""
    if isinstance(value, str):
        if len(value) <= 60 and _SLUG.fullmatch(value):
            yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from post_words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from post_words(inner)


# What changed --------------------------------------------------------------------------------------------------------

_TOLD = ("moved", "removed", "contact_changed", "holder_changed")


def updates_of(partnership, publications):
    """Yield what the public is told has changed, the newest first, from the journal.

    The words come from the editions as they are now, so that what was removed is not told again.
    """
    rows = JournalRow.objects.filter(partnership=partnership, kind__in=_TOLD, payload__isnull=False)
    last = None
    for row in rows.select_related("payload").order_by("-at", "-seq"):
        says = json.loads(row.payload.text)
        told = TELL[row.kind](says, publications)
        on = timezone.localdate(row.at)
        if told and (on, told) != last:  # several posts or numbers that change on one day are told once
            last = (on, told)
            title, words, path = told
            yield Update(row.seq, row.at, on, title, words, path)


def tell_move(says, publications):
    """Return title, words and path of a move to the public, or None for a move that the public does not see."""
    publication = publications.get(says["publication"])
    edition = publication and publication.edition(says["edition"])
    if edition is None:
        return None
    if says["after"] == "published":
        title = f"{publication.title}: edition {edition.number} published"
        if edition.origin == "reconstruction":
            title = f"{publication.title}: reconstruction of edition {edition.number} added"
        return title, edition.about.get("change_note", ""), f"{publication.slug}/editions/{edition.number}/"
    if says["after"] == "withdrawn":
        return f"{publication.title}: edition {edition.number} withdrawn", edition.withdrawn_reason, f"{publication.slug}/editions/{edition.number}/"
    return None


def tell_removal(says, publications):
    """Return that a part was removed, and no more than its stub says."""
    publication = publications.get(says["publication"])
    return publication and (f"{publication.title}: a part was removed", "", f"{publication.slug}/editions/")


def tell_contact(says, publications):
    """Return that whom to contact has changed."""
    return "Whom to contact has changed", "", "#contacts"


def tell_holder(says, publications):
    """Return that the holder of a post has changed."""
    return "The people who hold the partners’ posts have changed", "", ""


TELL = {"moved": tell_move, "removed": tell_removal, "contact_changed": tell_contact, "holder_changed": tell_holder}
