"""The tables of what the partners arranged that can be imported and exported."""

from arrangements.models import (
    CategoryMember,
    Contribution,
    Fund,
    Group,
    Involvement,
    Membership,
    Milestone,
    RelevantAgency,
    Strand,
    StrategicLink,
)
from masa.partnerships.fields import Audience
from masa.partnerships.models import Organisation, Post
from masa.work.register.cells import Choice, Day, FoundRow, Line, Lines, Money, Whole, YesNo
from masa.work.register.tables import RegisterResource, Table, column, register

PERIODS = [("year", "year"), ("month", "month"), ("week", "week")]


def dates():
    """Return the columns of a row that holds from a date to a date."""
    return column("starts_on", "from", Day(blank=None)), column("ends_on", "to", Day(blank=None))


def about(default=Audience.BOTH):
    return column("audience", "about", Choice(Audience, blank=default))


def order():
    return column("position", "order", Whole(blank=0))


class AgencyResource(RegisterResource):
    slug = column("slug", "address word", Line(60))
    organisation = column("organisation", "organisation", FoundRow(Organisation, "organisation", blank=None))
    category = column("category", "category", Line(blank=""))
    printed_name = column("printed_name", "name as printed", Line(blank=""))
    called = column("called", "in a sentence", Line(120, blank=""))
    sector = column("sector", "sector", Choice(RelevantAgency.Sector, blank=RelevantAgency.Sector.OTHER))
    basis = column("basis", "basis", Choice(RelevantAgency.Basis, blank=RelevantAgency.Basis.NOT_STATED))
    regulation_code = column("regulation_code", "category in the regulations", Line(10, blank=""))
    why_chosen = column("why_chosen", "why included", Lines(blank=""))
    how_works = column("how_works", "how it works with others", Lines(blank=""))
    how_assured = column("how_assured", "how its policies are assured", Lines(blank=""))
    expectations = column("expectations", "what is expected of it", Lines(blank=""))
    list_reviewed_on = column("list_reviewed_on", "list last reviewed", Day(blank=None))
    audience = about(Audience.CHILDREN)
    starts_on, ends_on = dates()
    position = order()
    needs = ["slug"]

    class Meta:
        model = RelevantAgency
        import_id_fields = ["slug"]


class CategoryMemberResource(RegisterResource):
    agency = column("agency", "category", FoundRow(RelevantAgency, "agency", name="category"))
    organisation = column("organisation", "organisation", FoundRow(Organisation, "organisation"))
    starts_on, ends_on = dates()
    needs = ["agency", "organisation"]

    class Meta:
        model = CategoryMember
        import_id_fields = ["agency", "organisation", "starts_on"]


class GroupResource(RegisterResource):
    slug = column("slug", "address word", Line(60))
    name = column("name", "name", Line())
    kind = column("kind", "kind", Choice(Group.Kind, blank=Group.Kind.SUBGROUP))
    state = column("state", "state", Choice(Group.State, blank=Group.State.ACTIVE))
    remit = column("remit", "remit", Lines(blank=""))
    audience = about(Audience.CHILDREN)
    meets_times = column("meets_times", "meets (times)", Whole(blank=None))
    meets_per = column("meets_per", "per", Choice(PERIODS, blank=""))
    meets_words = column("meets_words", "meets, in words", Line(blank=""))
    terms_agreed_on = column("terms_agreed_on", "terms agreed", Day(blank=None))
    terms_review_months = column("terms_review_months", "terms reviewed every (months)", Whole(blank=None))
    position = order()
    needs = ["slug", "name"]

    class Meta:
        model = Group
        import_id_fields = ["slug"]


class MembershipResource(RegisterResource):
    group = column("group", "group", FoundRow(Group, "group"))
    post = column("post", "post", FoundRow(Post, "post", name="title", blank=None))
    organisation = column("organisation", "organisation", FoundRow(Organisation, "organisation", blank=None))
    agency = column("agency", "agency", FoundRow(RelevantAgency, "agency", name="printed_name", blank=None))
    role = column("role", "as", Choice(Membership.Role, blank=Membership.Role.MEMBER))
    is_statutory = column("is_statutory", "for a safeguarding partner", YesNo(blank=False))
    has_vote = column("has_vote", "has a vote", YesNo(blank=None))
    attendance = column("attendance", "attendance", Choice(Membership.Attendance, blank=Membership.Attendance.STANDING))
    audience = about()
    note = column("note", "note as printed", Line(blank=""))
    starts_on, ends_on = dates()
    position = order()
    needs = ["group"]

    class Meta:
        model = Membership
        import_id_fields = ["group", "post", "organisation", "agency", "starts_on"]


