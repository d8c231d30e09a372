"""What the redline finds: typed by hand, and as properties of any two texts."""
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from masa.bundle import redline
from masa.bundle.live import align
from masa.bundle.redline import Piece
from masa.bundle.shapes import PartData
from masa.publishing import blocks

SAME, ADDED, REMOVED = "same", "added", "removed"


class Rota(blocks.Block):
    """A block of one table, for the tests."""

    key = "test-rota"
    title = "Rota"

    def tables(self, data, schema):
        return [blocks.Table("rota", "Rota", data["columns"], data["rows"])]


blocks.register(Rota())


def section(id="s1", body="", heading="Aims", anchor=None, template_key="", audience="both", rows=None, columns=("Who", "When")):
    """Return a section as the bundle reads it."""
    data = [{"key": "test-rota", "title": "Rota", "schema": 1, "data": {"columns": list(columns), "rows": rows}}] if rows is not None else []
    facts = {"anchor": anchor or id, "template_key": template_key, "heading": heading, "audience": audience, "body": body, "blocks": data}
    return PartData(id, "section", "", "text", facts)


def changes(before, after):
    """Return the one section's lines as (kind, text with marks)."""
    (found,) = redline.sections([section(body=before)], [section(body=after)])
    return [(line.kind, marked(line.pieces)) for line in found.lines]


def marked(pieces):
    marks = {SAME: "{}", ADDED: "[+{}+]", REMOVED: "[-{}-]"}
    return "".join(marks[p.kind].format(p.text) for p in pieces)


def test_words_inside_a_paragraph():
    found = changes("<p>The board meets four times a year.</p>", "<p>The board meets six times a year.</p>")
    assert found == [("changed", "The board meets [-four -][+six +]times a year.")]


def test_paragraphs_added_and_removed_leave_the_rest_unchanged():
    found = changes("<p>One stays.</p><p>Two goes away.</p>", "<p>One stays.</p><p>Something new altogether.</p>")
    assert found == [("same", "One stays."), ("removed", "[-Two goes away.-]"), ("added", "[+Something new altogether.+]")]


def test_a_moved_paragraph_is_moved_and_not_removed_and_added():
    first, second, third = "<p>We keep children safe from harm.</p>", "<p>We share what it costs.</p>", "<p>We meet every month.</p>"
    found = changes(first + second + third, second + third + first)
    assert found == [
        ("left", "We keep children safe from harm."), ("same", "We share what it costs."), ("same", "We meet every month."),
        ("moved", "We keep children safe from harm."),
    ]


def test_a_paragraph_that_moves_to_another_section_says_from_where():
    moving = "<p>We keep children safe from harm.</p>"
    before = [section("a", moving + "<p>Stay.</p>", "Aims"), section("b", "<p>Rest.</p>", "Money")]
    after = [section("a", "<p>Stay.</p>", "Aims"), section("b", "<p>Rest.</p>" + moving, "Money")]
    aims, money = redline.sections(before, after)
    assert [(line.kind, line.note) for line in aims.lines] == [("left", "Moved to “Money”."), ("same", "")]
    assert [(line.kind, line.note) for line in money.lines] == [("same", ""), ("moved", "Moved from “Aims”.")]


def test_a_paragraph_that_moves_and_changes_shows_only_what_changed():
    old = "<p>The chair is chosen by the three partners for a term of two years.</p>"
    new = "<p>The chair is chosen by the three partners for a term of three years.</p>"
    stay = "<p>Nobody may be both chair and scrutineer.</p><p>Minutes are published.</p>"
    found = changes(old + stay, stay + new)
    assert ("moved", "The chair is chosen by the three partners for a term of [-two -][+three +]years.") in found


def test_list_items_and_rows_are_compared_one_by_one():
    found = changes("<ul><li>the council</li><li>the police</li></ul>", "<ul><li>the council</li><li>the health board</li><li>the police</li></ul>")
    assert found == [("same", "the council"), ("added", "[+the health board+]"), ("same", "the police")]
    row = "<table><tbody><tr><th>{}</th><td>{}</td></tr></tbody></table>"
    found = changes(row.format("Police", "10"), row.format("Police", "12"))
    assert found == [("changed", "Police\t[-10-][+12+]")]


