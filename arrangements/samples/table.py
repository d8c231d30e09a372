"""What a file of samples may hold: for each name at its top, the model of its rows, and the rows that stand inside them."""
from dataclasses import dataclass, field

from arrangements import models as arranged
from masa.partnerships import models as parties
from masa.publishing import models as published

#: Rows of these are shared by partnerships: a file may name one that another file, or somebody at work, has made.
SHARED = {parties.Area, parties.Footprint, parties.Organisation, parties.Post, parties.Partnership}


@dataclass(frozen=True)
class Shape:
    """How rows of one kind stand in a file.

    parent: the field that points to the row they stand in, or to the partnership.
    children: the rows inside, by their name in the file. after: those among them that may name any row of the same list.
    later: references that may name a row further down; filled in when the list is whole.
    hidden: fields that no file may set. by_hand: names in the file that are no fields and are read elsewhere.
    """

    model: type
    parent: str = ""
    children: dict = field(default_factory=dict)
    after: tuple = ()
    later: tuple = ()
    hidden: tuple = ()
    by_hand: tuple = ()

    def fields(self):
        """Return the model's fields that a file may set, by name."""
        own = [*self.model._meta.concrete_fields, *self.model._meta.many_to_many]
        return {f.name: f for f in own if not f.primary_key and f.name not in {self.parent, *self.hidden}}

    @property
    def named_by(self):
        """The name under which other rows refer to one of these: its slug, or a key that only the file knows."""
        return "slug" if "slug" in self.fields() else "key"


def within(model, **options):
    """Return the Shape of rows that stand in the partnership itself."""
    return Shape(model, parent="partnership", **options)


PARTNERSHIP = Shape(parties.Partnership)

SHARED_ROWS = {
    "areas": Shape(parties.Area, later=("parent",)),
    "footprints": Shape(parties.Footprint),
    "organisations": Shape(
        parties.Organisation, later=("parent", "successor"), hidden=("owner",),
        children={
            "names": Shape(parties.OrganisationName, parent="organisation"),
            "codes": Shape(parties.OutsideCode, parent="organisation"),
            "contacts": Shape(parties.OrganisationContact, parent="organisation"),
        },
    ),
    "posts": Shape(parties.Post),
    "appointments": Shape(parties.Appointment, hidden=("user",)),
}  # fmt: skip

PARTNERSHIP_ROWS = {
    "successions": within(parties.Succession),
    "data_controllers": within(parties.DataController),
    "seats": within(
        parties.Seat, later=("acts_for",),
        children={
            "labels": Shape(parties.SeatLabel, parent="seat"),
            "posts": Shape(parties.SeatPost, parent="seat", later=("delegated_by",), hidden=("partnership",)),
        },
    ),
    "seat_posts": within(parties.SeatPost, later=("delegated_by",), hidden=("seat",)),
    "contact_routes": within(parties.ContactRoute),
    "agencies": within(arranged.RelevantAgency, children={"members": Shape(arranged.CategoryMember, parent="agency")}),
    "groups": within(
        arranged.Group,
        children={
            "names": Shape(arranged.GroupName, parent="group"),
            "chairs": Shape(arranged.ChairTerm, parent="group"),
            "links": Shape(arranged.GroupLink, parent="group"),
            "memberships": Shape(arranged.Membership, parent="group"),
        },
        after=("links",),
    ),
    "strands": within(arranged.Strand),
    "involvements": Shape(arranged.Involvement),
    "agreements": within(arranged.Agreement),
    "funds": within(
        arranged.Fund,
        children={
            "contributions": Shape(arranged.Contribution, parent="fund"),
            "spending": Shape(arranged.Expenditure, parent="fund"),
        },
    ),
    "strategic_links": within(arranged.StrategicLink),
    "priorities": within(arranged.Priority),
    "dispute_routes": within(
        arranged.DisputeRoute,
        children={"steps": Shape(arranged.DisputeStep, parent="route", later=("if_unresolved",))},
    ),
    "milestones": within(arranged.Milestone),
    "handover_items": within(arranged.HandoverItem),
    "reporting_routes": within(arranged.ReportingRoute),
    "scrutiny_mechanisms": within(arranged.ScrutinyMechanism),
}  # fmt: skip

PUBLICATION = within(published.Publication, hidden=("readers",), by_hand=("editions",))
EDITION = Shape(
    published.Edition, parent="publication",
    hidden=(
        *published.Edition.MOVING, "number", "origin", "guidance", "explains", "source", "status_then", "archived_on",
        "text_changed_by", "text_changed_at", "published_by",
    ),
    by_hand=("guidance", "reconstruction", "explains", "sections", "answers", "moves"),
)  # fmt: skip
SECTION = Shape(
    published.Section, parent="edition", hidden=("uid", "template_key", "body", "position"), by_hand=("body", "blocks", "as_before")
)
ANSWER = Shape(published.Answer, parent="edition", hidden=("sections", "section_digests"), by_hand=("sections",))
