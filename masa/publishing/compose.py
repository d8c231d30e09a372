"""Freeze an edition into one content value: prose, blocks, seats, answers. What is agreed, published and checked."""
import json
from dataclasses import dataclass

from masa.guidance import selectors as guidance
from masa.publishing import blocks
from masa.publishing.canonical import RECIPE, canonical, digest_of, new_salt, plain
from masa.publishing.models import PartPayload, SignedPart, SignedText


@dataclass(frozen=True)
class Part:
    """One part of a content: its id, kind and canonical text, whose SHA-256 is its digest."""

    id: str
    kind: str
    text: str

    @property
    def digest(self):
        return digest_of(self.text)


@dataclass(frozen=True)
class Content:
    """What ``compose`` returns: the manifest's canonical text and the parts it names, in order."""

    manifest: str
    parts: tuple[Part, ...]

    @property
    def digest(self):
        return digest_of(self.manifest)


def compose(edition, *, salt=new_salt):
    """Return the Content of ``edition``, with the register read as on ``edition.as_on``.

    salt: called with the address of each part that is new or has changed. A part that reads as it did when last
    submitted keeps its salt, so that text which comes back unchanged has the digest that people agreed to.
    """
    before = last_parts(edition)
    address = f"{edition.publication.partnership.slug}/{edition.publication.slug}/{edition.number}"
    parts = []
    for body in part_bodies(edition):
        body = plain(body)
        kept = before.get(body["id"])
        if kept is not None and {**kept, "salt": ""} == {**body, "salt": ""}:
            body["salt"] = kept["salt"]
        else:
            body["salt"] = salt(f"{address}/{body['id']}")
        parts.append(Part(body["id"], body["kind"], canonical(body)))
    return Content(canonical(manifest_of(edition, parts)), tuple(parts))


def manifest_of(edition, parts):
    """Return the manifest: what the edition is, and the id and digest of each part in order."""
    publication, partnership = edition.publication, edition.publication.partnership
    return {
        "recipe": RECIPE,
        "kind": publication.kind,
        "partnership": {"slug": partnership.slug, "name": partnership.name},
        "publication": {"slug": publication.slug, "title": publication.title},
        "edition": {
            "number": edition.number, "title": edition.title, "language": edition.language, "as_on": edition.as_on,
            "in_force_from": edition.in_force_from, "ends_on": edition.ends_on,
        },
        "parts": [{"id": part.id, "kind": part.kind, "digest": part.digest} for part in parts],
    }


def part_bodies(edition):
    """Yield every part of the edition as plain data without a salt: about, answers, sections, attachments."""
    yield about(edition)
    yield {"id": "answers", "kind": "answers", "answers": answers(edition)}
    context = blocks.BlockContext(
        partnership=edition.publication.partnership, as_on=edition.as_on, audience=edition.audience,
        guidance=list(edition.guidance), options={},
    )
    for section in edition.sections.prefetch_related("blocks"):
        yield section_body(section, context)
    for file in edition.attachments.all():
        yield {
            "id": str(file.uid), "kind": "attachment", "name": file.name, "alt": file.alt,
            "media_type": file.media_type, "sha256": file.sha256, "bytes": file.size,
        }


def about(edition):
    """Return what a reader must know about the edition as a whole."""
    explained = edition.explains
    return {
        "id": "about", "kind": "about", "summary": edition.summary, "change_note": edition.change_note,
        "guidance": list(edition.guidance), "audience": edition.audience,
        "review": {"on": edition.review_on, "words": edition.review_words},
        "explains": explained and {"publication": explained.publication.slug, "edition": explained.number, "digest": explained.digest},
        "origin": edition.origin, "archived_on": edition.archived_on,
        "reconstruction": reconstruction(edition),
        "seats": [seat_facts(seat, edition) for seat in seats_on(edition)],
    }


def reconstruction(edition):
    """Return where a reconstruction comes from, or None for an edition made here."""
    if edition.origin != edition.Origin.RECONSTRUCTION:
        return None
    return {"source": edition.source, "status_then": edition.status_then, "as_at": edition.as_on}


def seats_on(edition):
    """Return the seats that held on the edition's date, with what their facts are made of."""
    seats = edition.publication.partnership.seats.on(edition.as_on)
    return seats.select_related("organisation").prefetch_related(
        "labels", "organisation__names", "posts__post__organisation__names"
    )


