"""Every mistake a guidance file can hold, and the sentence it is met with."""
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masa.guidance.checking import DEADLINE, EDITION, REQUIREMENT, SECTION, check
from masa.guidance.reading import parse


def row(code="OLD-1", **changes):
    return {
        "code": code, "kind": "arrangements", "text": "Say who.", "force": "must", "status": "confirmed",
        "source": "ch.1",
    } | changes


def edition(key="old", requirements=(), **changes):
    return {
        "key": key, "series": "working_together", "title": "Old guidance", "short_title": "Old", "release": 1,
        "released_on": "2026-11-22", "audience": "children", "status": "confirmed", "in_force_from": "2018-06-29",
        "in_force_to": "2023-12-14", "requirements": list(requirements),
    } | changes


def later(requirements=(), **changes):
    period = {"in_force_from": "2023-12-15", "in_force_to": "2026-03-17", "replaces": "old"}
    return edition("new", requirements, **(period | changes))


def new_row(*maps_from, code="NEW-1", **changes):
    return row(code, maps_from=list(maps_from), **changes)


def split(code):
    return {"code": code, "change": "split"}


def merged(code):
    return {"code": code, "change": "merged"}


def problems(*files, held=()):
    documents = [parse(f"{values.get('key', 'x')}.yaml", json.dumps(values)) for values in files]
    held = [parse(f"{values['key']} as loaded", json.dumps(values)) for values in held]
    return [str(problem) for problem in check(documents, held)]


def without(values, name):
    return {key: value for key, value in values.items() if key != name}


DUE = {
    "anchor": "incident_known", "amount": 5, "unit": "working_days", "direction": "after", "basis": "legal",
    "status": "stated",
}
SECTION_ROW = {"code": "T-01", "key": "vision", "heading": "Vision", "prompts": ["Why?"]}


def test_a_file_in_order_has_no_problems():
    whole = row(
        applies_when="secure_establishment", recipients=[{"key": "panel"}, {"key": "ofsted", "status": "provisional"}],
        deadline=DUE | {"other_anchors": ["incident_notified"], "marks": "earliest", "no_later_than": "2019-09-29"},
        valid_from="2018-06-29", valid_to="2018-06-29", commenced=False, see_also=["OLD-2"], note="Why.",
        group="Health", force_status="provisional",
    )
    sections = [SECTION_ROW, SECTION_ROW | {"code": "T-02", "key": "aims", "parent": "vision", "nearest": ["OLD-1"]}]
    notes = [{"text": "Not all was read."}, {"about": "OLD-1", "text": "This was."}]
    assert problems(edition(requirements=[whole, row("OLD-2")], sections=sections, notes=notes)) == []


@pytest.mark.parametrize("name", [
    "key", "series", "title", "short_title", "release", "released_on", "audience", "status",
])
def test_a_missing_field_of_an_edition(name):
    key = "" if name == "key" else "old"
    about = key or "file"
    assert f"{'x' if name == 'key' else 'old'}.yaml: {about}: {name}: This field is missing. Add it." in problems(
        without(edition(), name)
    )


@pytest.mark.parametrize("name", ["kind", "text", "force", "status", "source"])
def test_a_missing_field_of_a_requirement(name):
    assert problems(edition(requirements=[without(row(), name)])) == [
        f"old.yaml: OLD-1: {name}: This field is missing. Add it."
    ]


def test_a_requirement_without_a_code_is_named_by_its_place():
    assert problems(edition(requirements=[row(), without(row(), "code")])) == [
        "old.yaml: requirements 2: code: This field is missing. Add it."
    ]


