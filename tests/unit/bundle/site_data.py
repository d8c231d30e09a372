"""A small site by hand, without a database: two publications, three editions, one section removed."""
import datetime
from datetime import date

from masa.bundle.shapes import EditionData, PartData, PdfFile, PublicationData, Removal, SiteData, Update
from masa.publishing.canonical import canonical, digest_of

AT = datetime.datetime(2026, 3, 2, 10, 0, tzinfo=datetime.UTC)
PRIORITIES = {
    "key": "priorities", "title": "Priorities", "schema": 1,
    "data": {"audience": "children", "priorities": [{"title": "=Babies", "success": "Fewer are harmed", "audience": "children"}]},
}


def part(body, **facts):
    """Return a part with its canonical text."""
    body = {**body, "salt": "00"}
    text = canonical(body)
    return PartData(body["id"], body["kind"], digest_of(text), text, body, **facts)


def removed(part_id, anchor):
    """Return what is left of a removed section."""
    stub = Removal(date(2026, 3, 9), "court_order", "A court order", "Publisher")
    return PartData(part_id, "section", "a" * 64, None, None, stub, anchor)


def section(anchor, heading, body="<p>Words.</p>", blocks=(), audience="children"):
    return part({
        "id": f"id-{anchor}", "kind": "section", "anchor": anchor, "template_key": anchor, "heading": heading, "audience": audience,
        "body": body, "blocks": list(blocks),
    })


def about(**facts):
    seats = [{
        "slug": "health", "kind": "health", "label": "Integrated care board", "organisation": "Two Rivers ICB", "lead_term": "Lead safeguarding partner",
        "delegate_term": "", "leads": [{"post": "icb-chief", "title": "Chief Executive"}], "delegates": [],
    }]
    return part({
        "id": "about", "kind": "about", "summary": "How we work.", "change_note": "A new beginning.", "guidance": ["wt23"],
        "review": {"on": "2027-03-01", "words": ""}, "explains": None, "audience": "both", "reconstruction": None, "seats": seats, **facts,
    })


def answers():
    row = {
        "guidance": "wt23", "code": "WT23-01", "text": "Say who the partners are.", "force": "must", "source": "Chapter 2", "confirmation": "provisional",
        "status": "partly", "reason": "One is missing.", "by_when": "2026-12-01", "sections": ["id-aims"],
    }
    return part({"id": "answers", "kind": "answers", "answers": [row]})


def edition(number, state, parts, slug="arrangements", title="Our arrangements", **facts):
    manifest = {
        "publication": {"slug": slug, "title": title}, "edition": {"number": number, "title": title, "language": "en"},
        "parts": [{"id": p.id, "digest": p.digest, "kind": p.kind} for p in parts],
    }
    text = canonical(manifest)
    record = {"digest": digest_of(text), "sign_offs": [{
        "seat": "health", "capacity": "lead", "person": "Ann Example", "post": "Chief Executive", "organisation": "Two Rivers ICB",
        "decision": "agree", "conditions": "", "how": "recorded", "at": "2026-03-01T10:00:00+00:00", "agreed_on": "2026-02-27",
    }]}
    return EditionData(
        number=number, state=state, origin="made", digest=digest_of(text), manifest_text=text, manifest=manifest, parts=tuple(parts),
        as_on=date(2026, 3, 1), in_force_from=date(2026, 4, 1), ends_on=None, **{"published_on": date(2026, 3, 2), "record": record, **facts},
    )


def make_site(**changes):
    """Return a SiteData; ``changes`` replace its facts."""
    first = edition(1, "superseded", [about(), answers(), section("aims", "Aims", "<p>The old aims.</p>"), removed("id-secret", "secret")], superseded_at=AT)
    second = edition(2, "published", [
        about(), answers(), section("aims", "Aims", '<p>We keep <span data-scope="children">children</span> safe.</p><h3>How</h3><p>Together.</p>'),
        section("priorities", "Priorities", "", [PRIORITIES]), removed("id-secret", "secret"),
    ], pdf=PdfFile("b" * 64, 1000, 3, False))
    explained = edition(
        1, "published", [about(explains={"publication": "arrangements", "edition": 1}), section("you", "You")], slug="for-you", title="For you"
    )
    facts = {
        "slug": "two-rivers", "name": "Two Rivers & Co", "short_name": "Two Rivers", "strapline": "", "accent": "teal", "audience": "both",
        "sample": "", "areas": ["North", "South"], "footprints": [], "host": "The council", "privacy_note": "Ours.\n\nMore.", "accessibility_note": "",
        "controllers": [], "routes": [{
            "kind": "child", "label": "Worried about a child", "name": "Front door", "telephone": "0191 498 0000", "address": "help.example.org",
            "hours": "", "note": "", "area": "", "checked_on": date(2026, 1, 1),
        }],
        "holders_on": date(2026, 3, 1), "holders": {date(2026, 3, 1): {"icb-chief": {"name": "Ann Example", "standing": "interim"}}},
        "publications": (
            PublicationData("arrangements", "Our arrangements", "arrangements", "Published arrangements", False, (second, first)),
            PublicationData("for-you", "For you", "children-and-families", "For children and families", True, (explained,)),
        ),
        "updates": (Update(3, AT, date(2026, 3, 2), "Edition 2 published", "A <new> beginning.", "arrangements/editions/2/"),),
        "redirects": [("old/", "arrangements/")], "gone": ["arrangements/lost.csv/"], "guidance": {"wt23": "Working Together 2023"}, "removals": 2,
        "overdue": frozenset(),
    }
    return SiteData(**{**facts, **changes})
