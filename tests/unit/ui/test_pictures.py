"""Charts and diagrams: well-formed, titled, without script or style, the same bytes each time."""
from decimal import Decimal

import pytest
from defusedxml.ElementTree import fromstring

from masa.ui.charts import bar_chart
from masa.ui.diagrams import structure
from masa.ui.svg import width_of, wrap

SVG = "{http://www.w3.org/2000/svg}"


def drawings(markup):
    return [fromstring(part + "</svg>") for part in markup.split("</svg>") if part]


def test_chart_says_what_is_not_stated_and_draws_no_bar_for_it():
    chart = bar_chart([("A & B", Decimal("10"), "£10"), ("C", None, "Not stated"), ("D", Decimal("0"), "£0")], title="Who <pays>", ident="x")
    root = drawings(chart)[0]
    assert root.get("role") == "img"
    assert (root[0].tag, root[0].text) == (f"{SVG}title", "Who <pays>")
    assert root[1].text == "A & B: £10; C: Not stated; D: £0"
    assert [float(bar.get("width")) for bar in root.iter(f"{SVG}rect")] == [180.0, 1.5]
    assert "Not stated" in [text.text for text in root.iter(f"{SVG}text")]
    assert " style=" not in chart and "<script" not in chart and root.get("width") is None


def test_chart_without_figures_is_still_a_picture():
    assert drawings(bar_chart([], title="Nothing", ident="x"))[0][1].text == "No figures."


def nodes(*names):
    return [{"id": name, "label": f"Group {name}", "kind": "plain"} for name in names]


def edge(lower, upper, kind="reports_to", label="reports to"):
    return {"from": lower, "to": upper, "kind": kind, "label": label}


def test_structure_draws_each_box_once_and_numbers_the_other_ties():
    markup = structure(nodes(*"abcdef"), [edge("b", "a"), edge("c", "a"), edge("d", "b"), edge("d", "c", "advises", "advises")], title="Groups")
    wide, narrow = drawings(markup)
    for root in (wide, narrow):
        assert len(list(root.iter(f"{SVG}rect"))) == 6
        words = " ".join(text.text for text in root.iter(f"{SVG}text"))
        assert "Group d advises Group c" in words
        assert root[1].text == "Group b reports to Group a. Group c reports to Group a. Group d reports to Group b. Group d advises Group c."
    assert markup == structure(nodes(*"abcdef"), [edge("b", "a"), edge("c", "a"), edge("d", "b"), edge("d", "c", "advises", "advises")], title="Groups")


def test_a_circle_is_drawn_as_a_tie_and_an_unknown_node_is_refused():
    assert "Group a reports to Group b" in structure(nodes("a", "b"), [edge("b", "a"), edge("a", "b")], title="x")
    with pytest.raises(ValueError, match="names a node that is not there"):
        structure(nodes("a"), [edge("a", "z")], title="x")


@pytest.mark.parametrize("count", [0, 1, 2, 5, 40])
@pytest.mark.parametrize("shape", ["none", "star", "chain"])
def test_no_box_leaves_the_picture_or_covers_another(count, shape):
    names = [f"n{number}" for number in range(count)]
    edges = {"none": [], "star": [edge(name, "n0") for name in names[1:]], "chain": [edge(b, a) for a, b in zip(names, names[1:], strict=False)]}[shape]
    for root in drawings(structure(nodes(*names), edges, title="x")):
        width, height = (float(size) for size in root.get("viewBox").split()[2:])
        boxes = [tuple(float(box.get(side)) for side in ("x", "y", "width", "height")) for box in root.iter(f"{SVG}rect")]
        assert len(boxes) == count
        for index, (x, y, w, h) in enumerate(boxes):
            assert x >= 0 and y >= 0 and x + w <= width and y + h <= height
            for left, top, wide, high in boxes[index + 1:]:
                assert x + w <= left or left + wide <= x or y + h <= top or top + high <= y


def test_words_wrap_within_their_width():
    lines = wrap("The Safeguarding Partnership of Supercalifragilisticexpialidocious and others", 120, 13)
    assert len(lines) > 3
    assert all(width_of(line, 13) <= 120 for line in lines)
    assert wrap("", 100, 13) == [""]
