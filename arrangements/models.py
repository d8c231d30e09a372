"""What the partners arranged: agencies, groups, memberships, money, links, dispute routes, milestones.

Each model takes real partnerships as they are, not a tidy version of them: lists that are expected rather than
confirmed, amounts that nobody stated, totals printed as credits, chairs that rotate, groups that somebody else owns.
"""
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from masa.partnerships.fields import (
    Audience,
    DatedQuerySet,
    DatedRow,
    RegisterRow,
    date_field,
    ends_after_start,
)
from masa.partnerships.models import Area, Organisation, Partnership, Post, Seat, name_field, slug_field
from masa.partnerships.scope import scoped


def audience_field(default=Audience.CHILDREN):
    """Return the field that says whether a row is about children, adults or both."""
    return models.CharField("about", max_length=10, choices=Audience, default=default)


def position_field():
    """Return the field by which staff order rows."""
    return models.PositiveIntegerField("order", default=0)


def partnership_field(related_name):
    """Return the field that ties a row to its partnership."""
    return models.ForeignKey(Partnership, models.CASCADE, related_name=related_name)


def money_field(label, **options):
    """Return an optional amount in pounds, never negative; empty means not stated, which is not zero."""
    return models.DecimalField(
        label, max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0, "An amount cannot be negative.")], **options
    )


def how_often(times, per):
    """Return how often something happens, in words: 4 a year is "quarterly", 2 a year "twice a year"; empty when not stated."""
    if not times or not per:
        return ""
    usual = {(4, "year"): "quarterly", (12, "year"): "monthly", (1, "month"): "monthly", (1, "week"): "weekly"}
    words = {1: "once", 2: "twice"}.get(times, f"{times} times")
    return usual.get((times, per), f"{words} a {per}")


def never_negative(name, *fields):
    """Return the constraint that none of these amounts is below zero."""
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0})
    return models.CheckConstraint(condition=condition, name=name, violation_error_message="An amount cannot be negative.")


def refuse_overlap(row, model, fields, message):
    """Raise ValidationError with ``message`` when another row with the same values in ``fields`` holds on a day of this one."""
    same = model.objects.filter(**{field: getattr(row, field) for field in fields}).exclude(pk=row.pk)
    starts, ends = row.starts_on, row.ends_on
    if starts is not None:
        same = same.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts))
    if ends is not None:
        same = same.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=ends))
    if same.exists():
        raise ValidationError(message)


# Agencies ------------------------------------------------------------------------------------------------------------


class RelevantAgency(DatedRow):
    """An organisation, or a category of them, that works within the arrangements (ROLE-RA, ROLE-OTHER)."""

    class Basis(models.TextChoices):
        DESIGNATED = "designated", "Included by law"
        SELECTED = "selected", "Chosen by the partners from the list in the regulations"
        VOLUNTARY = "voluntary", "Included by agreement, outside the list in the regulations"
        PARTNER = "partner", "A safeguarding partner, listed with the agencies"
        NOT_STATED = "not_stated", "Not stated"

    class Sector(models.TextChoices):
        PARTNER = "partner", "Safeguarding partners"
        EDUCATION = "education", "Education and childcare"
        HEALTH = "health", "Health and social care"
        JUSTICE = "justice", "Criminal justice"
        EMERGENCY = "emergency", "Emergency services"
        VOLUNTARY = "voluntary", "Voluntary and community"
        OTHER = "other", "Other"

    partnership = partnership_field("agencies")
    slug = slug_field("The word in this agency's own public address.")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="agency_rows")
    category = name_field("category", "Such as each primary school, when this row stands for many bodies.", blank=True)
    printed_name = name_field("name as printed", blank=True, help_text="When the document prints another name than the register's.")
    called = name_field("in a sentence", "How a sentence names one of them, such as a primary school.", max_length=120, blank=True)
    sector = models.CharField(max_length=12, choices=Sector, default=Sector.OTHER)
    basis = models.CharField(max_length=12, choices=Basis, default=Basis.NOT_STATED)
    regulation_code = models.CharField("category in the regulations", max_length=10, blank=True, help_text="Such as RA-04.")
    why_chosen = models.TextField("why included", blank=True)
    how_works = models.TextField("how it works with others", blank=True)
    how_assured = models.TextField("how its policies are assured", blank=True)
    expectations = models.TextField("what is expected of it", blank=True, help_text="One expectation a line.")
    list_reviewed_on = date_field("list last reviewed")
    audience = audience_field()
    position = position_field()

    objects = scoped(queryset=DatedQuerySet)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "relevant agencies"
        constraints = [
            models.UniqueConstraint(fields=["partnership", "slug"], name="agency_slug_once"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, category="") | (Q(organisation__isnull=True) & ~Q(category="")),
                name="agency_is_body_or_category",
                violation_error_message="Choose an organisation or write a category, not both.",
            ),
            ends_after_start("agency_ends_after_start"),
        ]

    def __str__(self):
        return self.printed_name or self.category or str(self.organisation)