@pytest.mark.parametrize(("name", "value", "sentence"), [
    ("key", "Old guidance", "Write it like wt18, in at most 40 characters."),
    ("series", "other", "Write one of: working_together, care_act, law, plan_template, checklist."),
    ("audience", "everyone", "Write one of: children, adults, both."),
    ("status", "certain", "Write one of: confirmed, stated, provisional."),
    ("status", ["stated"], "Write one of: confirmed, stated, provisional."),
    ("title", " ", "Write some words here."),
    ("title", 12, "Write some words here."),
    ("title", "x" * 201, "Write at most 200 characters; there are 201."),
    ("title", "Old\u202eguidance", "Take out the invisible characters."),
    ("release", "1", "Write a whole number."),
    ("release", True, "Write a whole number."),
    ("release", 0, "Write a number from 1 to 10,000."),
    ("release", -1, "Write a number from 1 to 10,000."),
    ("released_on", "22 November 2026", "Write the date as year-month-day, such as 2018-06-29."),
    ("released_on", 20261122, "Write the date as year-month-day, such as 2018-06-29."),
    ("released_on", "2026-02-30", "There is no such date as 2026-02-30. Check the month and the day."),
    ("released_on", "1988-12-31", "Write a date from 1989 to 2100."),
    ("in_force_to", "2018-06-28", "This date is before in_force_from. Check both."),
    ("requirements", {"code": "A"}, "Write a list whose entries each have named values."),
    ("requirements", ["A"], "Write a list whose entries each have named values."),
    ("notes", "words", "Write a list whose entries each have named values."),
    ("colour", "blue", "There is no field of this name. Write one of: key, series, title, short_title, release, "
     "released_on, audience, status, published_on, in_force_from, in_force_to, replaces, notes, sections, "
     "requirements, dropped."),
    ("dropped", [], "Only an edition that replaces another can say this. Take it out."),
    ("replaces", "old", "An edition cannot replace itself."),
    ("replaces", "older", "No file is for the edition older. Load that one too."),
])
def test_a_wrong_value_in_an_edition(name, value, sentence):
    about = "file" if name == "key" else "old"
    file = value if name == "key" else "old"
    assert problems(edition(**{name: value})) == [f"{file}.yaml: {about}: {name}: {sentence}"]


@pytest.mark.parametrize(("name", "value", "sentence"), [
    ("kind", "law", "Write one of: arrangements, yearly_report, threshold, incident, review, criterion, funding, "
     "dispute, information, scrutiny, role, function, section_11, education, area, agency_category, "
     "transition, checklist."),
    ("force", "shall", "Write one of: must, should, may, unconfirmed."),
    ("status", "", "Write one of: confirmed, stated, provisional."),
    ("force_status", None, "Write one of: confirmed, stated, provisional."),
    ("applies_when", "always", "Write one of: several_local_authorities, secure_establishment, integrated_adults."),
    ("commenced", "no", "Write true or false."),
    ("valid_from", "2018-6-29", "Write the date as year-month-day, such as 2018-06-29."),
    ("valid_to", "2019-02-29", "There is no such date as 2019-02-29. Check the month and the day."),
    ("see_also", "OLD-1", "Write a list, even of one."),
    ("see_also", ["old 1"], "Write it like WT18-PUB-01, in at most 30 characters."),
    ("see_also", [["OLD-1"]], "Write it like WT18-PUB-01, in at most 30 characters."),
    ("see_also", ["OLD-1", "OLD-1"], "OLD-1 stands twice in this list. Keep one."),
    ("see_also", ["NONE-1"], "No file has a requirement NONE-1. Correct it, or load its file too."),
    ("deadline", "soon", "Write named values here, one a line."),
    ("recipients", "panel", "Write a list whose entries each have named values."),
    ("recipients", ["panel"], "Write a list whose entries each have named values."),
    ("words", "x",
     "There is no field of this name. Write one of: code, kind, group, text, force, status, force_status, "
     "source, applies_when, commenced, valid_from, valid_to, recipients, deadline, see_also, note, maps_from."),
    ("maps_from", [{"change": "new"}], "Only an edition that replaces another can say this. Take it out."),
])
def test_a_wrong_value_in_a_requirement(name, value, sentence):
    assert problems(edition(requirements=[row(**{name: value})])) == [f"old.yaml: OLD-1: {name}: {sentence}"]


def test_a_row_that_ends_before_it_begins():
    assert problems(edition(requirements=[row(valid_from="2020-01-02", valid_to="2020-01-01")])) == [
        "old.yaml: OLD-1: valid_to: This date is before valid_from. Check both."
    ]