class StrandResource(RegisterResource):
    slug = column("slug", "address word", Line(60))
    label = column("label", "label as printed", Line())
    is_money = column("is_money", "contributes money", YesNo(blank=False))
    printed_total = column("printed_total", "number counted in the source", Whole(blank=None))
    position = order()
    needs = ["slug", "label"]

    class Meta:
        model = Strand
        import_id_fields = ["slug"]


class InvolvementResource(RegisterResource):
    agency = column("agency", "agency", FoundRow(RelevantAgency, "agency", name="printed_name"))
    strand = column("strand", "takes part in", FoundRow(Strand, "strand", name="label"))
    certainty = column("certainty", "certainty", Choice(Involvement.Certainty, blank=Involvement.Certainty.CONFIRMED))
    audience = about()
    note = column("note", "note as printed", Line(blank=""))
    needs = ["agency", "strand"]

    class Meta:
        model = Involvement
        import_id_fields = ["agency", "strand"]


class ContributionResource(RegisterResource):
    fund = column("fund", "fund", FoundRow(Fund, "fund", name="title"))
    label = column("label", "label as printed", Line())
    payer = column("payer", "payer", FoundRow(Organisation, "organisation", blank=None))
    amount = column("amount", "amount (£)", Money())
    form = column("form", "form", Choice(Contribution.Form, blank=Contribution.Form.CASH))
    how_valued = column("how_valued", "how valued", Line(blank=""))
    flexibility = column("flexibility", "fixed or flexible", Choice(Contribution.Flexibility, blank=""))
    stage = column("stage", "planned or actual", Choice(Contribution.Stage, blank=Contribution.Stage.PLANNED))
    children_share = column("children_share", "for children (£)", Money())
    adults_share = column("adults_share", "for adults (£)", Money())
    is_statutory = column("is_statutory", "from a safeguarding partner", YesNo(blank=False))
    footnote = column("footnote", "footnote", Line(blank=""))
    position = order()
    needs = ["fund", "label"]

    class Meta:
        model = Contribution
        import_id_fields = ["fund", "label"]


class StrategicLinkResource(RegisterResource):
    name = column("name", "board or partnership", Line())
    organisation = column("organisation", "organisation", FoundRow(Organisation, "organisation", blank=None))
    how = column("how", "how the link works", Lines(blank=""))
    relation = column("relation", "relation", Choice(StrategicLink._meta.get_field("relation").choices, blank="linked"))
    audience = about()
    position = order()
    needs = ["name"]

    class Meta:
        model = StrategicLink
        import_id_fields = ["name"]


class MilestoneResource(RegisterResource):
    event = column("event", "what", Line())
    due_on = column("due_on", "due", Day(blank=None))
    due_words = column("due_words", "due, as printed", Line(80, blank=""))
    done_on = column("done_on", "done", Day(blank=None))
    evidence = column("evidence", "evidence", Line(blank=""))
    note = column("note", "note", Lines(blank=""))
    position = order()
    needs = ["event"]

    class Meta:
        model = Milestone
        import_id_fields = ["event"]


for slug, title, purpose, resource in (
    ("agencies", "Relevant agencies", "One row is one agency or one category of them; it is met by its address word.", AgencyResource),
    ("category-members", "Members of categories", "One row is one organisation in one category from a date.", CategoryMemberResource),
    ("strands", "Strands", "One row is one column of the printed matrix of agencies.", StrandResource),
    ("involvements", "Who takes part in what", "One row is one mark in the matrix: an agency takes part in a strand.", InvolvementResource),
    ("groups", "Groups", "One row is one body in the structure; it is met by its address word.", GroupResource),
    ("memberships", "Members of groups", "One row is one place in a group, held by a post, an organisation or an agency.", MembershipResource),
    ("contributions", "Contributions", "One row is one line of a fund's income; an empty amount means not stated.", ContributionResource),
    ("strategic-links", "Strategic links", "One row is one board or partnership to which the arrangements are linked.", StrategicLinkResource),
    ("milestones", "Milestones", "One row is one thing to be done by a date.", MilestoneResource),
):
    register(Table(slug, title, purpose, resource))
