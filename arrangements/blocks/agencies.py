"""The relevant agencies: the list, the matrix of agencies and strands, and one page for each of them."""

from django.db.models import Prefetch

from arrangements.blocks.routes import routes_of
from arrangements.blocks.rows import body_name, named
from arrangements.blocks.words import ABOUT, NOT_STATED, count, day, joined, lines, pounds, stored_date, stored_money
from arrangements.models import CategoryMember, Contribution, Involvement, Membership, RelevantAgency, Strand
from masa.publishing.blocks import Block, SubPage, Table


class Agencies(Block):
    """Relevant agencies and what each takes part in. Option ``show``: list, matrix or both."""

    key = "agencies"
    title = "Relevant agencies"
    about = "The agencies the partners work with, why each is included, and what each takes part in."

    def collect(self, context):
        agencies = agencies_on(context)
        strands = list(Strand.objects.filter(partnership=context.partnership).prefetch_related("groups"))
        data = [agency_data(agency, context.as_on) for agency in agencies]
        add_memberships(data, agencies, context)
        add_contributions(data, agencies, context)
        return {
            "audience": context.audience,
            "show": context.options.get("show", "both"),
            "agencies": data,
            "strands": [strand_data(strand, data) for strand in strands],
            "ticks": sum(len(agency["involved"]) for agency in data),
            "routes": routes_of(context.partnership),
        }

    def tables(self, data, schema):
        listing = Table(
            "agencies",
            self.title,
            [
                "Agency",
                "Sector",
                "Why it is included",
                "Basis",
                "About",
                "How it works with others",
                "How its policies are assured",
                "List last reviewed",
            ],
            [agency_row(agency) for agency in data["agencies"]],
        )
        matrix = Table(
            "agencies-strands",
            "What each agency takes part in",
            ["Agency", *(strand["label"] for strand in data["strands"]), "Notes"],
            [matrix_row(agency, data["strands"]) for agency in data["agencies"]],
        )
        return [listing, matrix] if data["strands"] else [listing]

    def pages(self, data, schema):
        return [
            SubPage(
                path=f"agencies/{agency['slug']}/",
                title=f"What this asks of {agency['called']}",
                template="arrangements/pages/agency_1.html",
                context={
                    "agency": agency,
                    "edition": data["audience"],
                    "takes_part": takes_part(agency, data["strands"]),
                    "routes": routes_for(agency, data["routes"]),
                },
                name=agency["name"],
                group=agency["sector"],
                about=members_words(agency),
            )
            for _, rows in by_sector(data["agencies"])
            for agency in rows
        ]


def members_words(agency):
    """Say in a list how many belong to a kind of organisation; nothing where no members are listed."""
    return f"{count(len(agency['members']), 'member')} listed" if agency["members"] else ""


def agencies_on(context):
    """Return the agencies of the day with all that their data is made of; a constant number of queries."""
    rows = RelevantAgency.objects.filter(partnership=context.partnership).on(context.as_on)
    members = CategoryMember.objects.on(context.as_on).prefetch_related(named("organisation"))
    involved = Involvement.objects.select_related("strand").order_by("strand__position", "strand_id")
    return list(
        rows.prefetch_related(named("organisation"), Prefetch("members", members), Prefetch("involvements", involved))
    )


def agency_data(agency, as_on):
    """Return one agency as data, without what other rows say about it."""
    name = agency.printed_name or agency.category or body_name(agency.organisation, as_on)
    return {
        "slug": agency.slug,
        "name": name,
        "called": agency.called or name,
        "organisation": body_name(agency.organisation, as_on),
        "is_category": agency.organisation_id is None,
        "sector": agency.get_sector_display(),
        "basis": agency.basis,
        "basis_words": agency.get_basis_display(),
        "regulation": agency.regulation_code,
        "audience": agency.audience,
        "why": agency.why_chosen,
        "works": agency.how_works,
        "assured": agency.how_assured,
        "expectations": lines(agency.expectations),
        "reviewed_on": stored_date(agency.list_reviewed_on),
        "members": sorted(body_name(member.organisation, as_on) for member in agency.members.all()),
        "involved": [involvement_data(row) for row in agency.involvements.all()],
    }


def involvement_data(row):
    """Return one tick of the matrix as data."""
    return {
        "strand": row.strand.slug,
        "certainty": row.get_certainty_display(),
        "note": row.note,
        "audience": row.audience,
    }


