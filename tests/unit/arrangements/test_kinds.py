"""The kinds of publication that belong to the arrangements, and the registers of kinds and blocks."""

import pytest

from masa.guidance import vocabulary
from masa.publishing import blocks, kinds

SIGNED = {  # kind -> who signs
    "arrangements": "leads",
    "children-and-families": "publisher",
    "thresholds": "leads",
    "scrutiny-plan": "leads",
    "annual-budget": "leads",
    "strategic-plan": "leads",
    "child-death-reviews": "leads",
    "meeting-summary": "publisher",
}
TYNE = [  # the sections of the North and South of Tyne template, by its codes
    "T-01",
    "T-02",
    "T-03",
    "T-04",
    "T-04E",
    "T-05",
    "T-06",
    "T-07",
    "T-07.1",
    "T-07.2",
    "T-08",
    "T-09",
    "T-10",
    "T-11",
    "T-12",
    "T-13",
    "T-14",
    "T-15",
    "T-16",
    "T-17",
    "T-18",
]


@pytest.mark.parametrize(("key", "signers"), SIGNED.items())
def test_each_kind_is_signed_by_those_the_guidance_names(key, signers):
    assert kinds.get(key).signers == signers


def test_role_cdrp_child_death_reviews_are_signed_by_council_and_health_alone():
    assert kinds.get("child-death-reviews").seat_kinds == ("local_authority", "health")
    assert [key for key in SIGNED if kinds.get(key).seat_kinds] == ["child-death-reviews"]


def test_only_the_version_for_readers_explains_another_edition():
    assert [key for key in SIGNED if kinds.get(key).explains] == ["children-and-families"]


def test_the_arrangements_follow_the_plan_template_and_fill_its_gaps():
    sections = kinds.get("arrangements").sections
    assert [code for section in sections for code in section.prompts] == TYNE
    assert {"geography", "custody-and-residential", "implementation"} <= {
        section.key for section in sections if not section.prompts
    }


@pytest.mark.parametrize("key", SIGNED)
def test_what_a_kind_names_exists(key):
    kind = kinds.get(key)
    assert kind.guidance_kind in {"", *vocabulary.Kind.values}
    assert all(notice.recipient in vocabulary.Recipient.labels for notice in kind.notices)
    assert kind.about.endswith(".") and kind.sections
    for section in kind.sections:
        assert section.audience in {"children", "adults", "both"}
        for block in section.blocks:
            blocks.get(block if isinstance(block, str) else block[0])


def test_a_kind_with_unknown_signers_or_a_section_twice_is_refused():
    with pytest.raises(ValueError, match="signers"):
        kinds.Kind(key="x", label="X", slug="x", signers="everyone")
    with pytest.raises(ValueError, match="comes twice"):
        kinds.Kind(
            key="x",
            label="X",
            slug="x",
            signers="leads",
            sections=(kinds.TemplateSection("a", "A"), kinds.TemplateSection("a", "B")),
        )


def test_a_key_cannot_be_taken_by_a_second_kind_or_block():
    with pytest.raises(ValueError, match="arrangements"):
        kinds.register(kinds.Kind(key="arrangements", label="Another", slug="x", signers="leads"))

    class Other(blocks.Block):
        key = "agencies"

    with pytest.raises(ValueError, match="agencies"):
        blocks.register(Other())
    with pytest.raises(KeyError):
        blocks.get("no-such-block")


def test_a_table_with_a_gap_or_a_number_is_refused():
    with pytest.raises(ValueError, match="2 cells of text"):
        blocks.Table("t", "T", ["A", "B"], [["only one"]])
    with pytest.raises(ValueError, match="2 cells of text"):
        blocks.Table("t", "T", ["A", "B"], [["one", 2]])