@pytest.mark.parametrize(("name", "value", "sentence"), [
    ("anchor", "sometime", "Write one of: incident_known, incident_notified, review_decided, review_publication, "
     "review_published, previous_report_published, report_year_ended, report_published, edition_in_force, "
     "arrangements_published, arrangements_started."),
    ("other_anchors", ["incident_known", "incident_known"], "incident_known stands twice in this list. Keep one."),
    ("amount", -5, "Write a number from 1 to 10,000."),
    ("amount", "five", "Write a whole number."),
    ("amount", "1.5", "Write a whole number."),
    ("unit", "weeks", "Write one of: days, working_days, months."),
    ("direction", "within", "Write one of: after, before."),
    ("basis", "custom", "Write one of: legal, guidance."),
    ("status", "sure", "Write one of: confirmed, stated, provisional."),
    ("marks", "middle", "Write one of: latest, earliest."),
    ("no_later_than", "never", "Write the date as year-month-day, such as 2018-06-29."),
    ("limit", 5, "There is no field of this name. Write one of: anchor, other_anchors, amount, unit, direction, basis, "
     "status, marks, no_later_than."),
])
def test_a_wrong_value_in_a_deadline(name, value, sentence):
    assert problems(edition(requirements=[row(deadline=DUE | {name: value})])) == [
        f"old.yaml: OLD-1: deadline: {name}: {sentence}"
    ]


@pytest.mark.parametrize("name", DUE)
def test_a_missing_field_of_a_deadline(name):
    assert problems(edition(requirements=[row(deadline=without(DUE, name))])) == [
        f"old.yaml: OLD-1: deadline: {name}: This field is missing. Add it."
    ]


def test_a_recipient_nobody_knows():
    [problem] = problems(edition(requirements=[row(recipients=[{"key": "mayor"}])]))
    assert problem.startswith("old.yaml: OLD-1: recipients: key: Write one of: panel, secretary_of_state, ofsted,")


def test_a_code_used_twice():
    assert problems(edition(requirements=[row(), row()], sections=[SECTION_ROW | {"code": "OLD-1"}])) == [
        "old.yaml: OLD-1: code: This code is used 3 times in the file. Give each row its own."
    ]


@pytest.mark.parametrize(("changes", "field", "sentence"), [
    ({"prompts": "Why?"}, "prompts", "Write a list, even of one."),
    ({"prompts": ["Why?", ""]}, "prompts", "Write some words here."),
    ({"heading": None}, "heading", "Write some words here."),
    ({"parent": "later"}, "parent", "No section before this one has the key later."),
    ({"parent": "vision"}, "parent", "No section before this one has the key vision."),
    ({"nearest": ["NONE-1"]}, "nearest", "No file has a requirement NONE-1. Correct it, or load its file too."),
    ({"key": "Our vision"}, "key", "Write it like strategic-links, in at most 60 characters."),
])
def test_a_wrong_value_in_a_section(changes, field, sentence):
    assert problems(edition(sections=[SECTION_ROW | changes])) == [f"old.yaml: T-01: {field}: {sentence}"]


def test_two_sections_of_one_key():
    assert problems(edition(sections=[SECTION_ROW, SECTION_ROW | {"code": "T-02"}])) == [
        "old.yaml: T-01: key: Another section has this key. Give each its own.",
        "old.yaml: T-02: key: Another section has this key. Give each its own.",
    ]


def test_two_files_for_one_edition():
    sentence = "old.yaml: old: key: Two of these files are for this edition. Load one of them."
    assert problems(edition(in_force_to="2018-12-31"), edition(in_force_from="2019-01-01")) == [sentence, sentence]


def test_an_edition_that_replaces_one_of_another_series():
    assert problems(edition(series="law"), later()) == [
        "new.yaml: new: replaces: An edition replaces one of its own series."
    ]


def test_two_editions_of_a_series_in_force_at_once():
    assert problems(without(edition(), "in_force_to"), later()) == [
        "new.yaml: new: in_force_from: old of the same series is still in force then. Give it an in_force_to."
    ]
    assert problems(without(edition(series="law"), "in_force_to"), edition("new")) == []


