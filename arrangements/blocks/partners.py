"""The safeguarding partners by seat: who leads, who acts for them and in which layers. Posts, never their holders."""

from django.db.models import Prefetch

from arrangements.blocks.rows import body_name, named, post_data, post_words
from arrangements.blocks.words import joined
from masa.partnerships.models import Post, Seat, SeatPost
from masa.publishing.blocks import Block, Table

LEAD, DELEGATE = "Lead", "Delegate"  # words where no label of the period gives its own


class Partners(Block):
    """Each statutory partner's seat, and delegates without a seat, who take part and never sign."""

    key = "partners"
    title = "The safeguarding partners"
    about = "Each partner's lead and delegated posts. The page shows who holds them now."

    def collect(self, context):
        held = seat_posts(context)
        seats = (
            Seat.objects.filter(partnership=context.partnership)
            .on(context.as_on)
            .prefetch_related(
                named("organisation"),
                "labels",
                "area",
                named("acts_for__organisation"),
            )
        )
        return {
            "audience": context.audience,
            "seats": [seat_data(seat, [p for p in held if p.seat_id == seat.pk], context) for seat in seats],
            "others": [delegate_data(p, {}, context.as_on) for p in held if p.seat_id is None],
        }

    def tables(self, data, schema):
        columns = ["Post", "Partner", "As", "Acts under", "Place", "Note"]
        rows = [row for seat in data["seats"] for row in seat_rows(seat)]
        rows += [[post_words(p), "", "Delegate without a seat", "", p["place"], p["note"]] for p in data["others"]]
        return [Table("partners", self.title, columns, rows)]


def seat_posts(context):
    """Return the lead and delegated posts of the day, in order; a constant number of queries."""
    posts = Prefetch("post", Post.objects.prefetch_related(named("organisation")))
    return list(SeatPost.objects.filter(partnership=context.partnership).on(context.as_on).prefetch_related(posts))


def seat_data(seat, held, context):
    """Return one seat as data: as labelled under the edition's guidance, with the body's name of the day."""
    label = seat.label_on(context.as_on, context.guidance)
    known = {p.pk: p for p in held}
    return {
        "slug": seat.slug,
        "kind": seat.kind,
        "label": label.text if label else seat.get_kind_display(),
        "organisation": body_name(seat.organisation, context.as_on),
        "area": seat.area.name if seat.area else "",
        "acts_for": body_name(seat.acts_for.organisation, context.as_on) if seat.acts_for else "",
        "lead_term": (label and label.lead_term) or LEAD,
        "delegate_term": (label and label.delegate_term) or DELEGATE,
        "leads": [
            {**post_data(p.post, context.as_on), "note": p.note} for p in held if p.capacity == SeatPost.Capacity.LEAD
        ],
        "delegates": in_layers(
            [delegate_data(p, known, context.as_on) for p in held if p.capacity == SeatPost.Capacity.DELEGATE]
        ),
    }


def delegate_data(seat_post, known, as_on):
    """Return a delegated post as data: its layer, and the slug of the post above it where that is a delegate too."""
    above = seat_post.delegates_above(known)
    return {
        **post_data(seat_post.post, as_on),
        "place": seat_post.place,
        "note": seat_post.note,
        "layer": len(above) + 1,
        "under": above[0].post.slug if above else "",
    }


def in_layers(delegates):
    """Return delegates in the order of their layers; within a layer the order stays."""
    return sorted(delegates, key=lambda delegate: delegate["layer"])


def seat_rows(seat):
    """Return the rows of one seat for a table."""
    partner = joined(seat["label"], seat["organisation"], seat["area"])
    titles = {d["post"]: d["title"] for d in seat["delegates"]}
    rows = [[post_words(p), partner, seat["lead_term"], "", "", p["note"]] for p in seat["leads"]]
    rows += [
        [
            post_words(d),
            partner,
            seat["delegate_term"],
            titles.get(d["under"], seat["lead_term"]),
            d["place"],
            d["note"],
        ]
        for d in seat["delegates"]
    ]
    return rows or [["Post not stated", partner, seat["lead_term"], "", "", ""]]
