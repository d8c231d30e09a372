"""The reconstructions of three real partnerships hold what their sources print: figures, ticks, posts, dates and what is at odds.

Everything expected here was counted in the sources by hand.
"""
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from arrangements.samples.loading import load
from arrangements.samples.reading import read
from masa.guidance.loading import load_guidance
from masa.partnerships import scope
from masa.partnerships.models import Partnership, Post
from masa.publishing import blocks
from masa.publishing.models import Edition
from masa.ui.prose import clean, text_of

FIXTURES = Path(settings.BASE_DIR) / "fixtures"

# What the sources print at odds with the rule, with themselves or with each other, and the partnerships it concerns.
AT_ODDS = {
    "manchester": (
        "M-X1 M-X2 M-X3 M-X4 M-X5 M-X6 M-X7 M-X8 "
        "X-01 X-03 X-04 X-05 X-06 X-07 X-08 X-09 X-10 X-11 X-12"
    ),
    "bolton": "B-X1 B-X2 B-X3 B-X4 X-02 X-03 X-04 X-05 X-06 X-07 X-08 X-09 X-11",
    "trafford": "R-X1 R-X2 R-X3 R-X4 R-X5 X-05 X-06 X-07 X-08 X-09 X-11",
}  # fmt: skip
EDITIONS = {
    "manchester": [(date(2018, 11, 1), "proposal"), (date(2019, 2, 5), "draft")],
    "bolton": [(date(2019, 4, 8), "proposal")],
    "trafford": [(date(2024, 12, 31), "published"), (date(2025, 1, 31), "published")],
}
# The least number of words in the prose of each edition: the whole substance, not a summary.
LEAST_WORDS = {"manchester": 5000, "bolton": 2500, "trafford": 2200}
WT18 = [f"WT18-PUB-{n:02}" for n in range(1, 15)] + [f"WT18-PUB-A{n}" for n in range(1, 7)]
WT23 = [f"WT23-PUB-{n:02}" for n in range(1, 21)]
ASKED = {"manchester": WT18, "bolton": WT18, "trafford": WT23}

# Case reviews, quality assurance, learning and improvement, locality fora, budget: one figure for each agency's row.
STRANDS = ["case-reviews", "quality-assurance", "learning-and-improvement", "locality-fora", "budget-contribution"]
TICKS = {
    "council": "11111", "mft": "11111", "lco": "11111", "ccg": "11111", "police": "11111", "northern-care-alliance": "11111",
    "early-years": "00110", "primary-schools": "00111", "secondary-schools": "00111", "colleges": "00110",
    "independent-schools": "00000", "national-probation-service": "10111", "crc": "00100", "cafcass": "10001",
    "ambulance-service": "00100", "fire-and-rescue": "00100", "the-christie": "01000", "barnardos": "01000",
    "nhs-england": "00000", "macc": "00110", "mental-health-trust": "10000", "healthwatch": "01000",
    "residential-homes": "00000", "neighbourhood-teams": "00110",
}  # fmt: skip


@pytest.fixture(scope="module")
def files():
    """The three files as read, each without a problem."""
    opened = {name: read(FIXTURES / f"{name}.yaml") for name in AT_ODDS}
    assert [str(problem) for file in opened.values() for problem in file.problems] == []
    return {name: file.data for name, file in opened.items()}


def editions(data):
    """Return each edition of a file with all its sections, those taken over from the edition before included."""
    full, before = [], {}
    for edition in data["publications"][0]["editions"]:
        rows = [before[row["anchor"]] if row.get("as_before") else row for row in edition["sections"]]
        before = {row["anchor"]: row for row in rows}
        full.append((edition, rows))
    return full


@pytest.mark.parametrize("name", AT_ODDS)
def test_each_point_at_odds_is_noted_once_in_every_edition(files, name):
    for edition, rows in editions(files[name]):
        codes = Counter(re.findall(r'<aside data-note="source" data-code="([^"]+)"', " ".join(row["body"] for row in rows)))
        assert codes == Counter(AT_ODDS[name].split()), edition["title"]


@pytest.mark.parametrize("name", AT_ODDS)
def test_editions_say_what_they_were_and_when(files, name):
    assert [
        (date.fromisoformat(str(e["as_on"])), e["reconstruction"]["status_then"]) for e, _ in editions(files[name])
    ] == EDITIONS[name]
    for edition, _ in editions(files[name]):
        assert edition["reconstruction"]["as_at"] == edition["as_on"]
        assert edition["change_note"]
        assert "moves" not in edition
    assert files[name]["partnership"]["holders_correct_on"] == editions(files[name])[-1][0]["as_on"]
    assert files[name]["partnership"]["sample"] == "reconstruction"
    assert "people" not in files[name]