@pytest.mark.parametrize(("old", "new", "expected"), [
    ([row()], [new_row({"code": "OLD-1", "change": "same"})], []),
    ([row()], [new_row(split("OLD-1")), new_row(split("OLD-1"), code="NEW-2")], []),
    ([row(), row("OLD-2")], [new_row(merged("OLD-1"), merged("OLD-2"))], []),
    ([], [row("NEW-1")], ["NEW-1: maps_from: Say which earlier row this comes from, or that it is new."]),
    ([], [new_row({"code": "NONE-1", "change": "same"})],
     ["NEW-1: maps_from: The edition before (old) has no NONE-1."]),
    ([row()], [], ["OLD-1: dropped: Say what became of this row of old: map it, or list it as dropped."]),
    ([], [new_row({"change": "same"})], ["NEW-1: maps_from: Add the code of the row it comes from."]),
    ([row()], [new_row({"code": "OLD-1", "change": "new"})],
     ["NEW-1: maps_from: A new row comes from nothing: take out the other codes."]),
    ([], [new_row({"change": "dropped"})],
     ["NEW-1: maps_from: List a dropped row under “dropped” at the end of the file, not here."]),
    ([row()], [new_row({"code": "OLD-1", "change": "split"})],
     ["NEW-1: maps_from: Only this row comes from OLD-1, so it was not split: write same or reworded."]),
    ([row()], [new_row({"code": "OLD-1", "change": "merged"})],
     ["NEW-1: maps_from: This row comes from one row only, so nothing was merged: write same, reworded or split."]),
    ([row()], [new_row({"code": "OLD-1", "change": "same"}), new_row(split("OLD-1"), code="NEW-2")],
     ["NEW-1: maps_from: OLD-1 and this row are not one to one: write split or merged."]),
    ([row()], [new_row({"code": "OLD-1", "change": "moved"})],
     ["NEW-1: maps_from: change: Write one of: same, reworded, split, merged, new, dropped."]),
])
def test_what_a_row_comes_from(old, new, expected):
    assert problems(edition(requirements=old), later(new)) == [f"new.yaml: {problem}" for problem in expected]


def test_what_is_dropped():
    old = edition(requirements=[row(), row("OLD-2")])
    kept = new_row({"code": "OLD-1", "change": "same"})
    assert problems(old, later([kept], dropped=[{"code": "OLD-2", "note": "Gone."}])) == []
    assert problems(old, later([kept], dropped=[{"code": "OLD-2"}, {"code": "OLD-1"}, {"code": "OLD-3"}])) == [
        "new.yaml: OLD-3: dropped: The edition before (old) has no such row.",
        "new.yaml: OLD-1: dropped: A row here says it comes from this one, so it was not dropped.",
    ]


def test_a_new_release_that_leaves_a_loaded_edition_pointing_at_nothing():
    held = later([new_row({"code": "OLD-1", "change": "same"})])
    assert problems(edition(requirements=[row("OLD-2")]), held=[held]) == [
        "new as loaded: NEW-1: maps_from: The edition before (old) has no OLD-1.",
        "new as loaded: OLD-2: dropped: Say what became of this row of old: map it, or list it as dropped.",
    ]


def test_every_mistake_is_reported_at_once():
    assert len(problems(
        edition(requirements=[row(force="shall", kind="law"), row("OLD-2", deadline=DUE | {"amount": 0})]),
        later([new_row({"code": "OLD-9", "change": "same"})], dropped=[{"code": "OLD-1"}, {"code": "OLD-2"}]),
    )) == 4


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8)
    | st.sampled_from(["OLD-1", "new", "same", "2020-01-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        sorted({*EDITION, *REQUIREMENT, *DEADLINE, *SECTION})), inner, max_size=5),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(sorted(EDITION)), VALUES), st.sampled_from(sorted(REQUIREMENT)), VALUES)
def test_no_file_breaks_the_checks(values, name, value):
    document = parse("a.yaml", "key: a")
    document.data = later([row(), new_row() | {name: value}]) | values
    other = parse("b.yaml", "key: b")
    other.data = edition()
    assert all(problem.sentence for problem in check([document, other]))
