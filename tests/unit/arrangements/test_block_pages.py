"""What readers see of the arrangements' blocks: words typed by hand, and never an empty table."""

import json
import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from arrangements.models import Involvement, Membership, Milestone, ScrutinyMechanism
from masa.partnerships import scope
from masa.publishing import blocks
from tests.factories import register as make
from tests.unit.arrangements.test_blocks import KEYS, collect, fill

pytestmark = pytest.mark.django_db
NOTHING = {
    "agencies": "The partnership has recorded no relevant agencies.",
    "agreements": "The partnership has recorded no agreements.",
    "disputes": "The partnership has recorded no route for disagreements.",
    "funding": "The partnership has recorded no money.",
    "groups": "The partnership has recorded no such group.",
    "handover": "The partnership has recorded nothing to be handed over.",
    "links": "The partnership has recorded no links to other boards.",
    "milestones": "The partnership has recorded no milestones.",
    "partners": "The partnership has recorded no safeguarding partners for this day.",
    "priorities": "The partnership has recorded no priorities.",
    "reporting": "The partnership has recorded nobody to report to.",
    "scrutiny": "The partnership has recorded no arrangements for independent scrutiny.",
    "structure": "The partnership has recorded no groups.",
}


@pytest.fixture
def place():
    partnership = make.make_partnership("two-rivers")
    with scope.of(partnership):
        yield partnership


def html_of(key, data, **more):
    block = blocks.get(key)
    context = {
        "data": data,
        "schema": 1,
        "base": "/two-rivers/",
        "where": "web",
        "holders": {},
        "holders_on": None,
        "ident": "b1",
        **more,
    }
    return render_to_string(block.template(1), context)


