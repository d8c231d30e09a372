"""What is searched for, and how what is found is printed."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from masa.bundle import searching


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("Information sharing", ["information", "sharing"]),
        ("the partnership's chair", ["partnership", "chair"]),
        ("multi-agency multi", ["multi", "agency"]),
        ("£1,250 a year", ["1", "250", "year"]),
        ("bolton.gov.uk", ["bolton", "gov", "uk"]),
    ],
)
def test_the_words_of_a_search(query, words):
    assert searching.words_of(query) == words


@given(st.text(max_size=220))
def test_any_text_is_words_or_a_sentence(query):
    try:
        words = searching.words_of(query)
    except searching.SearchRefused as error:
        assert str(error).endswith(".")
    else:
        assert words and all(word.isalnum() or any(c.isalnum() for c in word) for word in words)


def test_what_is_found_is_escaped_before_it_is_marked():
    assert searching.highlighted("<b>\x02a&b\x03</b>\nnext") == "&lt;b&gt;<mark>a&amp;b</mark>&lt;/b&gt; · next"