def test_cells_of_a_changed_row_keep_their_places():
    row = "<table><tbody><tr><th>Police</th><td>{}</td><td>each year</td></tr></tbody></table>"
    (found,) = redline.sections([section(body=row.format("10"))], [section(body=row.format("12"))])
    assert [marked(cell) for cell in found.lines[0].cells] == ["Police", "[-10-][+12+]", "each year"]


def test_nested_lists_and_notes_are_read_in_order():
    html = '<ul><li>one<ul><li>two</li></ul></li></ul><aside data-note="source"><p>three</p></aside><dl><dt>four</dt><dd>five</dd></dl>'
    assert [(u.tag, u.text) for u in redline.units(html)] == [("li", "one"), ("li", "two"), ("p", "three"), ("dt", "four"), ("dd", "five")]


def test_a_mark_of_the_audience_or_a_link_that_changed_is_said():
    (found,) = redline.sections([section(body="<p>Same words.</p>")], [section(body='<p data-scope="adults">Same words.</p>')])
    assert (found.kind, found.lines[0].note) == ("changed", "Now about adults; before about children and adults.")
    (found,) = redline.sections([section(body='<p><a href="https://a.example">Here</a></p>')], [section(body='<p><a href="https://b.example">Here</a></p>')])
    assert (found.kind, found.lines[0].note) == ("changed", "A link leads to another address.")


def test_sections_are_matched_by_id_then_address_then_template():
    before = [section("1", "<p>x</p>", anchor="old"), section("2", "<p>y</p>", anchor="money"), section("3", "<p>z</p>", anchor="c", template_key="t")]
    after = [section("1", "<p>x</p>", anchor="new"), section("9", "<p>y</p>", anchor="money"), section("8", "<p>z</p>", anchor="d", template_key="t")]
    assert [s.kind for s in redline.sections(before, after)] == ["same", "same", "same"]


def test_sections_added_removed_and_moved():
    before = [section(i, f"<p>Text {i}.</p>", f"Heading {i}") for i in "abcd"]
    after = [section(i, f"<p>Text {i}.</p>", f"Heading {i}") for i in "dabx"]
    found = redline.sections(before, after)
    assert [(s.id, s.kind, s.is_moved) for s in found] == [
        ("d", "same", True), ("a", "same", False), ("b", "same", False), ("c", "removed", False), ("x", "added", False),
    ]


def test_a_removed_part_is_shown_as_its_stub():
    stub = PartData("s1", "section", "", None, None, removal="the stub")
    (found,) = redline.sections([stub], [stub])
    assert (found.kind, found.removal, found.lines) == ("stub", "the stub", [])


def test_rows_of_a_block_are_matched_by_their_name():
    before = section(rows=[["Ann", "Monday"], ["Bob", "Tuesday"], ["Cal", "Friday"]])
    after = section(rows=[["Ann", "Monday"], ["Cal", "Sunday"], ["Dee", "Tuesday"]])
    (found,) = redline.sections([before], [after])
    (table,) = found.tables
    assert (found.kind, table.kind, table.kept) == ("changed", "changed", 1)
    assert [(row.kind, [marked(cell) for cell in row.cells]) for row in table.rows] == [
        ("removed", ["[-Bob-]", "[-Tuesday-]"]), ("changed", ["Cal", "[-Friday-][+Sunday+]"]), ("added", ["[+Dee+]", "[+Tuesday+]"]),
    ]


def test_several_rows_of_one_name_and_a_new_column():
    before = section(rows=[["Ann", "Monday"], ["Ann", "Friday"]])
    after = section(rows=[["Ann", "Tuesday", "yes"], ["Ann", "Friday", ""]], columns=("Who", "When", "Sure"))
    (found,) = redline.sections([before], [after])
    (table,) = found.tables
    assert (table.columns, table.kept) == (["Who", "When", "Sure"], 1)
    assert [marked(cell) for cell in table.rows[0].cells] == ["Ann", "[-Monday-][+Tuesday+]", "[+yes+]"]


def test_answers_that_changed():
    def answer(code, status, reason=""):
        return {"guidance": "wt23", "code": code, "text": f"Ask {code}", "status": status, "reason": reason, "by_when": None}

    found = redline.answers_changed([answer("A", "partly"), answer("B", "answered")], [answer("A", "answered"), answer("B", "answered"), answer("C", "not_yet", "Soon.")])
    assert [(a.kind, a.code, marked(a.pieces)) for a in found] == [
        ("changed", "A", "[-Partly answered-][+Answered+]."), ("added", "C", "[+Not yet. Soon.+]"),
    ]


