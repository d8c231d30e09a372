"""Prose is cleaned to an allowlist, never in silence, and cleaning it again changes nothing (IN-01, IN-02, IN-03, IN-08)."""
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from masa.ui.decorate import decorate
from masa.ui.markup_scan import scan
from masa.ui.prose import ProseRefused, clean, filter_scope, paragraphs, text_of
from masa.ui.tree import Node, parse

CASES = [
    ("<p>Hi <b>there</b> <i>now</i></p>", "<p>Hi <strong>there</strong> <em>now</em></p>"),
    ("bare <div>one</div><div>two</div>", "<p>bare</p><p>one</p><p>two</p>"),
    ("<b><p>x</p><p>y</p></b>", "<p><strong>x</strong></p><p><strong>y</strong></p>"),
    ("<h1>Title</h1><h6>Small</h6>", "<h3>Title</h3><h4>Small</h4>"),
    ("<ul>text<li><p>a</p></li><ul><li>n</li></ul></ul>", "<ul><li>text</li><li>a<ul><li>n</li></ul></li></ul>"),
    ("<table><tr><td>a<td><p>b</p><p>c</p></table>", "<table><tbody><tr><td>a</td><td><p>b</p><p>c</p></td></tr></tbody></table>"),
    ('<table><tr><th scope=row colspan=2 rowspan=1>a</th></tr></table>',
     '<table><tbody><tr><th colspan="2" scope="row">a</th></tr></tbody></table>'),
    ("<p>a <br> b<br></p><p> <br></p>", "<p>a<br>b</p>"),
    ("<dl><div><dt>t</dt><dd><p>d</p></dd></div></dl>", "<dl><dt>t</dt><dd>d</dd></dl>"),
    ('<p data-scope="children" class="x" style="color:red" id="y">c</p><p data-scope="dogs">d</p>', '<p data-scope="children">c</p><p>d</p>'),
    ('<aside data-note="rule" data-code="M-X3">n</aside>', '<aside data-code="M-X3" data-note="rule"><p>n</p></aside>'),
    ("<p>{{ secret }} {% now %}</p>", "<p>{{ secret }} {% now %}</p>"),
    ("<p>e\u0301</p>", "<p>\u00e9</p>"),
    ("one\r\ntwo\rthree", "<p>one two three</p>"),
    ("<p onclick=alert(1)>x<script>alert(1)</script></p>", "<p>x</p>"),
    ("<o:p>Word</o:p>", "<p>Word</p>"),
    ("  ", ""),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), CASES)
def test_markup_becomes_canonical(typed, kept):
    assert clean(typed).html == kept
    assert clean(kept).html == kept
    assert clean(kept).dropped == []


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a?b=1", "http://example.org", "mailto:a@b.example", "tel:01632960101", "/bolton/arrangements/"],
)
def test_links_that_stay(address):
    assert clean(f'<p><a href="{address}">x</a></p>').html == f'<p><a href="{address}">x</a></p>'


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "//evil.example", "/\\evil.example", "#part", "other.html",
     "https://user@evil.example", "https://[bad", "http:///x", "vbscript:x", "file:///etc/passwd"],
)  # fmt: skip
def test_links_that_go_keep_their_words_and_are_told(address):
    cleaned = clean(f'<p>a <a href="{address}">word</a></p>')
    assert cleaned.html == "<p>a word</p>"
    assert cleaned.dropped == [
        "1 link was removed and the words kept. Links may go to https, http, mailto and tel addresses or to a page of this site."
    ]


@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        ('<p>x<img src="a.png"><img src="b.png"></p>', "2 pictures were removed."),
        ("<p>x</p><!-- who wrote this -->", "1 hidden comment was removed"),
        ('<p>x<span style="display: none">y</span></p>', "1 passage that was hidden in the source is now visible."),
        ("<p>x<span style='mso-hide:all'>y</span></p>", "1 passage that was hidden in the source is now visible."),
        ("<p>x<del>y</del></p>", "1 deleted passage (tracked change) was removed."),
        ("<p>x<ins>y</ins></p>", "1 inserted passage (tracked change) is now ordinary text."),
        ("<p>x<s>y</s></p>", "1 crossed-out passage is now ordinary text."),
        ("<p>x</p><div style='mso-element:footnote'>y</div>", "1 mark or text of a footnote is now ordinary text."),
        ("<p>x</p><div style='mso-element:comment'>y</div>", "1 comment of a word processor is now part of the text."),
        ("<p>x</p><iframe src=x>y</iframe>", "1 piece of active or embedded content was removed."),
        ("<p>x <input value=y></p>", "1 form control was removed."),
        ("<p>x</p><hr>", "1 dividing line was removed."),
    ],
)
def test_what_goes_is_told(typed, begins):
    dropped = clean(typed).dropped
    assert len(dropped) == 1
    assert dropped[0].startswith(begins)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("<p>a\x00b</p>", "U+0000"),
        ("<p>a\x07b</p>", "U+0007"),
        ("<p>a\u202eb</p>", "direction of writing"),
        ("<p>a&#x202e;b</p>", "direction of writing"),
        ("<p>a&#x2066;b</p>", "direction of writing"),
        ("<p>a\ud800b</p>", "U+D800"),
        ("<p>\u0338x</p>", "accent stands by itself"),
        ("<svg><path d='M0'/></svg>", "a drawing (SVG)"),
        ("<math><mi>x</mi></math>", "a formula"),
    ],
)
def test_refused_with_a_sentence(typed, words):
    with pytest.raises(ProseRefused, match="(?s)^The text|^An accent") as refused:
        clean(typed)
    assert words in str(refused.value)


