from datetime import date

import pytest

from masa.guidance import selectors
from masa.guidance.models import Requirement
from masa.guidance.selectors import NoSuchGuidance
from masa.guidance.vocabulary import Kind, Status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("guidance")]


@pytest.mark.parametrize(("on", "audience", "key"), [
    (date(2018, 6, 29), "children", "wt18"),
    (date(2023, 12, 14), "children", "wt18"),
    (date(2023, 12, 15), "children", "wt23"),
    (date(2026, 3, 17), "children", "wt23"),
    (date(2026, 3, 18), "children", "wt26"),
    (date(2100, 1, 1), "children", "wt26"),
    (date(2026, 3, 18), "adults", "care-act"),
])
def test_the_edition_in_force(on, audience, key):
    assert selectors.edition_in_force(on, audience).key == key


def test_no_edition_is_in_force_before_the_first_one_held():
    assert selectors.edition_in_force(date(2018, 6, 28)) is None
    assert selectors.edition_in_force(date(2015, 3, 31), "adults") is None


def test_children_and_adults_together_have_no_single_edition():
    with pytest.raises(ValueError, match="Ask for children or adults"):
        selectors.edition_in_force(date(2026, 1, 1), "both")


def test_requirements_of_chosen_editions_and_kinds():
    rows = selectors.requirements(["wt23", "care-act"], kinds=[Kind.YEARLY_REPORT])
    assert [row.code for row in rows] == [
        "SAB-YR-01", "SAB-YR-02", "SAB-YR-03", "SAB-YR-04", "SAB-YR-05", *[f"WT23-YR-{n:02d}" for n in range(1, 22)],
    ]
    assert selectors.requirements(["wt18"]).count() == 69
    assert selectors.requirements(["wt18"], kinds=[]).count() == 0


def test_requirements_are_fetched_in_few_queries(django_assert_num_queries):
    with django_assert_num_queries(3):  # two editions, then all their rows
        assert len({row.reference for row in selectors.requirements(["wt18", "wt23"])}) == 172


def test_an_edition_that_is_not_loaded():
    with pytest.raises(NoSuchGuidance, match="No edition of guidance is called “wt99”. Load it with load_guidance."):
        selectors.requirements(["wt18", "wt99"])


@pytest.mark.parametrize(("code", "on", "reference"), [
    ("RR-02", date(2020, 4, 1), "wt18:RR-02"),
    ("RR-02", date(2024, 4, 1), "wt23:RR-02"),
    ("RR-02", date(2026, 4, 1), "wt26:RR-02"),
    ("wt18:RR-02", date(2026, 4, 1), "wt18:RR-02"),
    ("WT18-PUB-01", None, "wt18:WT18-PUB-01"),
    ("SI-02", None, "law:SI-02"),
])
def test_the_requirement_of_the_day(code, on, reference):
    assert selectors.requirement(code, on).reference == reference


@pytest.mark.parametrize(("code", "on"), [
    ("XX-99", None), ("wt18:SI-02", None), ("wt99:RR-02", None), ("RR-02", date(2017, 1, 1)), ("", None), (":", None),
])
def test_a_requirement_nobody_has(code, on):
    with pytest.raises(NoSuchGuidance, match="No edition of guidance that is loaded has"):
        selectors.requirement(code, on)


def changes(from_key, to_key):
    return {(row.from_code, row.to_code): row.change for row in selectors.mapping(from_key, to_key)}


def test_the_mapping_from_2018_to_2023():
    found = changes("wt18", "wt23")
    assert found["WT18-PUB-01", "WT23-PUB-01"] == "same"
    assert found["WT18-PUB-07", "WT23-PUB-09"] == "reworded"
    assert found["WT18-PUB-04", "WT23-PUB-04"] == found["WT18-PUB-04", "WT23-PUB-05"] == "split"
    assert found["WT18-PUB-11", "WT23-PUB-13"] == found["WT18-PUB-A1", "WT23-PUB-13"] == "merged"
    assert found["", "WT23-PUB-18"] == "new"
    assert found["WT18-PUB-A5", ""] == "dropped"


def test_the_mapping_from_2023_to_2026():
    found = changes("wt23", "wt26")
    assert found["WT23-PUB-01", "WT26-C-PUB-01"] == found["RR-02", "RR-02"] == "same"
    assert found["", "WT26-PUB-01"] == "new"


@pytest.mark.parametrize(("earlier", "later"), [("wt18", "wt26"), ("wt23", "wt18"), ("law", "wt18")])
def test_a_mapping_between_editions_that_do_not_follow_one_another(earlier, later):
    with pytest.raises(NoSuchGuidance, match="does not replace"):
        selectors.mapping(earlier, later)


def test_the_tyne_template_with_its_questions(django_assert_num_queries):
    with django_assert_num_queries(3):
        sections = list(selectors.template("tyne"))
        questions = [prompt.text for section in sections for prompt in section.prompts.all()]
    assert [section.key for section in sections[:5]] == [
        "introduction", "shared-vision", "strategic-links", "partners-and-agencies", "education",
    ]
    assert sections[4].parent == sections[3]
    assert sections[2].nearest == ["WT18-PUB-A6"]
    assert questions[:2] == ["Why is there a plan, and why now?", "Which years does it cover?"]


def test_an_edition_without_a_template_has_no_sections():
    assert list(selectors.template("wt23")) == []


