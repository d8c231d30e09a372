"""The tables of what the partners arranged, in the register."""
from decimal import Decimal

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, Sum

from arrangements import importing
from arrangements.models import (
    Agreement,
    CategoryMember,
    ChairTerm,
    Contribution,
    DisputeRoute,
    DisputeStep,
    Expenditure,
    Fund,
    Group,
    GroupLink,
    GroupName,
    HandoverItem,
    Involvement,
    Membership,
    Milestone,
    Priority,
    RelevantAgency,
    ReportingRoute,
    ScrutinyMechanism,
    Strand,
    StrategicLink,
)
from masa.ui.text import LineFormField, date_words, money, parse_money
from masa.work.register.base import EMPTY, HoldsNow, RegisterAdmin, RegisterInline, StackedRegisterInline, period
from masa.work.register.partners import DATES

__all__ = ["importing"]


# Agencies ------------------------------------------------------------------------------------------------------------


class InvolvementInline(RegisterInline):
    model = Involvement
    autocomplete_fields = ["strand"]
    verbose_name_plural = "Takes part in"


class CategoryMemberInline(RegisterInline):
    model = CategoryMember
    autocomplete_fields = ["organisation"]
    fields = ["organisation", "starts_on", "ends_on"]
    verbose_name_plural = "Members, when this is a category"


class BodyOrCategory(admin.SimpleListFilter):
    """One organisation, or a category of them."""

    title = "one body or many"
    parameter_name = "body"

    def lookups(self, request, model_admin):
        return [("one", "One organisation"), ("many", "A category")]

    def queryset(self, request, queryset):
        return queryset.filter(organisation__isnull=self.value() == "many") if self.value() in {"one", "many"} else queryset


@admin.register(RelevantAgency)
class RelevantAgencyAdmin(RegisterAdmin):
    purpose = (
        "Every organisation that works within your arrangements, and categories such as each primary school. "
        "This is the list that the law asks you to publish."
    )
    list_display = ["__str__", "sector", "basis", "audience", period, "position"]
    list_filter = ["sector", "basis", "audience", BodyOrCategory, HoldsNow]
    list_select_related = ["organisation"]
    search_fields = ["printed_name", "category", "organisation__name", "slug"]
    autocomplete_fields = ["organisation"]
    inlines = [InvolvementInline, CategoryMemberInline]
    public_path = "agencies/{row.slug}/"
    fieldsets = [
        ("Which agency", {"fields": ["organisation", "category", "printed_name", "called", "slug", "sector", "audience", "position"]}),
        ("Why it is on the list", {"fields": ["basis", "regulation_code", "why_chosen", "list_reviewed_on"]}),
        ("What is asked of it", {"fields": ["expectations", "how_works", "how_assured"]}),
        DATES,
    ]


@admin.register(Strand)
class StrandAdmin(RegisterAdmin):
    purpose = "The columns of your matrix of agencies: what an agency can take part in, such as case reviews or the budget."
    list_display = ["label", "is_money", "agencies", "printed_total", "position"]
    search_fields = ["label", "slug"]
    autocomplete_fields = ["groups"]
    prepopulated_fields = {"slug": ["label"]}
    fieldsets = [
        ("The column", {"fields": ["label", "slug", "is_money", "position"]}),
        ("What it stands for", {"fields": ["groups", "printed_total"]}),
    ]

    def prepared(self, rows):
        return rows.annotate(taking_part=Count("involvements"))

    @admin.display(description="agencies that take part", ordering="taking_part")
    def agencies(self, row):
        return row.taking_part


# Groups --------------------------------------------------------------------------------------------------------------


class ChairInline(StackedRegisterInline):
    model = ChairTerm
    autocomplete_fields = ["post", "organisation", "rota"]
    verbose_name_plural = "Who chairs it"
    fields = ["role", "post", "person", "organisation", ("rota", "rota_months"), "minimum_months", "note", ("starts_on", "ends_on")]


class GroupLinkInline(RegisterInline):
    model = GroupLink
    fk_name = "group"
    autocomplete_fields = ["to_group", "by_post"]
    verbose_name_plural = "Links to other groups"


class MembershipInline(RegisterInline):
    model = Membership
    autocomplete_fields = ["post", "organisation", "agency"]
    fields = ["post", "organisation", "agency", "role", "is_statutory", "has_vote", "attendance", "audience", "note", "starts_on", "ends_on", "position"]
    verbose_name_plural = "Members: each a post, an organisation or an agency"


class GroupNameInline(RegisterInline):
    model = GroupName
    verbose_name_plural = "Other names"