@pytest.mark.parametrize("name", AT_ODDS)
def test_prose_is_whole_and_comes_through_cleaning(files, name):
    for edition, rows in editions(files[name]):
        cleaned = [clean(row["body"]) for row in rows]
        assert [sentence for one in cleaned for sentence in one.dropped] == []
        assert sum(len(text_of(one.html).split()) for one in cleaned) > LEAST_WORDS[name], edition["title"]


@pytest.mark.parametrize("name", AT_ODDS)
def test_prose_of_each_section_differs_from_the_others(files, name):
    for _, rows in editions(files[name]):
        paragraphs = [p for row in rows for p in re.findall(r"<p[^>]*>.*?</p>", row["body"], re.S)]
        assert len(paragraphs) == len(set(paragraphs))


@pytest.mark.parametrize("name", AT_ODDS)
def test_every_requirement_has_an_answer_and_every_gap_its_reason(files, name):
    for edition, rows in editions(files[name]):
        anchors = {row["anchor"] for row in rows}
        assert [answer["code"] for answer in edition["answers"]] == ASKED[name]
        for answer in edition["answers"]:
            assert set(answer["sections"]) <= anchors and answer["sections"]
            if answer["status"] == "answered":
                assert "reason" not in answer
            else:
                assert answer["status"] in {"partly", "not_yet", "unanswered"}
                assert answer["reason"].startswith("The source does not say")


@pytest.mark.parametrize("name", AT_ODDS)
def test_only_numbers_that_serve_the_whole_country_are_given(files, name):
    routes = files[name]["contact_routes"]
    assert {route["telephone"] for route in routes} == {"999", "101", "0808 800 5000", "0800 1111"}
    assert all(str(route["checked_on"]) == "2026-11-22" for route in routes)
    assert "child" in {route["kind"] for route in routes}


def test_manchester_has_24_agencies_and_57_expected_ticks(files):
    data = files["manchester"]
    ticked = {(row["agency"], row["strand"]) for row in data["involvements"]}
    expected = {(agency, strand) for agency, row in TICKS.items() for strand, tick in zip(STRANDS, row, strict=True) if tick == "1"}
    assert [row["slug"] for row in data["agencies"]] == list(TICKS)
    assert ticked == expected
    assert len(data["involvements"]) == len(expected) == 57
    assert {row["certainty"] for row in data["involvements"]} == {"expected"}
    totals = Counter(row["strand"] for row in data["involvements"])
    assert [totals[strand] for strand in STRANDS] == [9, 9, 16, 13, 10]
    assert [strand["printed_total"] for strand in data["strands"]] == [9, 9, 16, 13, 10]
    assert [strand["slug"] for strand in data["strands"] if strand.get("is_money")] == ["budget-contribution"]


def test_manchester_keeps_the_notes_printed_beside_ticks_and_tells_categories_from_bodies(files):
    data = files["manchester"]
    notes = {(row["agency"], row["strand"]): row["note"] for row in data["involvements"] if "note" in row}
    assert notes == {
        ("mft", "case-reviews"): "SAR Sub Group", ("lco", "case-reviews"): "SAR Sub Group",
        ("ccg", "locality-fora"): "Practice Forums", ("early-years", "locality-fora"): "Fora",
        ("primary-schools", "locality-fora"): "Fora", ("secondary-schools", "locality-fora"): "Fora",
        ("colleges", "locality-fora"): "Fora",
    }  # fmt: skip
    assert [row["slug"] for row in data["agencies"] if "category" in row] == [
        "early-years", "primary-schools", "secondary-schools", "colleges", "independent-schools", "residential-homes", "neighbourhood-teams",
    ]  # fmt: skip


def test_manchester_marks_words_about_adults_inside_sentences(files):
    for _, rows in editions(files["manchester"]):
        body = " ".join(row["body"] for row in rows)
        assert len(re.findall(r'<span data-scope="adults">', body)) > 30
        assert '<p data-scope="adults">' in body
        assert '<li data-scope="adults">' in body
        assert '<h3 data-scope="adults">' in body


def test_bolton_has_eight_members_of_whom_two_are_not_statutory(files):
    members = files["bolton"]["groups"][0]["memberships"]
    assert len(members) == 8
    assert [m["post"] for m in members if not m["is_statutory"]] == ["bolton-cvs-chief-executive", "dwp-partnership-manager-bolton"]
    without_body = [post["slug"] for post in files["bolton"]["posts"] if "organisation" not in post]
    assert without_body == ["bolton-director-of-public-health"]


def test_bolton_prints_five_deadlines_in_words(files):
    assert [(m.get("due_on"), m["due_words"]) for m in files["bolton"]["milestones"]] == [
        ("2019-04-30", "By end April 2019"), (None, "By early June 2019"), ("2019-06-20", "By 20 June 2019"),
        ("2019-07-01", "From 1 July 2019"), ("2019-09-10", "By 10 September 2019"),
    ]  # fmt: skip


