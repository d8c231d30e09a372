"""The files that come with the program: in order, complete, and no surer of anything than their sources."""
import re

import pytest
from django.conf import settings

from masa.guidance.checking import DEADLINE, EDITION, REQUIREMENT, SECTION, check
from masa.guidance.loading import shipped_files
from masa.guidance.reading import parse, read

FILES = {path.name: read(path) for path in shipped_files()}
ROWS = {
    (document.data["key"], row["code"]): row
    for document in FILES.values() for row in document.data.get("requirements", [])
}


def codes(key, start=""):
    return [code for edition, code in ROWS if edition == key and code.startswith(start)]


def numbered(start, last, width=2):
    return [f"{start}{number:0{width}d}" for number in range(1, last + 1)]


def test_the_shipped_files_are_these():
    assert list(FILES) == ["ailc.yaml", "care-act.yaml", "law.yaml", "tyne.yaml", "wt18.yaml", "wt23.yaml", "wt26.yaml"]


def test_the_shipped_files_have_no_mistakes():
    assert [str(problem) for problem in check(list(FILES.values()))] == []


@pytest.mark.parametrize(("key", "start", "expected"), [
    ("wt18", "WT18-PUB-", [*numbered("WT18-PUB-", 14), *numbered("WT18-PUB-A", 6, 1)]),
    ("wt18", "WT18-YR-", numbered("WT18-YR-", 12)),
    ("wt23", "WT23-PUB-", numbered("WT23-PUB-", 20)),
    ("wt23", "WT23-YR-", numbered("WT23-YR-", 21)),
    ("wt23", "LSP-F", numbered("LSP-F", 6, 1)),
    ("wt23", "DSP-F", numbered("DSP-F", 6, 1)),
    ("wt23", "SCR-F", numbered("SCR-F", 7, 1)),
    ("wt26", "WT26-PUB-", numbered("WT26-PUB-", 4)),
    ("wt26", "WT26-YR-", ["WT26-YR-01"]),
    ("wt26", "WT26-C-PUB-", numbered("WT26-C-PUB-", 20)),
    ("wt26", "WT26-C-YR-", numbered("WT26-C-YR-", 21)),
    ("care-act", "SAB-YR-", numbered("SAB-YR-", 5)),
    ("care-act", "SAR-", numbered("SAR-", 4)),
    ("law", "CR-L", numbered("CR-L", 4, 1)),
    ("law", "CR-N", numbered("CR-N", 3, 1)),
    ("law", "RA-", [*numbered("RA-", 14), "RA-H1", "RA-H2", "RA-J", "RA-I", "RA-O", "RA-X"]),
    ("ailc", "A-", numbered("A-", 27)),
])
def test_the_rows_of_each_list(key, start, expected):
    assert codes(key, start) == expected


HEADLINES = {"WT26-PUB-01", "WT26-PUB-02", "WT26-PUB-03", "WT26-PUB-04", "WT26-YR-01"}


def test_only_the_headlines_of_2026_are_confirmed():
    statuses = {code: ROWS["wt26", code]["status"] for code in codes("wt26")}
    assert {code for code, status in statuses.items() if status == "confirmed"} == HEADLINES
    assert {status for code, status in statuses.items() if code not in HEADLINES} == {"provisional"}
    assert {ROWS["wt26", code]["force"] for code in HEADLINES} == {"unconfirmed"}


def test_2026_carries_every_row_of_2023_in_the_same_words():
    carried = {
        entry["code"]: ROWS["wt26", code]["text"] for code in codes("wt26") if code not in HEADLINES
        for entry in ROWS["wt26", code]["maps_from"]
    }
    assert carried == {code: ROWS["wt23", code]["text"] for code in codes("wt23") if code != "WT23-TR-01"}


def test_no_deadline_of_2026_is_confirmed():
    deadlines = [row["deadline"] for (key, _), row in ROWS.items() if key == "wt26" and "deadline" in row]
    assert {rule["status"] for rule in deadlines} == {"provisional"}


CONFIRMED_2023 = {
    "WT23-PUB-01", "WT23-PUB-03", "WT23-PUB-05", "WT23-PUB-09", "WT23-PUB-13", "WT23-PUB-17", "WT23-PUB-18",
    "WT23-YR-01", "WT23-YR-02", "WT23-YR-03", "WT23-YR-04", "WT23-YR-05", "WT23-YR-06",
}


