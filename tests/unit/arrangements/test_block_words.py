"""How the blocks write money, shares and lists, and how the nested list of groups is cut."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrangements.blocks import structure, words

amounts = st.decimals(0, 10**9, places=2)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        ("232079", "349548", "66.4"),
        ("17995", "349548", "5.1"),
        ("550", "349548", "0.2"),
        ("1", "2000", "0.1"),
        ("0", "5", "0.0"),
        ("0", "0", None),
    ],
)
def test_shares_are_rounded_half_up_to_one_place(part, whole, expected):
    assert words.share(Decimal(part), Decimal(whole)) == expected


def test_nothing_stated_is_not_nought():
    assert (words.stored_money(None), words.pounds(None), words.share(None, Decimal(5))) == (None, "Not stated", None)
    assert (words.stored_money(Decimal("0")), words.pounds("0.00")) == ("0.00", "£0")


@given(amounts)
def test_money_comes_back_from_data_as_it_went_in(amount):
    stored = words.stored_money(amount)
    assert Decimal(stored) == amount
    assert "E" not in stored and len(stored.split(".")[1]) == 2


@given(st.lists(amounts, min_size=1, max_size=12))
def test_shares_of_all_parts_come_to_about_the_whole(parts):
    shares = [words.share(part, sum(parts)) for part in parts]
    if sum(parts):
        assert abs(sum(map(Decimal, shares)) - 100) <= Decimal("0.05") * len(parts)
    else:
        assert set(shares) == {None}


@pytest.mark.parametrize(
    ("names", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_names_are_listed_as_a_sentence_lists_them(names, expected):
    assert words.listed(names) == expected


def groups(ties):
    """Return groups as data; ties: {slug: slugs that it reports to}."""
    return [
        {
            "slug": slug,
            "name": slug,
            "kind": "forum",
            "state": "active",
            "state_words": "Active",
            "audience": "both",
            "meets": "",
            "links": [
                {"kind": "reports_to", "words": "reports to", "to": to, "to_name": to, "by_post": None, "note": ""}
                for to in above
            ],
        }
        for slug, above in ties.items()
    ]


def flat(items, level=0):
    for item in items:
        yield item["label"], level
        yield from flat(item["children"], level + 1)


def test_groups_are_listed_below_the_first_they_report_to():
    found = structure.outline({"audience": "both", "groups": groups({"b": ["a"], "a": [], "c": ["b", "a"]})}, "x")
    assert list(flat(found)) == [("a", 0), ("b", 1), ("c", 2)]


def test_a_long_chain_of_groups_is_listed_no_deeper_than_six_levels_below_the_top():
    chain = {f"g{i}": [f"g{i - 1}"] if i else [] for i in range(200)}
    found = dict(flat(structure.outline({"audience": "both", "groups": groups(chain)}, "x")))
    assert len(found) == 200
    assert max(found.values()) == 6


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.lists(st.sampled_from("abcdefgh"), max_size=3), max_size=8))
def test_every_group_stands_in_the_list_once_whatever_its_ties(ties):
    labels = [label for label, _ in flat(structure.outline({"audience": "both", "groups": groups(ties)}, "x"))]
    assert sorted(labels) == sorted(ties)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.lists(st.sampled_from("abcdefgh"), max_size=3), max_size=8))
def test_every_end_of_a_tie_is_drawn(ties):
    nodes, edges = structure.drawing({"audience": "both", "groups": groups(ties)})
    known = [node["id"] for node in nodes]
    assert len(known) == len(set(known))
    assert {edge[end] for edge in edges for end in ("from", "to")} <= set(known)