def test_nothing_provisional_may_block():
    for row in Requirement.objects.filter(release__is_current=True).select_related("release__edition"):
        assert not (row.can_block and (row.status == Status.PROVISIONAL or row.force_status == Status.PROVISIONAL))
    assert not any(row.can_block for row in selectors.requirements(["wt26", "ailc"]))


BLOCKING = {
    "CA04-PUB-01", "CA04-YR-01", "ROLE-SP", "ROLE-RA", "SI-02", "S11-01", "ED-175",
}


def test_what_may_block_is_a_confirmed_must_that_has_begun():
    assert {row.code for row in selectors.requirements(["law"]) if row.can_block} == BLOCKING
    assert not selectors.requirement("CW26-PUB-01").can_block
    assert not selectors.requirement("WT18-PUB-01").can_block
    assert selectors.requirement("WT23-PUB-01").can_block


def test_a_law_not_yet_begun_does_not_hold():
    assert not selectors.requirement("CW26-PUB-02").holds_on(date(2026, 11, 22))
    assert selectors.requirement("SI-02").holds_on(date(2026, 11, 22))
    assert not selectors.requirement("SI-02").holds_on(date(2018, 6, 28))


# Each deadline of the sources, counted by hand. Its name carries its code.


def test_si_02_skips_easter():
    assert selectors.due("SI-02", date(2025, 4, 17)) == date(2025, 4, 28)


def test_si_03_is_five_working_days():
    assert selectors.due("SI-03", date(2024, 6, 3)) == date(2024, 6, 10)


def test_si_04_days_are_not_confirmed():
    rule = selectors.requirement("SI-04", date(2024, 6, 3)).deadline_rule
    assert (rule.amount, rule.unit, rule.status) == (5, "working_days", "provisional")


def test_si_05_counts_from_2023_only():
    assert selectors.due("SI-05", date(2024, 6, 3)) == date(2024, 6, 10)
    with pytest.raises(NoSuchGuidance):
        selectors.due("SI-05", date(2023, 12, 14))


def test_rr_02_skips_bank_holidays():
    assert selectors.due("RR-02", date(2024, 12, 16)) == date(2025, 1, 9)


def test_rr_02_may_be_counted_from_the_notification():
    rule = selectors.requirement("RR-02", date(2024, 12, 16)).deadline_rule
    assert (rule.anchor, rule.other_anchors, rule.basis) == ("incident_known", ("incident_notified",), "guidance")


def test_lr_05_is_six_months_to_the_end_of_a_shorter_month():
    assert selectors.due("LR-05", date(2023, 8, 31)) == date(2024, 2, 29)


def test_lr_06_counts_backwards_over_the_new_year():
    assert selectors.due("LR-06", date(2025, 1, 6)) == date(2024, 12, 23)


def test_lr_07_is_the_first_day_it_may_be_taken_down():
    assert selectors.due("LR-07", date(2024, 2, 29)) == date(2025, 2, 28)
    assert selectors.requirement("LR-07").deadline_rule.marks == "earliest"


def test_wt23_yr_01_is_the_legal_limit_and_wt23_yr_20_the_target():
    assert selectors.due("WT23-YR-01", date(2024, 9, 30)) == date(2025, 9, 30)
    assert selectors.due("WT23-YR-20", date(2025, 3, 31)) == date(2025, 9, 30)
    legal, target = (selectors.requirement(code).deadline_rule for code in ("WT23-YR-01", "WT23-YR-20"))
    assert (legal.basis, legal.status, target.basis, target.status) == ("legal", "confirmed", "guidance", "provisional")


def test_wt18_yr_11_is_seven_calendar_days():
    assert selectors.due("WT18-YR-11", date(2019, 12, 20)) == date(2019, 12, 27)


def test_wt18_tr_01_is_a_year_from_the_law():
    assert selectors.due("WT18-TR-01", date(2018, 6, 29)) == date(2019, 6, 29)


def test_wt18_tr_02_stops_on_29_september_2019():
    assert selectors.due("WT18-TR-02", date(2019, 6, 20)) == date(2019, 9, 20)
    assert selectors.due("WT18-TR-02", date(2019, 7, 15)) == date(2019, 9, 29)


def test_wt23_tr_01_falls_in_december_2024():
    assert selectors.due("WT23-TR-01", date(2023, 12, 15)) == date(2024, 12, 15)


@pytest.mark.parametrize(("anchor", "on", "expected"), [
    ("incident_known", date(2024, 12, 16), [
        ("law:SI-02", date(2024, 12, 23)), ("wt23:SI-03", date(2024, 12, 23)), ("wt23:SI-04", date(2024, 12, 23)),
        ("wt23:SI-05", date(2024, 12, 23)), ("wt23:RR-02", date(2025, 1, 9)),
    ]),
    ("incident_notified", date(2019, 11, 4), [("wt18:RR-02", date(2019, 11, 25))]),
    ("report_year_ended", date(2026, 3, 31), [("wt26:WT26-C-YR-20", date(2026, 9, 30))]),
    ("previous_report_published", date(2026, 9, 30), [
        ("law:CA04-YR-01", date(2027, 9, 30)), ("wt26:WT26-C-YR-01", date(2027, 9, 30)),
    ]),
    ("report_year_ended", date(2017, 3, 31), []),
])
def test_the_deadlines_an_event_sets_going(anchor, on, expected):
    assert [(row.reference, due) for row, due in selectors.deadlines(anchor, on)] == expected


def test_a_row_without_a_deadline_has_no_date():
    with pytest.raises(NoSuchGuidance, match="WT23-PUB-01 sets no deadline."):
        selectors.due("WT23-PUB-01", date(2024, 1, 1))