class CategoryMember(DatedRow):
    """An organisation that belonged to a category from a date to a date."""

    agency = models.ForeignKey(RelevantAgency, models.CASCADE, related_name="members")
    organisation = models.ForeignKey(Organisation, models.PROTECT)

    objects = scoped("agency__partnership", queryset=DatedQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "organisation", "starts_on"], name="category_member_once"),
            ends_after_start("category_member_ends_after_start"),
        ]

    def __str__(self):
        return str(self.organisation)

    def clean(self):
        if self.agency_id and self.agency.organisation_id:
            raise ValidationError({"agency": "Only a category has members; this agency is one organisation."})
        refuse_overlap(self, CategoryMember, ("agency_id", "organisation_id"), "This organisation already belongs to the category in that period.")


# Groups --------------------------------------------------------------------------------------------------------------


class Group(RegisterRow):
    """A body in the structure: an executive, a sub-group, a forum, a support team, an outside board."""

    class Kind(models.TextChoices):
        LEADERSHIP = "leadership", "Leadership"
        EXECUTIVE = "executive", "Executive"
        PARTNERS = "partners", "Wider partners"
        SUBGROUP = "subgroup", "Sub-group"
        FORUM = "forum", "Forum"
        TASK = "task", "Task or action group"
        TEAM = "team", "Support team"
        SUMMIT = "summit", "Summit"
        OPERATIONAL = "operational", "Operational group"
        OUTSIDE = "outside", "Outside body"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        SHADOW = "shadow", "Running in shadow form"
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"
        ENDED = "ended", "Ended"

    partnership = partnership_field("groups")
    slug = slug_field("Stable within the partnership.")
    name = name_field("name")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SUBGROUP)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    remit = models.TextField(blank=True)
    audience = audience_field()
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True)
    also_owned_by = models.ManyToManyField(Partnership, related_name="shared_groups", blank=True, help_text="Other partnerships that own this group jointly.")
    outside_owner = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="groups_owned", help_text="When the group is someone else's.")
    meets_times = models.PositiveSmallIntegerField("meets", null=True, blank=True, help_text="How many times in the period beside it.")
    meets_per = models.CharField("per", max_length=10, blank=True, choices=[("year", "year"), ("month", "month"), ("week", "week")])
    meets_words = name_field("or in words", "When how often is conditional, such as when a case is referred.", blank=True)
    terms_agreed_on = date_field("terms of reference agreed")
    terms_review_months = models.PositiveSmallIntegerField("terms reviewed every (months)", null=True, blank=True)
    terms_note = name_field("note on the terms", blank=True)
    position = position_field()

    _history_m2m_fields = [also_owned_by]
    objects = scoped()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "slug"], name="group_slug_once"),
            models.CheckConstraint(
                condition=Q(meets_times__isnull=True, meets_per="") | (Q(meets_times__gte=1) & ~Q(meets_per="")),
                name="group_meets_so_often_per_period",
                violation_error_message="Give both how many times the group meets and in which period.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def meets(self):
        """How often the group meets, in words; empty when not stated."""
        return "; ".join(filter(None, [how_often(self.meets_times, self.meets_per), self.meets_words]))


class GroupName(DatedRow):
    """A name that a group had for a time, or another name that its documents use."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="names")
    name = name_field("name")
    note = name_field("note", blank=True)

    objects = scoped("group__partnership", queryset=DatedQuerySet)

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [ends_after_start("group_name_ends_after_start")]

    def __str__(self):
        return self.name


class ChairTerm(DatedRow):
    """Who chairs a group: a post, a person, an organisation, or a rota of seats that take turns."""

    class Role(models.TextChoices):
        CHAIR = "chair", "Chair"
        VICE = "vice", "Vice-chair"
        JOINT = "joint", "Joint chair"

    group = models.ForeignKey(Group, models.CASCADE, related_name="chairs")
    role = models.CharField(max_length=6, choices=Role, default=Role.CHAIR)
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="chairs")
    person = name_field("person", blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    rota = models.ManyToManyField(Seat, blank=True, help_text="The seats that take turns.")
    rota_months = models.PositiveSmallIntegerField("months in each turn", null=True, blank=True)
    minimum_months = models.PositiveSmallIntegerField("at least (months)", null=True, blank=True)
    note = name_field("note", blank=True)

    _history_m2m_fields = [rota]
    objects = scoped("group__partnership", queryset=DatedQuerySet)

    class Meta:
        ordering = ["role", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(post__isnull=False, person="", organisation__isnull=True, rota_months__isnull=True)
                    | (Q(post__isnull=True, organisation__isnull=True, rota_months__isnull=True) & ~Q(person=""))
                    | Q(post__isnull=True, person="", organisation__isnull=False, rota_months__isnull=True)
                    | Q(post__isnull=True, person="", organisation__isnull=True, rota_months__gte=1)
                ),
                name="chair_is_one_of_post_person_body_rota",
                violation_error_message="Choose one: a post, a person, an organisation, or a rota with the months of each turn.",
            ),
            ends_after_start("chair_term_ends_after_start"),
        ]

    def __str__(self):
        return f"{self.get_role_display()} of {self.group}"

    def clean(self):
        if self.role == self.Role.CHAIR:
            refuse_overlap(self, ChairTerm, ("group_id", "role"), "The group has another chair in that period. End that term first, or choose joint chair.")


class GroupLink(RegisterRow):
    """A typed edge between two groups, or from a group to a body outside. A graph, not a tree."""

    class Kind(models.TextChoices):
        REPORTS_TO = "reports_to", "reports to"
        ADVISES = "advises", "advises"
        LINKS_TO = "links_to", "links to"
        HOLDS_TO_ACCOUNT = "holds_to_account", "holds to account"
        SCRUTINISES = "scrutinises", "scrutinises"
        REPRESENTED_ON = "represented_on", "is represented on"

    group = models.ForeignKey(Group, models.CASCADE, related_name="links")
    kind = models.CharField(max_length=18, choices=Kind)
    to_group = models.ForeignKey(Group, models.CASCADE, null=True, blank=True, related_name="linked_from")
    to_name = name_field("or a body outside", blank=True)
    by_post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, help_text="Who represents the group there.")
    note = name_field("note", blank=True)

    objects = scoped("group__partnership")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_group__isnull=False, to_name="") | (Q(to_group__isnull=True) & ~Q(to_name="")),
                name="group_link_has_one_end",
                violation_error_message="Choose a group or write the name of a body outside, not both.",
            ),
            models.UniqueConstraint(fields=["group", "kind", "to_group"], condition=Q(to_group__isnull=False), name="group_link_once"),
        ]

    def __str__(self):
        return f"{self.group} {self.get_kind_display()} {self.to_group or self.to_name}"

    def clean(self):
        if self.group_id and self.group_id == self.to_group_id:
            raise ValidationError({"to_group": "A group cannot be tied to itself."})
        if self.kind != self.Kind.REPORTS_TO or not (self.group_id and self.to_group_id):
            return
        above, queue = set(), [self.to_group_id]
        while queue:
            at = queue.pop()
            if at == self.group_id:
                raise ValidationError({"to_group": f"{self.group} would report to itself along this line."})
            if at not in above:
                above.add(at)
                queue += GroupLink.objects.filter(group_id=at, kind=self.kind).exclude(pk=self.pk).exclude(to_group=None).values_list("to_group_id", flat=True)


class Membership(DatedRow):
    """A place in a group, held by exactly one of a post, an organisation or an agency."""

    class Role(models.TextChoices):
        MEMBER = "member", "Member"
        OBSERVER = "observer", "Participant observer"
        ADVISER = "adviser", "Adviser"
        CONTRIBUTOR = "contributor", "Contributor"

    class Attendance(models.TextChoices):
        STANDING = "standing", "Standing"
        INVITED = "invited", "By invitation"

    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    agency = models.ForeignKey(RelevantAgency, models.PROTECT, null=True, blank=True, related_name="memberships")
    role = models.CharField("as", max_length=12, choices=Role, default=Role.MEMBER)
    is_statutory = models.BooleanField("for a safeguarding partner", default=False)
    has_vote = models.BooleanField("has a vote", null=True, blank=True)
    attendance = models.CharField(max_length=10, choices=Attendance, default=Attendance.STANDING)
    audience = audience_field(Audience.BOTH)
    note = name_field("note as printed", blank=True)
    position = position_field()

    objects = scoped("group__partnership", queryset=DatedQuerySet)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(post__isnull=False, organisation__isnull=True, agency__isnull=True)
                    | Q(post__isnull=True, organisation__isnull=False, agency__isnull=True)
                    | Q(post__isnull=True, organisation__isnull=True, agency__isnull=False)
                ),
                name="member_is_one_of_post_body_agency",
                violation_error_message="Choose exactly one of a post, an organisation or an agency.",
            ),
            ends_after_start("membership_ends_after_start"),
        ]

    def __str__(self):
        return str(self.post or self.organisation or self.agency)

    def clean(self):
        if self.group_id and self.agency_id and self.group.partnership_id != self.agency.partnership_id:
            raise ValidationError({"agency": "Choose an agency of the group's own partnership."})
        holder = ("group_id", "post_id", "organisation_id", "agency_id")
        refuse_overlap(self, Membership, holder, "This member already has a place in the group in that period.")


# Who takes part in what ----------------------------------------------------------------------------------------------


class Strand(RegisterRow):
    """A column of the printed matrix of agencies, tied to any number of groups, or to money."""

    partnership = partnership_field("strands")
    slug = slug_field("Stable within the partnership.")
    label = name_field("label as printed")
    groups = models.ManyToManyField(Group, related_name="strands", blank=True)
    is_money = models.BooleanField("contributes money", default=False)
    printed_total = models.PositiveSmallIntegerField("number of agencies counted in the source", null=True, blank=True)
    position = position_field()

    _history_m2m_fields = [groups]
    objects = scoped()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["partnership", "slug"], name="strand_slug_once")]

    def __str__(self):
        return self.label


class Involvement(RegisterRow):
    """An agency takes part in a strand."""

    class Certainty(models.TextChoices):
        EXPECTED = "expected", "Expected"
        CONFIRMED = "confirmed", "Confirmed"

    agency = models.ForeignKey(RelevantAgency, models.CASCADE, related_name="involvements")
    strand = models.ForeignKey(Strand, models.CASCADE, related_name="involvements")
    certainty = models.CharField(max_length=10, choices=Certainty, default=Certainty.CONFIRMED)
    audience = audience_field(Audience.BOTH)
    note = name_field("note as printed", blank=True)

    objects = scoped("agency__partnership")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "strand"], name="involvement_once")]

    def __str__(self):
        return f"{self.agency}: {self.strand}"

    def clean(self):
        if self.agency_id and self.strand_id and self.agency.partnership_id != self.strand.partnership_id:
            raise ValidationError({"strand": "Choose a strand of the agency's own partnership."})


class Agreement(RegisterRow):
    """A memorandum, protocol or information-sharing agreement between named parties."""

    class Kind(models.TextChoices):
        MEMORANDUM = "memorandum", "Memorandum of understanding"
        PROTOCOL = "protocol", "Protocol"
        SHARING = "sharing", "Information-sharing agreement"

    class State(models.TextChoices):
        PLANNED = "planned", "To be made"
        IN_FORCE = "in_force", "In force"
        TO_UPDATE = "to_update", "In force, to be updated"
        ENDED = "ended", "Ended"

    partnership = partnership_field("agreements")
    kind = models.CharField(max_length=12, choices=Kind)
    title = name_field("title")
    state = models.CharField(max_length=10, choices=State, default=State.IN_FORCE)
    parties = models.ManyToManyField(Organisation, related_name="agreements", blank=True)
    parties_note = name_field("parties, in words", blank=True)
    governs = models.ManyToManyField(Group, related_name="agreements", blank=True)
    signed_on = date_field("signed")
    signed_words = name_field("signed, as printed", "When only a month or year is known.", max_length=60, blank=True)
    review_on = date_field("review by")
    link = models.URLField("where it can be read", blank=True)
    position = position_field()

    _history_m2m_fields = [parties, governs]
    objects = scoped()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.title


# Money ---------------------------------------------------------------------------------------------------------------


class Fund(RegisterRow):
    """One body's income and spending in one financial year, with the totals as its source prints them."""

    partnership = partnership_field("funds")
    slug = slug_field("Stable within the partnership, such as 2018-19.")
    title = name_field("title")
    body_funded = name_field("body funded", "May be the body before this partnership.")
    is_predecessor = models.BooleanField("of the body before this partnership", default=False)
    year_starts_on = models.DateField("financial year starts")
    year_ends_on = models.DateField("financial year ends")
    printed_total = name_field("total as printed", "Exactly as the source prints it, sign and all.", max_length=40, blank=True)
    printed_total_value = models.DecimalField("that total as a number", max_digits=13, decimal_places=2, null=True, blank=True)
    note = models.TextField(blank=True)
    position = position_field()

    objects = scoped()

    class Meta:
        ordering = ["position", "-year_starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "slug"], name="fund_slug_once"),
            ends_after_start("fund_year_ends_after_start", "year_starts_on", "year_ends_on"),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        if self.printed_total_value is not None and not self.printed_total:
            raise ValidationError({"printed_total": "Write the total as the source prints it."})


class Contribution(RegisterRow):
    """One line of income. The payer may be unknown, or no payer at all; the amount may not be stated."""

    class Form(models.TextChoices):
        CASH = "cash", "Cash"
        IN_KIND = "in_kind", "In kind"

    class Flexibility(models.TextChoices):
        FIXED = "fixed", "Fixed"
        FLEXIBLE = "flexible", "Flexible"
        NOT_STATED = "", "Not stated"

    class Stage(models.TextChoices):
        PLANNED = "planned", "Planned"
        ACTUAL = "actual", "Actual"

    fund = models.ForeignKey(Fund, models.CASCADE, related_name="contributions")
    payer = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="contributions", help_text="Empty when the line is a purpose and not a payer.")
    label = name_field("label as printed")
    form = models.CharField(max_length=8, choices=Form, default=Form.CASH)
    how_valued = name_field("how valued", "For a contribution in kind.", blank=True)
    amount = money_field("amount (£)", help_text="Leave empty when not stated: empty is not zero.")
    flexibility = models.CharField(max_length=10, choices=Flexibility, default=Flexibility.NOT_STATED, blank=True)
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.PLANNED)
    children_share = money_field("for children (£)")
    adults_share = money_field("for adults (£)")
    is_statutory = models.BooleanField("from a safeguarding partner", default=False)
    footnote = name_field("footnote", blank=True)
    position = position_field()

    objects = scoped("fund__partnership")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [never_negative("contribution_never_negative", "amount", "children_share", "adults_share")]

    def __str__(self):
        return self.label

    def clean(self):
        shares = [s for s in (self.children_share, self.adults_share) if s is not None]
        if shares and self.amount is not None and sum(shares) > self.amount:
            raise ValidationError("The shares for children and adults add to more than the amount.")


