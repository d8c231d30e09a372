import hashlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from masa.guidance.reading import parse, read


def problems(text):
    return [str(problem) for problem in parse("a.yaml", text).problems]


def test_plain_values_are_read_and_nothing_is_guessed():
    document = parse("a.yaml", "a: 2018-06-29\nb: no\nc: 12:30\nd: 15\ne: true\nf: 1.5\ng:\nh: 010\n")
    assert document.problems == []
    assert document.data == {
        "a": "2018-06-29", "b": "no", "c": "12:30", "d": 15, "e": True, "f": "1.5", "g": None, "h": "010",
    }


def test_a_name_twice_is_reported_wherever_it_stands():
    assert problems("key: a\nrows:\n  - code: X\n    force: must\n    force: should\nkey: b\n") == [
        "a.yaml: line 6: key: This name stands twice in the same place. Keep one of them.",
        "a.yaml: line 5: force: This name stands twice in the same place. Keep one of them.",
    ]


@pytest.mark.parametrize("text", [
    "a: [1, 2", "a: &x 1\nb: *x\n", "a: !!python/object:os.system x\n", "a: !!timestamp 2026-02-30\n", "? [a]\n: 1\n",
    "a: 1\n---\nb: 2\n", "[" * 30 + "]" * 30, "a: \x00", "a:\tb\n\tc",
])
def test_what_is_not_plain_yaml_is_refused_in_words(text):
    document = parse("a.yaml", text)
    [problem] = document.problems
    assert document.data is None
    assert problem.sentence.startswith("This is not YAML that can be read here")


def test_the_line_of_a_fault_is_given():
    assert problems("a: 1\nb: *nothing\n") == [
        "a.yaml: line 2: file: This is not YAML that can be read here: an alias is used."
    ]


@pytest.mark.parametrize("text", ["", "# only a comment\n", "- a\n", "words\n", "12\n"])
def test_a_file_of_something_else_is_refused(text):
    assert problems(text) == [
        "a.yaml: file: file: A guidance file is a list of named values. See docs/guidance.md for the form."
    ]


@given(st.text())
@example("<<: {a: 1}\n")
@example("? {a: b}\n: c\n")
def test_no_text_breaks_the_reader(text):
    document = parse("a.yaml", text)
    assert document.data is not None or document.problems


def test_line_ends_do_not_change_the_digest():
    one, other = parse("a.yaml", "a: 1\nb: 2\n"), parse("a.yaml", "a: 1\r\nb: 2\r\n")
    assert one.digest == other.digest == hashlib.sha256(b"a: 1\nb: 2\n").hexdigest()


def test_a_missing_file_is_said_to_be(tmp_path):
    assert [str(problem) for problem in read(tmp_path / "none.yaml").problems] == [
        "none.yaml: file: file: The file cannot be opened. Check its name and that it may be read."
    ]


def test_a_file_that_is_not_utf_8_is_refused(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"a: \xff\xfe")
    assert [problem.sentence for problem in read(tmp_path / "a.yaml").problems] == [
        "The file is not text in UTF-8. Save it as UTF-8."
    ]


def test_a_file_that_is_too_big_is_refused(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"#" * 1_000_001)
    assert [problem.sentence for problem in read(tmp_path / "a.yaml").problems] == [
        "The file is over 1,000,000 bytes, too big for a guidance file."
    ]
