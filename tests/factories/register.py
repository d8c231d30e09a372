"""Plain functions that build a register for tests. Each sets the scope it needs, so a test may call it anywhere.

Names and figures are invented, except in ``make_bolton_fund`` and ``make_manchester_matrix``: those have figures of
public council reports, typed by hand, since the blocks must give their totals.
"""

from datetime import date

from arrangements.models import (
    ChairTerm,
    Contribution,
    DisputeRoute,
    DisputeStep,
    Fund,
    Group,
    GroupLink,
    Involvement,
    Membership,
    RelevantAgency,
    Strand,
)
from masa.partnerships import scope
from masa.partnerships.models import Appointment, Area, ContactRoute, Organisation, Partnership, Post, Seat, SeatPost

ALL = "A test builds its register."
SEATS = (
    (
        "local-authority",
        Seat.Kind.LOCAL_AUTHORITY,
        Organisation.Kind.LOCAL_AUTHORITY,
        "Council",
        "Chief Executive",
        "Director of Children's Services",
    ),
    (
        "health",
        Seat.Kind.HEALTH,
        Organisation.Kind.HEALTH_COMMISSIONER,
        "Integrated Care Board",
        "Chief Executive",
        "Chief Nurse",
    ),
    ("police", Seat.Kind.POLICE, Organisation.Kind.POLICE, "Police", "Chief Constable", "Detective Superintendent"),
)
SECTORS = [sector for sector in RelevantAgency.Sector if sector != RelevantAgency.Sector.PARTNER]


def make_partnership(slug="two-rivers", name="", **fields):
    """Return a partnership that covers one area of the same slug."""
    name = name or slug.replace("-", " ").title()
    with scope.every_partnership(why=ALL):
        area, _ = Area.objects.get_or_create(slug=slug, defaults={"name": name})
        fields.setdefault("short_name", name)
        partnership = Partnership.objects.create(slug=slug, name=f"{name} Safeguarding Partnership", **fields)
        partnership.areas.add(area)
    return partnership


def make_organisation(slug, name="", **fields):
    """Return an organisation; its name is made from its slug when none is given."""
    return Organisation.objects.create(slug=slug, name=name or slug.replace("-", " ").title(), **fields)


def make_post(slug, title, organisation=None, holder="", **appointment):
    """Return a post, held by ``holder`` when one is named; ``appointment`` is starts_on, ends_on, standing and user."""
    post = Post.objects.create(slug=slug, title=title, organisation=organisation)
    if holder:
        Appointment.objects.create(post=post, holder=holder, **appointment)
    return post


def make_seats(partnership, *, starts_on=None):
    """Return {slug: Seat} of the three partners, each with a lead and a delegated post that nobody holds yet.

    Posts have slugs such as two-rivers-health-lead and two-rivers-health-delegate.
    """
    place = partnership.slug.replace("-", " ").title()
    return {
        row[0]: make_seat(
            partnership, *row[:3], f"{place} {row[3]}", row[4], row[5], position=position, starts_on=starts_on
        )
        for position, row in enumerate(SEATS)
    }


def make_seat(partnership, slug, kind, body_kind, body, lead, delegate, *, position=0, starts_on=None):
    """Return one seat with its organisation, its lead post and its delegated post."""
    stem = f"{partnership.slug}-{slug}"
    organisation = make_organisation(stem, body, kind=body_kind)
    with scope.every_partnership(why=ALL):
        seat = Seat.objects.create(
            partnership=partnership,
            slug=slug,
            kind=kind,
            organisation=organisation,
            position=position,
            starts_on=starts_on,
        )
        leads = SeatPost.objects.create(
            partnership=partnership,
            seat=seat,
            capacity=SeatPost.Capacity.LEAD,
            position=2 * position,
            post=make_post(f"{stem}-lead", lead, organisation),
            starts_on=starts_on,
        )
        SeatPost.objects.create(
            partnership=partnership,
            seat=seat,
            capacity=SeatPost.Capacity.DELEGATE,
            delegated_by=leads,
            position=2 * position + 1,
            post=make_post(f"{stem}-delegate", delegate, organisation),
            starts_on=starts_on,
        )
    return seat


def appoint(post_slug, holder, **fields):
    """Appoint someone to a post, from 1 January 2020 unless ``starts_on`` says otherwise; ``user`` is the account."""
    return Appointment.objects.create(
        post=Post.objects.get(slug=post_slug), holder=holder, **{"starts_on": date(2020, 1, 1), **fields}
    )


def make_contact_route(partnership, kind=ContactRoute.Kind.CHILD, **fields):
    """Return a contact route; by default the one for a child, without which nothing can be published."""
    fields = {"name": "Front door", "telephone": "0191 498 0000", "hours": "Any time, day or night", **fields}
    with scope.every_partnership(why=ALL):
        return ContactRoute.objects.create(partnership=partnership, kind=kind, **fields)


def make_agency(partnership, slug, **fields):
    """Return a relevant agency; a category of its slug unless an organisation is given."""
    if "organisation" not in fields:
        fields.setdefault("category", slug.replace("-", " ").capitalize())
    with scope.every_partnership(why=ALL):
        return RelevantAgency.objects.create(partnership=partnership, slug=slug, **fields)


def make_agencies(partnership, number, *, strands=1):
    """Return ``number`` agencies, spread over the sectors, each in every one of ``strands`` strands and in a group."""
    with scope.every_partnership(why=ALL):
        columns = [make_strand(partnership, f"strand-{i}") for i in range(strands)]
        group = make_group(partnership, "partners-board")
        agencies = []
        for i in range(number):
            body = make_organisation(f"{partnership.slug}-body-{i}", f"Body {i}")
            agency = make_agency(
                partnership, f"agency-{i}", organisation=body, sector=SECTORS[i % len(SECTORS)], position=i
            )
            Involvement.objects.bulk_create(Involvement(agency=agency, strand=strand) for strand in columns)
            Membership.objects.create(group=group, agency=agency, position=i)
            agencies.append(agency)
    return agencies