class Expenditure(RegisterRow):
    """One line of spending."""

    fund = models.ForeignKey(Fund, models.CASCADE, related_name="spending")
    heading = name_field("heading")
    amount = money_field("amount (£)", help_text="Leave empty when not stated: empty is not zero.")
    full_time_posts = models.DecimalField("full-time equivalent posts", max_digits=5, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0, "Posts cannot be negative.")])
    shared_with = name_field("shared with", blank=True)
    footnote = name_field("footnote", blank=True)
    position = position_field()

    objects = scoped("fund__partnership")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [never_negative("expenditure_never_negative", "amount", "full_time_posts")]
        verbose_name_plural = "expenditure"

    def __str__(self):
        return self.heading


# Links, priorities, disputes, milestones -----------------------------------------------------------------------------


class StrategicLink(RegisterRow):
    """A board or partnership to which the arrangements are linked (WT18-PUB-A6, WT23-PUB-20)."""

    partnership = partnership_field("strategic_links")
    name = name_field("board or partnership")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    how = models.TextField("how the link works", blank=True)
    relation = models.CharField(max_length=18, choices=[("linked", "Linked"), ("held_to_account", "Held to account"), ("jointly_led", "Led jointly")], default="linked")
    audience = audience_field(Audience.BOTH)
    position = position_field()

    objects = scoped()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name