def seat_facts(seat, edition):
    """Return a seat as printed: label, body, lead posts, and delegates in their layers. Posts, never holders."""
    label = seat.label_on(edition.as_on, edition.guidance)
    held = [p for p in seat.posts.all() if p.holds_on(edition.as_on)]
    known = {p.pk: p for p in held}
    return {
        "slug": seat.slug, "kind": seat.kind, "label": label.text if label else seat.get_kind_display(),
        "organisation": seat.organisation.name_on(edition.as_on),
        "lead_term": label.lead_term if label else "", "delegate_term": label.delegate_term if label else "",
        "leads": [{"post": p.post.slug, "title": p.post.title} for p in held if p.capacity == p.Capacity.LEAD],
        "delegates": [
            {
                "post": p.post.slug, "title": p.post.title, "place": p.place, "layer": len(p.delegates_above(known)) + 1,
                "organisation": p.post.organisation.name_on(edition.as_on) if p.post.organisation else "",
            }
            for p in held if p.capacity == p.Capacity.DELEGATE
        ],
    }


def section_body(section, context):
    """Return a section: its prose, and each block's data with the schema number that wrote it."""
    return {
        "id": str(section.uid), "kind": "section", "anchor": section.anchor, "template_key": section.template_key,
        "heading": section.heading, "audience": section.audience, "body": section.body,
        "blocks": [block_body(row, context) for row in section.blocks.all()],
    }


def block_body(row, context):
    """Return one block's key, title, schema and collected data."""
    block = blocks.get(row.key)
    options = {**context.__dict__, "options": dict(row.options)}
    return {"key": block.key, "title": row.options.get("title", block.title), "schema": block.schema, "data": block.collect(blocks.BlockContext(**options))}


def answers(edition):
    """Return the answers to each requirement of the edition's guidance, with the requirement as it reads today."""
    given = {(a.guidance, a.code): a for a in edition.answers.all()}
    return [answer_body(r, given.get((r.edition.key, r.code))) for r in requirements_of(edition)]


def requirements_of(edition):
    """Return the requirements that an edition of this kind is to answer, or none when its kind answers none.

    Guidance that lists nothing for this kind of publication, such as the Care Act for arrangements, is answered as a whole.
    """
    asked = edition.publication.sort.guidance_kind
    if not asked:
        return []
    found = []
    for key in edition.guidance:
        rows = list(guidance.requirements([key]))
        found += [row for row in rows if row.kind == asked] or rows
    return found


def answer_body(requirement, answer):
    """Return one answer with the requirement's own words, force, source and how sure they are."""
    return {
        "guidance": requirement.edition.key, "code": requirement.code, "text": requirement.text,
        "force": requirement.force, "source": requirement.source,
        "confirmation": requirement.status if requirement.is_confirmed else "provisional",
        "status": answer.status if answer else "unanswered",
        "reason": answer.reason if answer else "",
        "by_when": answer.by_when if answer else None,
        "sections": list(answer.sections) if answer else [],
    }


def last_parts(edition):
    """Return the parts last submitted for this edition, as ``{id: body}``; empty before the first time."""
    if not edition.signed_text_id:
        return {}
    payloads = PartPayload.objects.filter(part__signed_text=edition.signed_text_id).select_related("part")
    return {payload.part.part_id: json.loads(payload.text) for payload in payloads}


def keep_edition(content, edition):
    """Store the content of an edition as a SignedText and return it."""
    return keep(content, partnership=edition.partnership, kind=edition.publication.kind, publication=edition.publication)


def keep(content, *, partnership, kind, publication=None):
    """Store ``content`` as a SignedText and return it; the same content is kept once."""
    text, created = SignedText.objects.get_or_create(
        partnership=partnership, digest=content.digest,
        defaults={"kind": kind, "publication": publication, "recipe": RECIPE, "manifest": content.manifest},
    )
    if created:
        parts = SignedPart.objects.bulk_create(
            SignedPart(signed_text=text, part_id=p.id, kind=p.kind, digest=p.digest, position=i) for i, p in enumerate(content.parts)
        )
        PartPayload.objects.bulk_create(PartPayload(part=row, text=p.text) for row, p in zip(parts, content.parts, strict=True))
    return text