def words_of(html):
    """Return what a reader sees, with one space between words."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)))


@pytest.mark.parametrize("key", KEYS)
def test_a_block_without_rows_says_so_in_one_sentence(place, key):
    html = html_of(key, collect(key, place))
    assert words_of(html).strip() == NOTHING[key]
    assert "<table" not in html and "<ul" not in html


@pytest.mark.parametrize("where", ["web", "pdf"])
@pytest.mark.parametrize("key", KEYS)
def test_a_full_block_prints_without_raw_values_and_with_ids_that_stand_once(place, key, where):
    make.make_seats(place)
    fill(place, 2)
    html = html_of(key, collect(key, place), where=where)
    ids = re.findall(r'\sid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    for raw in ("None", "True", "False", "not_stated", "in_force", "links_to", "{{", "{'"):
        assert raw not in words_of(html)


def test_words_from_the_register_are_escaped(place):
    ScrutinyMechanism.objects.create(partnership=place, kind="peer", name="<b>Peers</b> & more")
    assert "&lt;b&gt;Peers&lt;/b&gt; &amp; more" in html_of("scrutiny", collect("scrutiny", place))


def test_a_row_about_adults_says_so_in_words_and_can_be_hidden(place):
    ScrutinyMechanism.objects.create(partnership=place, kind="peer", name="Peers", audience="adults")
    html = html_of("scrutiny", collect("scrutiny", place))
    assert 'data-scope="adults"' in html
    assert "Peers Adults" in words_of(html)


def test_holders_stand_beside_posts_and_nothing_is_invented(place):
    make.make_seats(place)
    holders = {
        "two-rivers-police-lead": {"name": "Alex Example", "standing": "interim"},
        "two-rivers-health-lead": {"name": "", "standing": "vacant"},
        "two-rivers-local-authority-lead": {"name": "Sam Example", "standing": "substantive"},
    }
    html = html_of("partners", collect("partners", place), holders=holders, holders_on=date(2018, 11, 1))
    words = words_of(html)
    assert "Alex Example (interim)" in words
    assert "Sam Example" in words and "(substantive)" not in words
    assert words.count("Post vacant") == 1
    assert words.count("Holder not recorded") == 3
    assert "correct as at 1 November 2018" in words


def test_what_is_stated_for_no_agency_is_said_once(place):
    make.make_agency(place, "oak")
    make.make_agency(place, "ash")
    words = words_of(html_of("agencies", collect("agencies", place)))
    assert "Not stated for any of them: why it is included and basis." in words
    assert words.count("ot stated") == 1


def test_a_chair_stands_with_the_holder_of_the_post(place):
    chair = make.make_post("head", "Head of Homes", make.make_organisation("oak-council"))
    make.make_group(place, "board", chair=chair)
    data = collect("structure", place)
    assert "Head of Homes, Oak Council; holder not recorded" in words_of(html_of("structure", data))
    assert "Head of Homes, Oak Council; held by Alex Example (acting)" in words_of(
        html_of("structure", data, holders={"head": {"name": "Alex Example", "standing": "acting"}})
    )


def test_a_seat_names_its_body_once(place):
    seat = make.make_seats(place)["health"]
    words = words_of(html_of("partners", collect("partners", place)))
    assert "Health, Two Rivers Integrated Care Board Post As Who holds it Chief Executive As Lead Who holds it" in words
    seat.labels.create(text="Two Rivers Integrated Care Board (NHS)")
    assert words_of(html_of("partners", collect("partners", place))).count("Two Rivers Integrated Care Board") == 1


def test_manchester_s_totals_stand_beside_the_printed_ones(place):
    make.make_manchester_matrix(place)
    words = words_of(html_of("agencies", collect("agencies", place)))
    assert "24 organisations or kinds of organisation." in words
    assert "Learning and improvement Agencies 16 As printed in the source 16" in words
    assert "its marks add to" not in words


def test_a_printed_total_at_odds_with_the_marks_is_told(place):
    make.make_manchester_matrix(place, printed=(9, 9, 17, 13, None))
    words = words_of(html_of("agencies", collect("agencies", place)))
    assert "The source prints 17 for “Learning and improvement”; its marks add to 16." in words
    assert words.count("its marks add to") == 1
    assert "Budget contribution Agencies 10 As printed in the source Not stated" in words


def test_agencies_stand_by_sector_and_lead_to_their_pages(place):
    make.make_agency(place, "oak", sector="health")
    make.make_agency(place, "ash", sector="education")
    html = html_of("agencies", collect("agencies", place))
    assert (
        html.index("Education and childcare")
        < html.index("/two-rivers/agencies/ash/")
        < html.index("Health and social care")
    )
    assert 'href="/two-rivers/agencies/oak/"' in html


@pytest.mark.parametrize(
    ("show", "listed", "marked"), [("both", True, True), ("list", True, False), ("matrix", False, True)]
)
def test_the_list_and_the_matrix_can_stand_alone(place, show, listed, marked):
    make.make_agencies(place, 1)
    make.make_agency(place, "why", why_chosen="It runs the homes.")
    words = words_of(html_of("agencies", collect("agencies", place, show=show)))
    assert ("Why it is included" in words) is listed
    assert ("What each agency takes part in" in words) is marked


def test_the_page_of_an_agency_is_made_from_agreed_content_alone(place):
    strand = make.make_strand(place, "learning", "Learning")
    agency = make.make_agency(
        place, "schools", category="Each primary school", called="a primary school", expectations="Send a person."
    )
    Involvement.objects.create(agency=agency, strand=strand, certainty="expected", note="fora", audience="adults")
    Membership.objects.create(group=make.make_group(place, "board", "The board"), agency=agency)
    make.make_dispute_route(place, "practitioners", title="Two agencies disagree")
    (page,) = blocks.get("agencies").pages(collect("agencies", place), 1)
    more = {"base": "/two-rivers/", "where": "web", "ident": "page", "holders": {}, "holders_on": None}
    with CaptureQueriesContext(connection) as queries:
        html = render_to_string(page.template, {**json.loads(json.dumps(page.context)), **more})
    assert len(queries) == 0
    words = words_of(html)
    for expected in (
        "This page is for everyone who belongs to: Each primary school.",
        "The reason is not stated.",
        "Basis: not stated.",
        "Send a person.",
        "Learning (expected). Note as printed: fora Adults",
        "The board: member",
        "No contribution is stated.",
        "Two agencies disagree",
        "The members are not listed.",
    ):
        assert expected in words
    assert 'href="#worried"' in html
    assert re.findall(r"<h(\d)", html)[0] == "2"


def test_the_structure_stands_as_a_drawing_and_as_a_list_to_the_details(place):
    top = make.make_group(place, "executive", "Executive", kind="executive")
    make.make_group(place, "learning", "Learning", under=top, state="proposed", audience="both")
    html = html_of("structure", collect("structure", place))
    words = words_of(html)
    assert "<svg" in html
    assert 'href="#b1-executive"' in html and 'id="b1-executive"' in html
    assert "Learning reports to Executive." in words
    assert (
        "Not stated: what it is for, who chairs it, how often it meets, terms of reference and who its members are."
        in words
    )
    assert "Proposed" in words


def test_a_chart_names_its_figures_and_bolton_s_total_is_told_as_a_credit(place):
    make.make_bolton_fund(place)
    html = html_of("funding", collect("funding", place))
    words = words_of(html)
    assert "<svg" in html
    for expected in (
        "Bolton Safeguarding Children Board, the body before this partnership, from 1 April 2018 to 31 March 2019",
        "£232,079",
        "66.4%",
        "Safeguarding partners together Amount £337,530 Share 96.6%",
        "Total of the lines Amount £349,548",
        "-349,548",
        "printed as a credit",
        "1 line states no amount.",
        "a purpose, not a payer",
    ):
        assert expected in words
    assert "£0" not in words


def test_a_total_that_does_not_add_up_is_told_with_the_difference(place):
    make.make_fund(place, [("A", None, "60", False)], printed_total="£100", printed_total_value="100")
    assert "which does not add up: it differs from the lines by £40." in words_of(
        html_of("funding", collect("funding", place))
    )


def test_steps_say_where_to_go_when_nothing_is_settled(place):
    route = make.make_dispute_route(place, steps=("Meet.", "Ask.", "Mediate."), is_whistleblowing=True, audience="both")
    first, _, last = route.steps.all()
    type(first).objects.filter(pk=first.pk).update(if_unresolved=last, within_days=5)
    words = words_of(html_of("disputes", collect("disputes", place)))
    assert "Meet. Within 5 working days If this does not settle it, go to step 3." in words
    assert "Open at any time. For: Practitioners in two agencies." in words


def test_the_date_of_a_milestone_is_told_in_words(place):
    Milestone.objects.create(partnership=place, event="Publish", due_on=date(2019, 6, 20))
    words = words_of(html_of("milestones", collect("milestones", place)))
    assert "Due 20 June 2019 Done Not recorded as done" in words