@pytest.mark.parametrize("markup", ["<div>" * 31, "<blockquote>" * 31 + "x", "<b><p>" * 20, "<ul><li>" * 16])
def test_too_deep_is_refused_before_parsing(markup):
    with pytest.raises(ProseRefused, match="more than 30 levels deep"):
        clean(markup)


def test_limits_let_the_last_one_pass():
    assert clean("<blockquote>" * 29 + "x").html.count("<blockquote>") == 29
    assert clean("<p>x" * 20_000).html.count("<p>") == 20_000
    with pytest.raises(ProseRefused, match="more than 20,000 elements"):
        clean("<p>x" * 20_001)
    with pytest.raises(ProseRefused, match="larger than 1,024 KB"):
        clean("x" * (1024 * 1024 + 1))


@pytest.mark.parametrize(
    "markup",
    ["".join(f"<p><font a={n}></p>" for n in range(4000)), "<div><table><td></div>" * 4000, "<div><select></div>" * 4000,
     "<b><div></b>" * 4000, "<div><style></div></style>" * 4000, "<div><!-- </div> -->" * 4000, '<div><a title="</div>">' * 4000],
)  # fmt: skip
def test_depth_that_hides_from_a_plain_count_is_found(markup):
    with pytest.raises(ProseRefused, match="levels deep"):
        clean(markup)


def depth_of(node):
    return 1 + max((depth_of(child) for child in node.children if isinstance(child, Node)), default=0)


PIECES = st.sampled_from(
    "<p> </p> <b> </b> <i> </i> <div> </div> <ul> </ul> <li> <ol> <table> </table> <tr> <td> <th> </td> <caption> <a\xa0href='/x'> </a>"
    " <span\xa0data-scope=adults> </span> <blockquote> </blockquote> <br> <h2> </h2> <dl> <dt> <dd> </dl> <aside> </aside> word &amp; &lt;"
    " <!--c--> <font\xa0a=1> </font> <thead> <tbody> <select> </select> <button> </button> <sup> </sup> e \u0301 \u0338 <p\xa0data-scope=children>"
    " <abbr\xa0title=t> </abbr>".replace(" ", "\n").split("\n")
).map(lambda piece: piece.replace("\xa0", " "))
SOUP = st.lists(st.one_of(PIECES, st.just(" "), st.text(max_size=3)), max_size=40).map("".join)


@settings(max_examples=400, deadline=None)
@given(SOUP)
def test_cleaning_twice_changes_nothing(soup):
    try:
        first = clean(soup)
    except ProseRefused:
        return
    second = clean(first.html)
    assert second.html == first.html
    assert second.dropped == []


@settings(max_examples=400, deadline=None)
@given(SOUP)
def test_the_scan_never_finds_less_depth_than_the_parser_builds(soup):
    import nh3

    soup = soup.replace("\r", "\n").replace("\x00", "")
    everything = {tag for tag in "p b i div ul li ol table tr td th caption a span blockquote h2 dl dt dd aside font thead tbody sup abbr".split()}
    built = parse(nh3.clean(soup, tags=everything, clean_content_tags=set(), attributes={}, link_rel=None))
    try:
        found = scan(soup).deepest
    except ProseRefused:
        return
    assert depth_of(built) - 1 <= found


def test_words_and_paragraphs():
    html = "<h3>A</h3><p>b <strong>c</strong></p><ul><li>d<ul><li>e</li></ul></li></ul><table><tbody><tr><td>f</td><td>g</td></tr></tbody></table>"
    assert text_of(html) == "A\nb c\nd\ne\nf\tg"
    assert paragraphs(html)[:3] == [
        ("h3", "<h3>A</h3>", "A"),
        ("p", "<p>b <strong>c</strong></p>", "b c"),
        ("ul", "<ul><li>d<ul><li>e</li></ul></li></ul>", "d\ne"),
    ]


def test_filter_hides_paragraphs_rows_and_items_but_no_words_inside_a_sentence():
    html = (
        '<p data-scope="adults">a</p><p>b <span data-scope="adults">c</span></p><ul><li data-scope="adults">d</li></ul>'
        '<ol><li data-scope="children">e</li><li>f</li></ol>'
    )
    assert filter_scope(html, "children") == (
        '<p>b <span data-scope="adults">c</span></p><ol><li data-scope="children">e</li><li>f</li></ol>'
    )
    assert filter_scope(html, "both") == html


def test_print_marks_the_audience_in_words():
    assert decorate('<p data-scope="adults">x</p>') == (
        '<p class="govuk-body" data-scope="adults"><strong class="scope-tag scope-tag--adults">Adults</strong> x</p>'
    )
    assert "As printed in the source" in decorate('<aside data-note="source"><p>x</p></aside>')


def test_a_plain_table_has_labels_for_a_phone_and_one_with_joined_cells_scrolls():
    plain = "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><th>1</th><td>2</td></tr></tbody></table>"
    assert '<span aria-hidden="true" class="cell-label">B</span>2' in decorate(plain)
    joined = '<table><caption>C</caption><tbody><tr><td colspan="2">1</td></tr></tbody></table>'
    assert 'aria-label="Table: C" class="table-frame" role="region" tabindex="0"' in decorate(joined)