@admin.register(Group)
class GroupAdmin(RegisterAdmin):
    purpose = "The bodies of your structure, who chairs and attends them, and how they report to each other. The structure diagram is drawn from this."
    list_display = ["name", "kind", "state", "how_often", "audience", "position"]
    list_filter = ["kind", "state", "audience"]
    search_fields = ["name", "slug", "names__name"]
    autocomplete_fields = ["outside_owner"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [ChairInline, MembershipInline, GroupLinkInline, GroupNameInline]
    fieldsets = [
        ("What it is", {"fields": ["name", "slug", "kind", "state", "remit", "audience", "area", "position"]}),
        ("How often it meets", {"fields": [("meets_times", "meets_per"), "meets_words"]}),
        ("Terms of reference", {"fields": ["terms_agreed_on", "terms_review_months", "terms_note"]}),
        ("Whose it is, when not yours alone", {"fields": ["also_owned_by", "outside_owner"]}),
    ]

    @admin.display(description="meets")
    def how_often(self, row):
        return row.meets or None


# Money ---------------------------------------------------------------------------------------------------------------


class MoneyFormField(LineFormField):
    """An amount in pounds as people write it, "£1,234.50"; empty means not stated."""

    def to_python(self, value):
        value = super().to_python(value)
        return parse_money(value) if value else None

    def prepare_value(self, value):
        return f"{value:,.2f}" if isinstance(value, Decimal) else value


class MoneyInline(RegisterInline):
    """Lines of money."""

    money = ()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in self.money:
            return MoneyFormField(
                label=db_field.verbose_name, required=False, help_text=db_field.help_text, widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 14})
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class ContributionInline(MoneyInline):
    model = Contribution
    money = ("amount", "children_share", "adults_share")
    autocomplete_fields = ["payer"]
    fields = [
        "label", "payer", "amount", "form", "how_valued", "flexibility", "stage", "children_share", "adults_share", "is_statutory", "footnote", "position",
    ]  # fmt: skip
    verbose_name_plural = "Income, line by line"


class ExpenditureInline(MoneyInline):
    model = Expenditure
    money = ("amount",)
    verbose_name_plural = "Spending, line by line"


@admin.register(Fund)
class FundAdmin(RegisterAdmin):
    purpose = "Each year's money, line by line, as its source prints it. The register adds the lines up and says whether the printed total agrees."
    list_display = ["title", "year", "lines", "computed", "printed_total", "adds_up"]
    search_fields = ["title", "body_funded"]
    inlines = [ContributionInline, ExpenditureInline]
    readonly_fields = ["computed", "spent", "adds_up"]
    fieldsets = [
        ("Whose money, in which year", {"fields": ["title", "slug", "body_funded", "is_predecessor", ("year_starts_on", "year_ends_on"), "position"]}),
        ("Totals", {"fields": ["computed", "printed_total", "printed_total_value", "adds_up", "spent", "note"]}),
    ]

    def prepared(self, rows):
        return rows.annotate(
            income=Sum("contributions__amount"), line_count=Count("contributions"),
            unstated=Count("contributions", filter=Q(contributions__amount=None)),
        )  # fmt: skip

    @admin.display(description="financial year", ordering="year_starts_on")
    def year(self, row):
        return f"{date_words(row.year_starts_on)} to {date_words(row.year_ends_on)}"

    @admin.display(description="lines", ordering="line_count")
    def lines(self, row):
        return row.line_count

    @admin.display(description="the lines add up to", ordering="income")
    def computed(self, row):
        if not row.pk or row.income is None:
            return None
        note = {0: "", 1: ", with 1 line not stated"}.get(row.unstated, f", with {row.unstated} lines not stated")
        return f"{money(Decimal(row.income))}{note}"

    @admin.display(description="the spending adds up to")
    def spent(self, row):
        total = row.spending.aggregate(total=Sum("amount"))["total"] if row.pk else None
        return money(total) if total is not None else EMPTY

    @admin.display(description="agrees with the printed total")
    def adds_up(self, row):
        printed = row.printed_total_value
        if not row.pk or printed is None or row.income is None:
            return None
        if printed == row.income:
            return "Yes"
        if -printed == row.income:
            return "Yes; the source prints it as a credit, with a minus"
        return f"No: {money(abs(abs(printed) - Decimal(row.income)))} apart"


# What was agreed -----------------------------------------------------------------------------------------------------


@admin.register(Agreement)
class AgreementAdmin(RegisterAdmin):
    purpose = "Memoranda, protocols and information-sharing agreements: between whom, signed when, to be reviewed when."
    list_display = ["title", "kind", "state", "signed_on", "review_on"]
    list_filter = ["kind", "state"]
    search_fields = ["title", "parties__name", "parties_note"]
    autocomplete_fields = ["parties", "governs"]
    fieldsets = [
        ("The agreement", {"fields": ["title", "kind", "state", "parties", "parties_note", "governs", "link", "position"]}),
        ("Dates", {"fields": [("signed_on", "signed_words"), "review_on"]}),
    ]