class Priority(DatedRow):
    """What the partners have agreed to work on first."""

    partnership = partnership_field("priorities")
    title = name_field("title")
    success = models.TextField("what success looks like", blank=True)
    audience = audience_field()
    position = position_field()

    objects = scoped(queryset=DatedQuerySet)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "priorities"
        constraints = [ends_after_start("priority_ends_after_start")]

    def __str__(self):
        return self.title


class DisputeRoute(RegisterRow):
    """What to do about a disagreement, chosen by who disagrees (DIS-01)."""

    partnership = partnership_field("dispute_routes")
    slug = slug_field("Stable within the partnership.")
    title = name_field("title")
    who_disagrees = name_field("who disagrees", "The reader this route is for, such as practitioners in two agencies.")
    is_whistleblowing = models.BooleanField("a whistleblowing route, open at any time", default=False)
    basis = models.TextField("procedure it rests on", blank=True)
    audience = audience_field()
    position = position_field()

    objects = scoped()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["partnership", "slug"], name="dispute_route_slug_once")]

    def __str__(self):
        return self.title


class DisputeStep(RegisterRow):
    """One step of a route."""

    route = models.ForeignKey(DisputeRoute, models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    who = name_field("who acts", blank=True)
    what = models.TextField("what happens")
    within_days = models.PositiveSmallIntegerField("within (working days)", null=True, blank=True)
    within_words = name_field("or in words", blank=True)
    contact = name_field("contact", blank=True)
    if_unresolved = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, verbose_name="if unresolved, go to", help_text="Empty means the next step.")

    objects = scoped("route__partnership")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["route", "number"], name="dispute_step_number_once")]

    def __str__(self):
        return f"{self.route}, step {self.number}"

    def clean(self):
        onward = self.if_unresolved
        if onward is not None and onward.route_id != self.route_id:
            raise ValidationError({"if_unresolved": "Choose a step of the same route."})
        if onward is not None and self.number is not None and onward.number <= self.number:
            raise ValidationError({"if_unresolved": "Choose a later step, so that a disagreement cannot go round in a circle."})


