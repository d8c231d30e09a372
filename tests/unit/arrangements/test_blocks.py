"""What the arrangements' blocks collect, with values typed by hand."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from arrangements.models import (
    Agreement,
    ChairTerm,
    Contribution,
    DisputeStep,
    Expenditure,
    GroupLink,
    GroupName,
    HandoverItem,
    Involvement,
    Membership,
    Milestone,
    Priority,
    ReportingRoute,
    ScrutinyMechanism,
    StrategicLink,
)
from masa.partnerships import scope
from masa.partnerships.models import Area, OrganisationName, SeatLabel, SeatPost
from masa.publishing import blocks
from tests.factories import register as make

pytestmark = pytest.mark.django_db
DAY = date(2019, 4, 8)
KEYS = [
    "agencies",
    "agreements",
    "disputes",
    "funding",
    "groups",
    "handover",
    "links",
    "milestones",
    "partners",
    "priorities",
    "reporting",
    "scrutiny",
    "structure",
]


@pytest.fixture
def place():
    partnership = make.make_partnership("two-rivers")
    with scope.of(partnership):
        yield partnership


def collect(key, partnership, *, as_on=DAY, audience="children", guidance=(), **options):
    """Collect a block and pass its data through JSON, as publishing does."""
    context = blocks.BlockContext(
        partnership=partnership, as_on=as_on, audience=audience, guidance=list(guidance), options=options
    )
    return json.loads(json.dumps(blocks.get(key).collect(context)))


def tables(key, data):
    return blocks.get(key).tables(data, 1)


# All of them


def test_every_block_is_registered_with_words_for_those_who_choose_it():
    ours = [block for block in blocks.every() if type(block).__module__.startswith("arrangements.")]
    assert sorted(block.key for block in ours) == KEYS
    assert all(block.title and block.about.endswith(".") for block in ours)


@pytest.mark.parametrize("key", KEYS)
def test_an_empty_register_gives_data_and_tables_without_rows(place, key):
    assert [row for table in tables(key, collect(key, place)) for row in table.rows] == []


def fill(partnership, number):
    """Give the partnership ``number`` rows of everything."""
    for i in range(number):
        body = make.make_organisation(f"filler-{number}-{i}")
        post = make.make_post(f"filler-{number}-{i}", "Head", body)
        group = make.make_group(partnership, f"group-{number}-{i}", chair=post)
        agency = make.make_agency(partnership, f"filler-{number}-{i}", organisation=body)
        strand = make.make_strand(partnership, f"strand-{number}-{i}")
        strand.groups.add(group)
        Involvement.objects.create(agency=agency, strand=strand)
        Membership.objects.create(group=group, agency=agency)
        Membership.objects.create(group=group, post=post)
        Membership.objects.create(group=group, organisation=body)
        GroupLink.objects.create(group=group, kind="links_to", to_name="Community Safety Partnership", by_post=post)
        Priority.objects.create(partnership=partnership, title="Neglect")
        Milestone.objects.create(partnership=partnership, event="Publish")
        HandoverItem.objects.create(
            partnership=partnership, kind="record", what="Files", from_body="Old", to_body="New"
        )
        agreement = Agreement.objects.create(partnership=partnership, kind="protocol", title="Protocol")
        agreement.parties.add(body)
        agreement.governs.add(group)
        make.make_dispute_route(partnership, f"route-{number}-{i}")
        ScrutinyMechanism.objects.create(partnership=partnership, kind="peer", name="Peers")
        StrategicLink.objects.create(partnership=partnership, name="Board", organisation=body)
        ReportingRoute.objects.create(partnership=partnership, recipient="Board", receives="The yearly report")
        fund = make.make_fund(partnership, [("A line", body, "10", False)], slug=f"fund-{number}-{i}")
        Expenditure.objects.create(fund=fund, heading="Staff", amount="5")
        SeatPost.objects.create(partnership=partnership, post=post, capacity="delegate")


@pytest.mark.parametrize("key", KEYS)
def test_the_number_of_queries_does_not_grow_with_the_rows(place, key):
    make.make_seats(place)
    counts = []
    for number in (1, 8):
        fill(place, number)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            collect(key, place)
        counts.append(len(queries))
    assert counts[0] == counts[1] > 0


# Partners


def test_partners_stand_by_seat_with_posts_and_never_with_holders(place):
    make.make_seats(place)
    make.appoint("two-rivers-police-lead", "Alex Example")
    data = collect("partners", place)
    assert [seat["slug"] for seat in data["seats"]] == ["local-authority", "health", "police"]
    assert data["seats"][2]["leads"] == [
        {"post": "two-rivers-police-lead", "title": "Chief Constable", "organisation": "Two Rivers Police", "note": ""}
    ]
    assert data["seats"][2]["label"] == "Chief officer of police"
    assert (data["seats"][2]["lead_term"], data["seats"][2]["delegate_term"]) == ("Lead", "Delegate")
    assert "Alex" not in json.dumps(data)


def test_partners_are_called_as_on_the_day_and_under_the_guidance(place):
    seat = make.make_seats(place)["health"]
    OrganisationName.objects.create(organisation=seat.organisation, name="Two Rivers CCG", ends_on=date(2022, 6, 30))
    SeatLabel.objects.create(seat=seat, text="Health")
    SeatLabel.objects.create(
        seat=seat, text="Clinical commissioning group", guidance="wt18", lead_term="Lead representative"
    )
    then, now = (
        collect("partners", place, guidance=["wt18"]),
        collect("partners", place, as_on=date(2022, 7, 1), guidance=["wt23"]),
    )
    assert [then["seats"][1][name] for name in ("label", "organisation", "lead_term")] == [
        "Clinical commissioning group",
        "Two Rivers CCG",
        "Lead representative",
    ]
    assert [now["seats"][1][name] for name in ("label", "organisation", "lead_term")] == [
        "Health",
        "Two Rivers Integrated Care Board",
        "Lead",
    ]


def test_delegates_stand_in_layers_with_their_place(place):
    seat = make.make_seats(place)["health"]
    first = SeatPost.objects.get(post__slug="two-rivers-health-delegate")
    second = SeatPost.objects.create(
        partnership=place,
        seat=seat,
        capacity="delegate",
        delegated_by=first,
        place="Northside",
        position=0,
        post=make.make_post("place-nurse", "Associate Director of Nursing", seat.organisation),
    )
    delegates = collect("partners", place)["seats"][1]["delegates"]
    assert [(d["post"], d["layer"], d["under"], d["place"]) for d in delegates] == [
        ("two-rivers-health-delegate", 1, "", ""),
        ("place-nurse", 2, "two-rivers-health-delegate", "Northside"),
    ]
    SeatPost.objects.filter(pk=first.pk).update(delegated_by=second)
    assert [d["layer"] for d in collect("partners", place)["seats"][1]["delegates"]] == [2, 2]


def test_a_seat_that_does_not_hold_on_the_day_is_left_out(place):
    make.make_seats(place, starts_on=date(2019, 6, 1))
    assert collect("partners", place, as_on=date(2019, 5, 31))["seats"] == []
    assert len(collect("partners", place, as_on=date(2019, 6, 1))["seats"]) == 3


def test_a_delegate_without_a_seat_stands_apart(place):
    head = make.make_post("head-teacher", "Head teacher", make.make_organisation("oak-school"))
    SeatPost.objects.create(partnership=place, post=head, capacity="delegate", note="for primary schools")
    data = collect("partners", place)
    assert data["others"][0]["title"] == "Head teacher"
    assert tables("partners", data)[0].rows == [
        ["Head teacher, Oak School", "", "Delegate without a seat", "", "", "for primary schools"]
    ]


# Agencies


def test_manchester_has_24_rows_57_ticks_and_the_printed_totals(place):
    make.make_manchester_matrix(place)
    data = collect("agencies", place)
    assert (len(data["agencies"]), data["ticks"]) == (24, 57)
    assert [strand["total"] for strand in data["strands"]] == [9, 9, 16, 13, 10]
    assert [strand["printed_total"] for strand in data["strands"]] == [9, 9, 16, 13, 10]
    matrix = tables("agencies", data)[1]
    assert matrix.columns == [
        "Agency",
        "Case reviews",
        "Quality assurance",
        "Learning and improvement",
        "Locality fora",
        "Budget contribution",
        "Notes",
    ]
    assert matrix.rows[11] == ["National Probation Service", "Confirmed", "", "Confirmed", "Confirmed", "Confirmed", ""]
    assert matrix.rows[22] == ["Residential home", "", "", "", "", "", ""]


def test_an_agency_carries_all_that_its_page_needs(place):
    council = make.make_organisation("oak-council", "Oak Council")
    strand = make.make_strand(place, "learning", "Learning")
    group = make.make_group(place, "learning-group", "Learning group")
    strand.groups.add(group)
    agency = make.make_agency(
        place,
        "oak",
        organisation=council,
        called="Oak Council",
        sector="other",
        basis="selected",
        why_chosen="It runs the homes.",
        expectations="Send a person.\n\nShare what you know.",
        how_assured="A yearly audit.",
    )
    Involvement.objects.create(
        agency=agency, strand=strand, certainty="expected", note="adult reviews only", audience="adults"
    )
    Membership.objects.create(group=group, post=make.make_post("oak-head", "Head of Homes", council), role="adviser")
    make.make_fund(place, [("Council", council, "100.5", False), ("CRC", None, None, False)])
    make.make_dispute_route(place, "everyone", audience="both")
    make.make_dispute_route(place, "about-adults", audience="adults")
    data = collect("agencies", place)
    row = data["agencies"][0]
    assert row["expectations"] == ["Send a person.", "Share what you know."]
    assert row["basis_words"] == "Chosen by the partners from the list in the regulations"
    assert row["involved"] == [
        {"strand": "learning", "certainty": "Expected", "note": "adult reviews only", "audience": "adults"}
    ]
    assert [(g["name"], g["as"], g["post"]) for g in row["groups"]] == [("Learning group", "Adviser", "Head of Homes")]
    assert [(g["label"], g["amount"]) for g in row["gives"]] == [("Council", "100.50")]
    (page,) = blocks.get("agencies").pages(data, 1)
    assert (page.path, page.title) == ("agencies/oak/", "What this asks of Oak Council")
    assert page.context["takes_part"][0]["groups"] == [{"slug": "learning-group", "name": "Learning group"}]
    assert [route["slug"] for route in page.context["routes"]] == ["everyone"]


def test_members_of_a_category_are_those_of_the_day(place):
    schools = make.make_agency(place, "primary-schools", category="Each primary school", called="a primary school")
    for slug, ends_on in (("ash", None), ("elm", date(2019, 4, 7)), ("oak", date(2019, 4, 8))):
        schools.members.create(organisation=make.make_organisation(slug), ends_on=ends_on)
    data = collect("agencies", place)
    assert data["agencies"][0]["members"] == ["Ash", "Oak"]
    assert blocks.get("agencies").pages(data, 1)[0].title == "What this asks of a primary school"


# Structure


def test_a_group_says_who_chairs_meets_and_owns_it(place):
    seats = make.make_seats(place)
    group = make.make_group(
        place,
        "executive",
        "Executive",
        kind="executive",
        state="shadow",
        meets_times=4,
        meets_per="year",
        terms_review_months=12,
    )
    rota = ChairTerm.objects.create(group=group, rota_months=18)
    rota.rota.set([seats["health"], seats["police"]])
    with scope.every_partnership(why="The test has a second owner."):
        group.also_owned_by.add(make.make_partnership("other-place"))
    GroupName.objects.create(group=group, name="The Panel", ends_on=date(2019, 4, 8))
    GroupName.objects.create(group=group, name="Exec", note="in the foreword")
    listing = tables("structure", collect("structure", place))[0]
    assert listing.rows == [
        [
            "The Panel",
            "Executive",
            "Running in shadow form",
            "Children",
            "Not stated",
            "Chair: Two Rivers Integrated Care Board and Two Rivers Police, in turn, for 18 months each",
            "quarterly",
            "reviewed every year",
            "jointly with Other Place Safeguarding Partnership",
        ]
    ]
    assert collect("structure", place, as_on=date(2019, 4, 9))["groups"][0]["name"] == "Executive"


def test_members_and_ties_are_told_in_words(place):
    group, board = make.make_group(place, "group"), make.make_group(place, "board")
    officer = make.make_post("officer", "Officer", make.make_organisation("oak-council"))
    Membership.objects.create(
        group=group, post=officer, is_statutory=True, has_vote=False, attendance="invited", note="as DASS"
    )
    GroupLink.objects.create(group=group, kind="reports_to", to_group=board)
    GroupLink.objects.create(group=group, kind="represented_on", to_name="MAPPA", by_post=officer)
    _, members, links = tables("structure", collect("structure", place))
    assert members.rows == [
        [
            "Group: Officer, Oak Council",
            "Member; for a safeguarding partner; by invitation; has no vote; as DASS",
            "Children and adults",
        ]
    ]
    assert [row[1] for row in links.rows] == [
        "reports to Board",
        "is represented on MAPPA; represented by Officer, Oak Council",
    ]


def test_only_the_groups_asked_for(place):
    make.make_group(place, "one", kind="forum")
    make.make_group(place, "two", kind="forum")
    make.make_group(place, "three", kind="team")
    make.make_group(place, "four", kind="forum", state="ended")
    assert [g["slug"] for g in collect("groups", place, kind="forum")["groups"]] == ["one", "two"]
    assert [g["slug"] for g in collect("groups", place, slugs=["two", "three"])["groups"]] == ["two", "three"]


# Money


def test_bolton_adds_to_349_548_and_its_total_is_printed_as_a_credit(place):
    make.make_bolton_fund(place)
    fund = collect("funding", place)["funds"][0]
    (stage,) = fund["stages"]
    assert (stage["total"], stage["partners"], stage["partners_share"]) == ("349548.00", "337530.00", "96.6")
    assert [line["share"] for line in stage["lines"]] == ["66.4", "5.1", "25.0", "1.0", None, "1.4", "0.2", "0.9"]
    assert stage["lines"][4]["amount"] is None
    assert (stage["not_stated"], fund["check"], fund["printed_total"]) == (1, "credit", "-349,548")
    assert [line["is_purpose"] for line in stage["lines"]] == [False] * 7 + [True]
    assert (fund["is_predecessor"], fund["body"]) == (True, "Bolton Safeguarding Children Board")
    (table,) = tables("funding", {"funds": [fund]})
    assert table.rows[4][:4] == ["GM and Cheshire CRC", "Two Rivers Crc", "Not stated", "–"]
    assert table.rows[7][:4] == ["Supervision, support and cover for CDOP", "A purpose, not a payer", "3000.00", "0.9%"]
    assert table.rows[-1][2] == "-349,548"
    assert table.rows[-1][7].endswith("the same size as the lines add to, printed as a credit.")


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("100", ("agrees", None)),
        ("-100", ("credit", None)),
        ("90", ("differs", "10.00")),
        ("-90", ("differs", "190.00")),
        (None, ("none", None)),
    ],
)
def test_a_printed_total_is_compared_with_the_lines(place, printed, found):
    make.make_fund(
        place,
        [("A", None, "60", False), ("B", None, "40", False)],
        printed_total=printed or "",
        printed_total_value=printed,
    )
    fund = collect("funding", place)["funds"][0]
    assert (fund["check"], fund["difference"]) == found


def test_planned_and_actual_lines_are_never_added_together(place):
    fund = make.make_fund(place, [("A", None, "60", True)], printed_total="60", printed_total_value="60")
    Contribution.objects.create(fund=fund, label="A", amount="50", stage="planned", is_statutory=True)
    stored = collect("funding", place)["funds"][0]
    assert [(stage["stage"], stage["total"]) for stage in stored["stages"]] == [
        ("Planned", "50.00"),
        ("Actual", "60.00"),
    ]
    assert stored["check"] == "agrees"


def test_a_fund_where_nobody_states_an_amount_has_no_total(place):
    make.make_fund(place, [("A", None, None, True)], printed_total="TBC")
    fund = collect("funding", place)["funds"][0]
    stage = fund["stages"][0]
    assert (stage["total"], stage["partners"], stage["partners_share"], fund["check"]) == (None, None, None, "none")
    assert tables("funding", {"funds": [fund]})[0].rows[1][2] == "Not stated"


def test_nought_is_an_amount_and_no_ground_for_shares(place):
    make.make_fund(place, [("A", None, "0", True)])
    stage = collect("funding", place)["funds"][0]["stages"][0]
    assert (stage["total"], stage["lines"][0]["amount"], stage["lines"][0]["share"]) == ("0.00", "0.00", None)


def test_spending_is_listed_by_heading_with_its_total(place):
    fund = make.make_fund(place)
    Expenditure.objects.create(
        fund=fund, heading="Staff", amount="10.10", full_time_posts=Decimal("2.50"), shared_with="Adults board"
    )
    Expenditure.objects.create(fund=fund, heading="Reviews", position=1)
    spending = tables("funding", collect("funding", place))[1]
    assert spending.rows == [
        ["Staff", "10.10", "2.5", "Adults board", ""],
        ["Reviews", "Not stated", "", "", ""],
        ["Total", "10.10", "", "", ""],
    ]


# Routes and plans


def test_dispute_steps_branch_and_say_within_how_long(place):
    route = make.make_dispute_route(
        place, "agencies", steps=("Meet.", "Ask the Executive.", "Ask a mediator."), title="Two agencies"
    )
    steps = list(route.steps.all())
    DisputeStep.objects.filter(pk=steps[0].pk).update(within_days=5, if_unresolved=steps[2])
    DisputeStep.objects.filter(pk=steps[1].pk).update(within_days=1)
    (table,) = tables("disputes", collect("disputes", place))
    assert [(row[0], row[4], row[6]) for row in table.rows] == [
        ("Two agencies, step 1", "within 5 working days", "Go to step 3"),
        ("Two agencies, step 2", "within 1 working day", "Go to step 3"),
        ("Two agencies, step 3", "", ""),
    ]


def test_milestones_and_handover_say_due_and_done(place):
    Milestone.objects.create(
        partnership=place, event="Publish", due_on=date(2019, 6, 20), done_on=date(2019, 6, 19), evidence="Minute 4"
    )
    Milestone.objects.create(partnership=place, event="Tell boards", due_words="end April 2019", position=1)
    HandoverItem.objects.create(
        partnership=place,
        kind="child_death",
        what="Open child death reviews",
        from_body="Board",
        to_body="Partners",
        due_months=4,
    )
    assert tables("milestones", collect("milestones", place))[0].rows == [
        ["Publish", "20 June 2019", "19 June 2019", "Minute 4", ""],
        ["Tell boards", "end April 2019", "Not recorded as done", "", ""],
    ]
    assert tables("handover", collect("handover", place))[0].rows == [
        [
            "Open child death reviews",
            "Child death review",
            "Board",
            "Partners",
            "within 4 months of the start",
            "Not recorded as done",
            "",
            "",
        ]
    ]


def test_priorities_are_those_of_the_day(place):
    Priority.objects.create(partnership=place, title="Neglect", ends_on=date(2019, 4, 7))
    Priority.objects.create(partnership=place, title="Exploitation", starts_on=date(2019, 4, 8), audience="both")
    assert tables("priorities", collect("priorities", place))[0].rows == [
        ["Exploitation", "Not stated", "Children and adults"]
    ]


def test_scrutiny_links_reporting_and_agreements_are_told_in_words(place):
    ScrutinyMechanism.objects.create(
        partnership=place, kind="experts", name="Sector experts", meets_times=2, meets_per="year"
    )
    StrategicLink.objects.create(partnership=place, name="Channel", relation="held_to_account", audience="both")
    ReportingRoute.objects.create(
        partnership=place, recipient="Health and Wellbeing Board", receives="The yearly report", within_days=7
    )
    agreement = Agreement.objects.create(
        partnership=place,
        kind="protocol",
        title="Protocol between boards",
        state="to_update",
        signed_words="September 2017",
    )
    agreement.parties.add(make.make_organisation("ash"), make.make_organisation("oak"))
    assert tables("scrutiny", collect("scrutiny", place))[0].rows == [
        ["Sector experts", "Sector experts", "Not stated", "Not stated", "twice a year", "Children"]
    ]
    assert tables("links", collect("links", place))[0].rows == [
        ["Channel", "Held to account", "Not stated", "Children and adults"]
    ]
    assert tables("reporting", collect("reporting", place))[0].rows == [
        ["Health and Wellbeing Board", "The yearly report", "Not stated", "within 7 days of publication", "Children"]
    ]
    assert tables("agreements", collect("agreements", place))[0].rows == [
        [
            "Protocol between boards",
            "Protocol",
            "In force, to be updated",
            "Ash and Oak",
            "",
            "September 2017",
            "Not stated",
            "",
        ]
    ]


def test_another_partnership_s_rows_are_never_collected(place):
    other = make.make_partnership("elsewhere")
    with scope.every_partnership(why="The test fills another place."):
        make.make_agencies(other, 2)
        make.make_seats(other)
        Area.objects.create(slug="far", name="Far")
    assert collect("agencies", place)["agencies"] == collect("partners", place)["seats"] == []