def test_what_is_confirmed_of_the_two_lists_of_2023():
    rows = [*codes("wt23", "WT23-PUB-"), *codes("wt23", "WT23-YR-")]
    assert {code for code in rows if ROWS["wt23", code]["status"] == "confirmed"} == CONFIRMED_2023
    assert {ROWS["wt23", code]["status"] for code in rows if code not in CONFIRMED_2023} == {"provisional"}


@pytest.mark.parametrize(("reference", "force", "status"), [
    ("wt18:WT18-PUB-11", "should", "stated"),
    ("wt18:WT18-PUB-A2", "should", "confirmed"),
    ("wt18:WT18-YR-08", "should", "provisional"),
    ("wt18:WT18-YR-11", "should", "stated"),
    ("wt23:SCR-F6", "unconfirmed", "stated"),
    ("wt23:SCR-F7", "unconfirmed", "provisional"),
    ("wt23:ROLE-CHAIR-W", "unconfirmed", "provisional"),
    ("law:SI-02", "must", "confirmed"),
    ("law:INF-02", "must", "provisional"),
    ("law:FUND-01", "may", "provisional"),
    ("law:ED-157", "must", "provisional"),
    ("law:ED-175", "must", "confirmed"),
    ("law:RA-H1", "may", "provisional"),
    ("care-act:SAR-01", "must", "confirmed"),
    ("care-act:SAR-04", "unconfirmed", "provisional"),
])
def test_force_and_status_are_those_of_the_sources(reference, force, status):
    row = ROWS[tuple(reference.split(":"))]
    assert (row["force"], row["status"]) == (force, status)


SECTIONS = [
    ("T-01", "introduction", []),
    ("T-02", "shared-vision", ["WT18-PUB-01"]),
    ("T-03", "strategic-links", ["WT18-PUB-A6"]),
    ("T-04", "partners-and-agencies", ["WT18-PUB-04", "WT18-PUB-06"]),
    ("T-04E", "education", ["WT18-PUB-07"]),
    ("T-05", "leadership-and-governance", ["WT18-PUB-A4"]),
    ("T-06", "practice-reviews", ["WT18-PUB-02", "WT18-PUB-12"]),
    ("T-07", "data-and-intelligence", ["WT18-PUB-09"]),
    ("T-07.1", "quality-assurance", ["WT18-PUB-10"]),
    ("T-07.2", "independent-scrutiny", ["WT18-PUB-03", "WT18-PUB-A2"]),
    ("T-08", "learning-and-training", ["WT18-PUB-10"]),
    ("T-09", "child-death-reviews", []),
    ("T-10", "funding", ["WT18-PUB-11", "WT18-PUB-A1"]),
    ("T-11", "voice", ["WT18-PUB-13"]),
    ("T-12", "yearly-report", ["WT18-YR-01", "WT18-YR-09"]),
    ("T-13", "disputes", ["WT18-PUB-A4"]),
    ("T-14", "information-sharing", ["WT18-PUB-A3"]),
    ("T-15", "thresholds", ["WT18-PUB-14"]),
    ("T-16", "section-11", ["S11-03"]),
    ("T-17", "vulnerability-and-risk", []),
    ("T-18", "closing", []),
]


def test_the_tyne_template_keeps_its_sections_and_their_keys():
    sections = FILES["tyne.yaml"].data["sections"]
    assert [(row["code"], row["key"], row.get("nearest", [])) for row in sections] == SECTIONS
    assert all(row["prompts"] for row in sections)


def test_the_example_in_the_documents_has_every_field_and_no_mistake():
    [text] = re.findall(r"```yaml\n(.*?)```", (settings.BASE_DIR / "docs" / "guidance.md").read_text(), re.DOTALL)
    example = parse("example", text)
    [requirement], [section, nested] = example.data["requirements"], example.data["sections"]
    assert set(example.data) == set(EDITION)
    assert set(requirement) == set(REQUIREMENT)
    assert set(requirement["deadline"]) == set(DEADLINE)
    assert set(section) | set(nested) == set(SECTION)
    found = check([example], held=[read(path) for path in shipped_files() if path.name == "wt18.yaml"])
    assert {problem.sentence for problem in found} == {
        "Say what became of this row of wt18: map it, or list it as dropped."
    }