class Milestone(RegisterRow):
    """Something to be done by a date, with the evidence that it was."""

    partnership = partnership_field("milestones")
    event = name_field("what")
    due_on = date_field("due")
    due_words = name_field("due, as printed", max_length=80, blank=True)
    done_on = date_field("done")
    evidence = name_field("evidence", blank=True)
    note = models.TextField(blank=True)
    position = position_field()

    objects = scoped()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.event


class HandoverItem(RegisterRow):
    """Something that passes from one body to another: a review, a child death, a record, an action of a plan."""

    class Kind(models.TextChoices):
        REVIEW = "review", "Open review"
        CHILD_DEATH = "child_death", "Child death review"
        RECORD = "record", "Record"
        PLAN_ACTION = "plan_action", "Action of a plan"
        WEBSITE = "website", "Website"

    partnership = partnership_field("handover_items")
    kind = models.CharField(max_length=12, choices=Kind)
    what = name_field("what")
    from_body = name_field("from")
    to_body = name_field("to")
    due_on = date_field("due")
    due_months = models.PositiveSmallIntegerField("or within (months of the start)", null=True, blank=True)
    done_on = date_field("done")
    evidence = name_field("evidence", blank=True)
    note = models.TextField(blank=True)
    position = position_field()

    objects = scoped()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.what