def test_bolton_is_scrutinised_in_three_ways(files):
    assert [(m["kind"], m["meets_times"], m["meets_per"]) for m in files["bolton"]["scrutiny_mechanisms"]] == [
        ("experts", 2, "year"), ("young_people", 4, "year"), ("board", 4, "year"),
    ]  # fmt: skip


# Loaded into the register


@pytest.fixture
def loaded(db, monkeypatch):
    """All three in the register, with their editions published. Their PDFs are not what these tests ask about."""
    monkeypatch.setattr("masa.publishing.reconstructions.made_pdf", lambda edition, now: b"%PDF-1.7")
    load_guidance()
    load([FIXTURES / f"{name}.yaml" for name in ("shared", *AT_ODDS)])
    with scope.every_partnership(why="tests look at all three"):
        yield


def block(slug, number, key):
    """Return what a block shows in an edition."""
    edition = Edition.objects.get(publication__partnership__slug=slug, number=number)
    context = blocks.BlockContext(
        partnership=edition.publication.partnership, as_on=edition.as_on, audience=edition.audience, guidance=edition.guidance, options={}
    )
    return blocks.get(key).collect(context)


def test_the_register_takes_all_three_as_they_are(loaded):
    states = {(e.partnership.slug, e.number): e.state for e in Edition.objects.all()}
    assert states == {
        ("manchester", 1): "superseded", ("manchester", 2): "published", ("bolton", 1): "published",
        ("trafford", 1): "superseded", ("trafford", 2): "published",
    }  # fmt: skip
    assert not Edition.objects.exclude(origin="reconstruction").exists()
    assert {p.slug for p in Partnership.objects.all() if p.is_sample} == set(AT_ODDS)

    # The police chief officer changed in December 2018.
    chief = Post.objects.get(slug="gmp-deputy-chief-constable")
    assert chief.holder_on(date(2018, 11, 1)).holder == "Debbie Ford"
    assert chief.holder_on(date(2019, 2, 5)).holder == "Mabs Hussain"

    # Clinical commissioning groups gave way to the integrated care board.
    ccg = Partnership.objects.get(slug="bolton").seats.get(slug="health").organisation
    assert (ccg.slug, ccg.closed_on, ccg.successor.slug) == ("bolton-ccg", date(2022, 6, 30), "nhs-greater-manchester")

    # Seven amounts, one line not stated, one purpose without a payer, and a total printed as a credit.
    fund = block("bolton", 1, "funding")["funds"][0]
    lines = fund["stages"][0]["lines"]
    amounts = [line["amount"] for line in lines]
    assert amounts == ["232079.00", "17995.00", "87456.00", "3468.00", None, "5000.00", "550.00", "3000.00"]
    assert [line["label"] for line in lines if line["is_purpose"]] == ["Supervision, Support and Cover for CDOP"]
    assert (fund["stages"][0]["total"], fund["stages"][0]["partners"]) == ("349548.00", "337530.00")
    assert (fund["printed_total"], fund["check"], fund["is_predecessor"]) == ("-349,548", "credit", True)

    # A budget to be confirmed: lines without amounts, and no total.
    budget = block("manchester", 2, "funding")["funds"][0]
    assert (budget["printed_total"], budget["printed_value"], budget["stages"][0]["total"]) == ("TBC", None, None)

    # Health delegates in two layers, and a chair that passes between the three partners every 18 months.
    health = next(seat for seat in block("trafford", 2, "partners")["seats"] if seat["kind"] == "health")
    assert [(d["title"], d["layer"], d["place"]) for d in health["delegates"]] == [
        ("Chief Nursing Officer", 1, ""), ("Associate Director of Nursing and Quality", 2, "Trafford"),
    ]  # fmt: skip
    executive = Partnership.objects.get(slug="trafford").groups.get(slug="executive")
    rota = executive.chairs.get()
    assert rota.rota_months == 18
    assert {seat.slug for seat in rota.rota.all()} == {"local-authority", "health", "police"}
    assert [m.post.title for m in executive.memberships.filter(role="observer")] == ["Lead Member"]

    # The twelve bodies of Manchester's source, with three fora and three practice forums, are sixteen groups.
    groups = Partnership.objects.get(slug="manchester").groups
    assert groups.count() == 16
    assert groups.filter(kind="forum", audience="children").count() == groups.filter(kind="forum", audience="adults").count() == 3
    represented = groups.get(slug="childrens-executive").links.get(kind="represented_on")
    assert represented.by_post.slug == "gmp-superintendent-for-vulnerability"

    # Each edition is complete as composed: no block is missing, no prose was lost.
    for edition in Edition.objects.all():
        assert edition.signed_text is not None
        assert not edition.signed_text.sign_offs.exists()