# Properties ----------------------------------------------------------------------------------------------------------

words = st.sampled_from("the of we council police board, meets safe £5 (five) children’s a-b year.".split())
sentence = st.lists(words, min_size=1, max_size=12).map(" ".join)
paragraph = st.builds(lambda tag, text: f"<{tag}>{text}</{tag}>", st.sampled_from(["p", "h3"]), sentence)
items = st.lists(sentence, min_size=1, max_size=4).map(lambda rows: "<ul>" + "".join(f"<li>{row}</li>" for row in rows) + "</ul>")
cells = st.lists(sentence, min_size=2, max_size=3).map(lambda row: "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>")
table = st.lists(cells, min_size=1, max_size=3).map(lambda rows: f"<table><tbody>{''.join(rows)}</tbody></table>")
body = st.lists(st.one_of(paragraph, items, table), max_size=8).map("".join)
names = st.lists(st.sampled_from("abcdef"), unique=True, max_size=5)


@st.composite
def contents(draw):
    return [section(name, draw(body), draw(sentence), rows=draw(st.none() | st.lists(st.tuples(words, words).map(list), max_size=4))) for name in draw(names)]


@settings(deadline=None, max_examples=150)
@given(contents(), contents())
def test_kept_and_removed_is_the_earlier_text_and_kept_and_added_the_later(before, after):
    found = redline.sections(before, after)
    old, new = ({part.id: [u.text for u in redline.units(part.body["body"])] for part in parts} for parts in (before, after))
    assert {s.id: redline.text_before(s) for s in found if s.id in old} == old
    assert {s.id: redline.text_after(s) for s in found if s.id in new} == new
    assert [s.id for s in found if s.id in new] == [part.id for part in after]


@settings(deadline=None, max_examples=60)
@given(contents())
def test_nothing_has_changed_between_a_text_and_itself(parts):
    found = redline.sections(parts, parts)
    assert [s.kind for s in found] == ["same"] * len(parts)
    assert all(piece.kind == SAME for s in found for piece in redline.pieces_of(s))


@settings(deadline=None, max_examples=150)
@given(contents(), contents())
def test_what_is_added_one_way_is_removed_the_other(before, after):
    there = redline.Redline([], redline.sections(before, after), [], [])
    back = redline.Redline([], redline.sections(after, before), [], [])
    assert there.words == {ADDED: back.words[REMOVED], REMOVED: back.words[ADDED]}
    assert there.counts["added"] == back.counts["removed"]
    assert (there.counts["changed"], there.counts["same"]) == (back.counts["changed"], back.counts["same"])


@settings(deadline=None)
@given(st.lists(st.sampled_from("abcde")), st.lists(st.sampled_from("abcde")))
def test_same_items_are_the_same_and_rise_in_both(before, after):
    found = align.same_items(before, after)
    assert all(before[i] == after[j] for i, j in found)
    assert all(a < c and b < d for (a, b), (c, d) in zip(found, found[1:], strict=False))


@settings(deadline=None)
@given(sentence, sentence)
def test_pieces_give_both_texts_to_the_letter(before, after):
    pieces = redline.word_pieces(before, after)
    assert "".join(p.text for p in pieces if p.kind != ADDED) == before
    assert "".join(p.text for p in pieces if p.kind != REMOVED) == after


def test_a_comma_between_two_changes_belongs_to_both():
    assert redline.word_pieces("red , blue", "green , black") == (Piece(REMOVED, "red , blue"), Piece(ADDED, "green , black"))


# Time ----------------------------------------------------------------------------------------------------------------


def many(start, kinds):
    return "".join(f"<p>{(start + n * 7) % kinds} is a number</p>" for n in range(20_000))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>x</p>" * 20_000, "<p>y</p>" * 20_000),
        (many(0, 3), many(1, 3)),
        (many(0, 9_001), many(4_000, 9_007)),
        (f"<p>{'a b ' * 40_000}</p>", f"<p>{'b b a ' * 40_000}</p>"),
    ],
    ids=["all different", "few of many", "shuffled", "one long paragraph"],
)
def test_the_worst_texts_are_compared_within_seconds(before, after):
    start = time.perf_counter()
    redline.sections([section(body=before)], [section(body=after)])
    assert time.perf_counter() - start < 8