class ReportingRoute(RegisterRow):
    """A local body that is told or given something: a board, a committee, a commissioner."""

    partnership = partnership_field("reporting_routes")
    recipient = name_field("recipient")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    receives = name_field("what it receives")
    kinds = models.CharField("kinds of publication", max_length=200, blank=True, help_text="Words such as arrangements or yearly_report, separated by spaces.")
    within_days = models.PositiveSmallIntegerField("within (days of publication)", null=True, blank=True)
    how_often = name_field("how often", blank=True)
    audience = audience_field()
    position = position_field()

    objects = scoped()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.recipient


class ScrutinyMechanism(RegisterRow):
    """A way in which the arrangements are scrutinised independently (SCR): a person, experts, young people, a board."""

    class Kind(models.TextChoices):
        SCRUTINEER = "scrutineer", "Independent scrutineer"
        EXPERTS = "experts", "Sector experts"
        YOUNG_PEOPLE = "young_people", "Young people and people who use services"
        BOARD = "board", "Regional board"
        PEER = "peer", "Peer review"

    partnership = partnership_field("scrutiny_mechanisms")
    kind = models.CharField(max_length=12, choices=Kind)
    name = name_field("name")
    who = name_field("who", blank=True)
    what = models.TextField("what they do", blank=True)
    meets_times = models.PositiveSmallIntegerField("times", null=True, blank=True)
    meets_per = models.CharField("per", max_length=10, blank=True, choices=[("year", "year"), ("month", "month")])
    how_often = name_field("how often, in words", blank=True)
    audience = audience_field()
    position = position_field()

    objects = scoped()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name