def make_strand(partnership, slug, label="", **fields):
    """Return a strand: a column of the matrix of agencies."""
    with scope.every_partnership(why=ALL):
        return Strand.objects.create(
            partnership=partnership, slug=slug, label=label or slug.replace("-", " ").capitalize(), **fields
        )


def make_group(partnership, slug, name="", *, under=None, chair=None, **fields):
    """Return a group; it reports to ``under`` (a Group) and is chaired by ``chair`` (a Post) where they are given."""
    with scope.every_partnership(why=ALL):
        group = Group.objects.create(
            partnership=partnership, slug=slug, name=name or slug.replace("-", " ").capitalize(), **fields
        )
        if under is not None:
            GroupLink.objects.create(group=group, kind=GroupLink.Kind.REPORTS_TO, to_group=under)
        if chair is not None:
            ChairTerm.objects.create(group=group, post=chair)
    return group


def make_dispute_route(partnership, slug="practitioners", *, steps=("The two agencies meet.",), **fields):
    """Return a dispute route with these steps in order."""
    fields = {"title": slug.replace("-", " ").capitalize(), "who_disagrees": "Practitioners in two agencies", **fields}
    with scope.every_partnership(why=ALL):
        route = DisputeRoute.objects.create(partnership=partnership, slug=slug, **fields)
        DisputeStep.objects.bulk_create(
            DisputeStep(route=route, number=i, what=what) for i, what in enumerate(steps, 1)
        )
    return route


def make_fund(partnership, lines=(), *, slug="2018-19", **fields):
    """Return a fund with lines (label, payer or None, amount as text or None, from a safeguarding partner)."""
    fields = {
        "title": "Contributions 2018/19",
        "body_funded": partnership.name,
        "year_starts_on": date(2018, 4, 1),
        "year_ends_on": date(2019, 3, 31),
        **fields,
    }
    with scope.every_partnership(why=ALL):
        fund = Fund.objects.create(partnership=partnership, slug=slug, **fields)
        for position, (label, payer, amount, statutory) in enumerate(lines):
            Contribution.objects.create(
                fund=fund,
                label=label,
                payer=payer,
                amount=amount,
                is_statutory=statutory,
                stage=Contribution.Stage.ACTUAL,
                position=position,
            )
    return fund


def make_bolton_fund(partnership):
    """Return the money of Bolton's board in 2018/19 as printed: eight lines, one blank, one a purpose."""
    bodies = ("bolton-council", "gmp", "bolton-ccg", "nps", "crc", "community-housing", "cafcass")
    council, police, ccg, probation, crc, housing, cafcass = (
        make_organisation(f"{partnership.slug}-{slug}") for slug in bodies
    )
    lines = (
        ("Children's Services Dept.", council, "232079", True),
        ("Greater Manchester Police", police, "17995", True),
        ("Bolton CCG", ccg, "87456", True),
        ("National Probation Service", probation, "3468", False),
        ("GM and Cheshire CRC", crc, None, False),
        ("Community Housing", housing, "5000", False),
        ("CAFCASS", cafcass, "550", False),
        ("Supervision, support and cover for CDOP", None, "3000", False),
    )
    return make_fund(
        partnership,
        lines,
        body_funded="Bolton Safeguarding Children Board",
        is_predecessor=True,
        printed_total="-349,548",
        printed_total_value="-349548",
    )


MATRIX = (
    ("Council", "11111"),
    ("MFT", "11111"),
    ("LCO", "11111"),
    ("CCG", "11111"),
    ("Police", "11111"),
    ("Northern Care Alliance", "11111"),
    ("Early years providers and representatives", "00110"),
    ("Each primary school and representatives", "00111"),
    ("Each secondary school and representatives", "00111"),
    ("Each 16+ college and representatives", "00110"),
    ("Each independent school", "00000"),
    ("National Probation Service", "10111"),
    ("CRC", "00100"),
    ("CAFCASS", "10001"),
    ("NW Ambulance Service", "00100"),
    ("GM Fire & Rescue", "00100"),
    ("The Christie NHS Foundation Trust", "01000"),
    ("Barnardo's", "01000"),
    ("NHS England", "00000"),
    ("Macc", "00110"),
    ("MH Trust", "10000"),
    ("Healthwatch", "01000"),
    ("Residential home", "00000"),
    ("Neighbourhood team", "00110"),
)
STRANDS = (
    ("case-reviews", "Case reviews"),
    ("quality-assurance", "Quality assurance"),
    ("learning", "Learning and improvement"),
    ("locality-fora", "Locality fora"),
    ("budget", "Budget contribution"),
)


def make_manchester_matrix(partnership, *, printed=(9, 9, 16, 13, 10)):
    """Return the strands of Manchester's printed matrix of 24 rows, ``printed`` being the totals of its columns."""
    strands = [
        make_strand(partnership, slug, label, is_money=slug == "budget", printed_total=total, position=i)
        for i, ((slug, label), total) in enumerate(zip(STRANDS, printed, strict=True))
    ]
    with scope.every_partnership(why=ALL):
        for position, (name, ticks) in enumerate(MATRIX, 1):
            agency = make_agency(partnership, f"a{position:02}", category=name, position=position)
            Involvement.objects.bulk_create(
                Involvement(agency=agency, strand=strand)
                for strand, tick in zip(strands, ticks, strict=True)
                if tick == "1"
            )
    return strands
