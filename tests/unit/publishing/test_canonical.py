"""Canonical JSON: the same value gives the same bytes, and text from anywhere goes in and out whole."""
import datetime
import json
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masa.publishing.canonical import canonical, digest_of, plain

text = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | text, lambda inner: st.lists(inner) | st.dictionaries(text, inner), max_leaves=20
)


@given(values)
def test_canonical_text_reads_back_and_is_stable(value):
    once = canonical(value)
    assert canonical(json.loads(once)) == once


@given(st.dictionaries(text, st.integers()))
def test_the_order_of_keys_does_not_matter(value):
    assert canonical(dict(reversed(list(value.items())))) == canonical(value)


@given(text)
def test_text_is_nfc_with_plain_line_ends(value):
    kept = plain(value)
    assert kept == unicodedata.normalize("NFC", kept)
    assert "\r" not in kept


def test_a_value_typed_by_hand():
    value = {"b": Decimal("12.50"), "a": [datetime.date(2026, 3, 2), True, None, "é\r\n“x”"], "c": 3}
    assert canonical(value) == '{"a":["2026-03-02",true,null,"é\\n“x”"],"b":"12.50","c":3}'
    assert digest_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_float_has_no_canonical_form():
    with pytest.raises(TypeError, match="float has no canonical form"):
        canonical({"amount": 1.5})