@admin.register(Priority)
class PriorityAdmin(RegisterAdmin):
    purpose = "What the partners have agreed to work on first, and what success looks like."
    list_display = ["title", "audience", period, "position"]
    list_filter = ["audience", HoldsNow]
    search_fields = ["title", "success"]
    fieldsets = [("The priority", {"fields": ["title", "success", "audience", "position"]}), DATES]


class DisputeStepInline(StackedRegisterInline):
    model = DisputeStep
    fields = ["number", "who", "what", ("within_days", "within_words"), "contact", "if_unresolved"]
    verbose_name_plural = "Steps in order"

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "if_unresolved":
            route = request.resolver_match.kwargs.get("object_id", "")
            steps = DisputeStep.objects.filter(route_id=int(route)) if route.isdecimal() else DisputeStep.objects.none()
            kwargs["queryset"] = steps.select_related("route")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(DisputeRoute)
class DisputeRouteAdmin(RegisterAdmin):
    purpose = "What to do about a disagreement, step by step. Readers choose a route by who disagrees."
    list_display = ["title", "who_disagrees", "is_whistleblowing", "audience", "position"]
    list_filter = ["audience", "is_whistleblowing"]
    search_fields = ["title", "who_disagrees"]
    inlines = [DisputeStepInline]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [("The route", {"fields": ["title", "slug", "who_disagrees", "is_whistleblowing", "basis", "audience", "position"]})]


@admin.register(StrategicLink)
class StrategicLinkAdmin(RegisterAdmin):
    purpose = "Boards and partnerships to which your arrangements are linked, such as the health and wellbeing board."
    list_display = ["name", "relation", "audience", "position"]
    list_filter = ["relation", "audience"]
    search_fields = ["name", "how"]
    autocomplete_fields = ["organisation"]


@admin.register(ScrutinyMechanism)
class ScrutinyMechanismAdmin(RegisterAdmin):
    purpose = "How your arrangements are scrutinised independently: by a person, by experts, by young people, by a board."
    list_display = ["name", "kind", "who", "audience", "position"]
    list_filter = ["kind", "audience"]
    search_fields = ["name", "who", "what"]
    fieldsets = [
        ("Who scrutinises", {"fields": ["name", "kind", "who", "what", "audience", "position"]}),
        ("How often", {"fields": [("meets_times", "meets_per"), "how_often"]}),
    ]


# What is to be done and told -----------------------------------------------------------------------------------------


class Done(admin.SimpleListFilter):
    """Whether a thing that is due was done."""

    title = "whether it is done"
    parameter_name = "done"

    def lookups(self, request, model_admin):
        return [("yes", "Done"), ("no", "Not done yet")]

    def queryset(self, request, queryset):
        return queryset.filter(done_on__isnull=self.value() == "no") if self.value() in {"yes", "no"} else queryset


@admin.register(Milestone)
class MilestoneAdmin(RegisterAdmin):
    purpose = "What is to be done by when, and the evidence that it was."
    list_display = ["event", "due_on", "due_words", "done_on", "position"]
    list_filter = [Done]
    search_fields = ["event", "evidence"]
    fieldsets = [
        ("What is to be done", {"fields": ["event", ("due_on", "due_words"), "position"]}),
        ("What became of it", {"fields": ["done_on", "evidence", "note"]}),
    ]


@admin.register(HandoverItem)
class HandoverItemAdmin(RegisterAdmin):
    purpose = "What passes from one body to another, such as open reviews and records, so that nothing is lost between them. Never name a child here."
    list_display = ["what", "kind", "from_body", "to_body", "due_on", "done_on"]
    list_filter = ["kind", Done]
    search_fields = ["what", "from_body", "to_body"]
    fieldsets = [
        ("What passes to whom", {"fields": ["what", "kind", ("from_body", "to_body"), "position"]}),
        ("By when, and whether it did", {"fields": [("due_on", "due_months"), "done_on", "evidence", "note"]}),
    ]


@admin.register(ReportingRoute)
class ReportingRouteAdmin(RegisterAdmin):
    purpose = "Local bodies that are told or given something: a board, a committee, a commissioner."
    list_display = ["recipient", "receives", "within_days", "how_often", "audience", "position"]
    list_filter = ["audience"]
    search_fields = ["recipient", "receives"]
    autocomplete_fields = ["organisation"]