def strand_data(strand, agencies):
    """Return one column of the matrix as data: its printed total beside the one that the ticks give."""
    return {
        "slug": strand.slug,
        "label": strand.label,
        "is_money": strand.is_money,
        "groups": [{"slug": group.slug, "name": group.name} for group in strand.groups.all()],
        "printed_total": strand.printed_total,
        "total": sum(row["strand"] == strand.slug for agency in agencies for row in agency["involved"]),
    }


def add_memberships(data, agencies, context):
    """Give each agency its places in groups: in its own name, its organisation's, or by a post of that organisation."""
    rows = (
        Membership.objects.filter(group__partnership=context.partnership)
        .on(context.as_on)
        .exclude(group__state="ended")
    )
    rows = list(rows.select_related("group", "post").order_by("group__position", "group_id", "position", "pk"))
    for agency, facts in zip(agencies, data, strict=True):
        facts["groups"] = [membership_data(row) for row in rows if is_place_of(row, agency)]


def is_place_of(row, agency):
    """Say whether a membership is a place of this agency."""
    if row.agency_id:
        return row.agency_id == agency.pk
    body = row.post.organisation_id if row.post else row.organisation_id
    return body is not None and body == agency.organisation_id


def membership_data(row):
    """Return one place in a group as data, from the agency's side."""
    return {
        "group": row.group.slug,
        "name": row.group.name,
        "as": row.get_role_display(),
        "post": row.post.title if row.post else "",
        "attendance": row.get_attendance_display(),
        "note": row.note,
        "audience": row.audience,
    }


def add_contributions(data, agencies, context):
    """Give each agency what its organisation pays or gives, by fund."""
    rows = Contribution.objects.filter(fund__partnership=context.partnership, payer__isnull=False).select_related(
        "fund"
    )
    rows = list(rows.order_by("fund__position", "-fund__year_starts_on", "position", "pk"))
    for agency, facts in zip(agencies, data, strict=True):
        facts["gives"] = [gift_data(row) for row in rows if row.payer_id == agency.organisation_id]


def gift_data(row):
    """Return one contribution as data, from the payer's side."""
    return {
        "fund": row.fund.title,
        "body": row.fund.body_funded,
        "label": row.label,
        "amount": stored_money(row.amount),
        "form": row.get_form_display(),
        "stage": row.get_stage_display(),
        "footnote": row.footnote,
    }


def agency_row(agency):
    """Return the row of one agency in the list."""
    return [
        agency["name"],
        agency["sector"],
        agency["why"] or NOT_STATED,
        agency["basis_words"],
        ABOUT[agency["audience"]],
        agency["works"] or NOT_STATED,
        agency["assured"] or NOT_STATED,
        day(agency["reviewed_on"]) or NOT_STATED,
    ]


def matrix_row(agency, strands):
    """Return the row of one agency in the matrix: for each strand Confirmed, Expected or nothing, then the notes."""
    involved = {row["strand"]: row for row in agency["involved"]}
    cells = [involved[s["slug"]]["certainty"] if s["slug"] in involved else "" for s in strands]
    notes = [
        f"{s['label']}: {involved[s['slug']]['note']}"
        for s in strands
        if s["slug"] in involved and involved[s["slug"]]["note"]
    ]
    return [agency["name"], *cells, joined(*notes)]


def takes_part(agency, strands):
    """Return the strands that an agency takes part in, each with its groups, certainty and note."""
    by_slug = {strand["slug"]: strand for strand in strands}
    return [{**by_slug[row["strand"]], **row} for row in agency["involved"] if row["strand"] in by_slug]


def routes_for(agency, routes):
    """Return the dispute routes that are about the same people as the agency."""
    wanted = {agency["audience"], "both"}
    return [route for route in routes if agency["audience"] == "both" or route["audience"] in wanted]


def total_words(strand):
    """Say what the source counted for a strand where that differs from its ticks; otherwise empty."""
    printed = strand["printed_total"]
    if printed is None or printed == strand["total"]:
        return ""
    return f"The source prints {printed} for “{strand['label']}”; its marks add to {strand['total']}."


def by_sector(agencies):
    """Return agencies by sector, as [(sector, agencies)], in the order of the sectors; within one the order stays."""
    order = [label for _, label in RelevantAgency.Sector.choices]
    groups = {
        sector: [a for a in agencies if a["sector"] == sector] for sector in [*order, *(a["sector"] for a in agencies)]
    }
    return [(sector, rows) for sector, rows in groups.items() if rows]


def given_words(gift):
    """Return a contribution in one sentence's worth of words."""
    return joined(f"{gift['label']}: {pounds(gift['amount'])}", gift["form"].lower(), gift["footnote"])
