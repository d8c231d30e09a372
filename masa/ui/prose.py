"""Rich text: cleaned to an allowlist, canonical, and never changed in silence (IN-01, IN-02, IN-03).

``clean`` is the one way in. What it returns is stored and printed without further escaping; cleaning it again changes nothing.
"""
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

import nh3

from masa.ui import characters
from masa.ui.markup_scan import ProseRefused, scan, within_limits
from masa.ui.tree import Node, parse, serialise

SCOPES = ("children", "adults")
NOTES = ("source", "rule")
MAX_LINK = 2_000

_SCOPED = frozenset("p li tr h3 h4 span ul ol table".split())
_INLINE = frozenset("strong em a sup sub span abbr br".split())
_BLOCKS = frozenset("p h3 h4 ul ol table blockquote aside dl".split())
_RENAMED = {"b": "strong", "i": "em", "h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4", "tfoot": "tbody", "pre": "p"}
# Boxes without a meaning of their own: their contents stay, each run of words in a paragraph.
_BOXES = frozenset("div section article main header footer figure figcaption address center nav details summary fieldset form legend".split())
_STRUCTURE = frozenset("li caption thead tbody tr th td dt dd".split())
_CONTENT_GOES = {"script", "style", "title", "textarea", "iframe", "object", "noembed", "noframes", "xmp", "select", "button", "del"}

_CLEANER = nh3.Cleaner(
    tags=set(_INLINE | _BLOCKS | _BOXES | _STRUCTURE | _RENAMED.keys()),
    clean_content_tags=_CONTENT_GOES,
    attributes={
        **{tag: {"data-scope"} for tag in _SCOPED | {"h1", "h2", "h5", "h6", "pre"}},
        "a": {"href"}, "abbr": {"title"}, "aside": {"data-note", "data-code"},
        "th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"},
    },
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)  # fmt: skip

_CODE = re.compile(r"[A-Z0-9-]{1,16}")
_WHITE = re.compile(r"[\t\n\f\r ]+")


@dataclass(frozen=True)
class Cleaned:
    """html: canonical markup. dropped: sentences about what did not come through, to be shown before saving."""

    html: str
    dropped: list[str]


def clean(html: str) -> Cleaned:
    """Return ``html`` as canonical prose and what was dropped from it.

    Canonical: only the allowlist, NFC, LF, one space between words; ``clean(clean(x).html) == clean(x)`` but for ``dropped``.
    Raises ProseRefused with a sentence: over the limits of size, levels or elements in the settings, or hidden characters.
    """
    html = html.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    _refuse(characters.refusal(html))
    seen = scan(html)
    nodes = _flow(parse(_CLEANER.clean(html)).children, wrap=True)
    out = serialise(nodes)
    _refuse(characters.refusal(out))
    if unicodedata.normalize("NFC", out) != out:
        raise ProseRefused("An accent stands by itself, without a letter before it. Type the accented letter again.")
    _refuse_oversize(out, nodes)
    return Cleaned(out, _sentences(seen))


def text_of(html: str) -> str:
    """Return the words of clean prose, one line a paragraph, row or list item; cells are set apart by a tab."""
    lines = []
    for node in parse(html).children:
        _lines(node, lines)
    return "\n".join(line for line in (re.sub(" *\n *", "\n", line).strip(" \n") for line in lines) if line)


def paragraphs(html: str) -> list[tuple[str, str, str]]:
    """Return the top-level blocks of clean prose in order, each as (tag, html, text)."""
    blocks = []
    for node in parse(html).children:
        if isinstance(node, Node):
            markup = serialise([node])
            blocks.append((node.tag, markup, text_of(markup)))
    return blocks


def filter_scope(html: str, audience: str) -> str:
    """Return clean prose without the paragraphs, rows, items, lists and tables that are marked for the other audience.

    audience: "children", "adults" or "both"; for "both" everything stays. Words inside a sentence are never taken out.
    """
    if audience not in SCOPES:
        return html
    other = SCOPES[1 - SCOPES.index(audience)]
    return serialise(_without(parse(html).children, other))


# --- from any markup to the canonical shape -----------------------------------------------------------------------------


def _name(node):
    return _RENAMED.get(node.tag, node.tag)


def _holds_block(node):
    """Whether a Node is, or has somewhere inside it, something that cannot stand in a line of words."""
    if isinstance(node, str):
        return False
    return _name(node) not in _INLINE or any(_holds_block(child) for child in node.children)


def _flow(children, *, wrap, marks=()):
    """Return blocks (and, where ``wrap`` is false, bare runs of words between them) for mixed contents.

    marks: inline elements that stood around blocks; they are put inside, around the words.
    """
    out, run = [], []

    def end_run():
        words = _inline(_marked(run, marks))
        run.clear()
        if words:
            out.extend([Node("p", {}, words)] if wrap else words)

    for child in children:
        if not _holds_block(child):
            run.append(child)
            continue
        end_run()
        name = _name(child)
        if name in _INLINE:
            out += _flow(child.children, wrap=wrap, marks=(*marks, child))
        elif name in _BLOCKS:
            out += _block(child, name, marks)
        else:  # a box, or a part of a list or table without its list or table
            out += _flow(child.children, wrap=True, marks=marks)
    end_run()
    return out


def _marked(run, marks):
    for mark in reversed(marks):
        run = [Node(mark.tag, mark.attrs, list(run))]
    return run


def _block(node, name, marks):
    """Return one block as a list, empty when it holds no words."""
    makers = {"ul": _list, "ol": _list, "table": _table, "dl": _definitions}
    if name in makers:
        children = makers[name](node, marks)
    elif name in {"blockquote", "aside"}:
        children = _flow(node.children, wrap=True, marks=marks)
    else:
        children = _inline(_marked(node.children, marks))
    return [Node(name, _attributes(name, node.attrs), children)] if children else []


def _item(tag, node, marks):
    """A list item, cell or definition: words alone, or words and blocks."""
    if not any(_holds_block(child) for child in node.children):
        return Node(tag, _attributes(tag, node.attrs), _inline(_marked(node.children, marks)))
    children = _flow(node.children, wrap=False, marks=marks)
    if len(children) == 1 and isinstance(children[0], Node) and children[0].tag == "p" and not children[0].attrs:
        children = children[0].children
    return Node(tag, _attributes(tag, node.attrs), children)


def _list(node, marks):
    items = []
    for child in node.children:
        if isinstance(child, Node) and child.tag == "li":
            item = _item("li", child, marks)
        elif isinstance(child, Node) and child.tag in {"ul", "ol"} and items:
            items[-1].children += _block(child, child.tag, marks)  # a list right inside a list belongs to the item before
            continue
        else:
            item = _item("li", Node("li", {}, [child]), marks)
        if item.children:
            items.append(item)
    return items


def _definitions(node, marks):
    pairs = []
    for child in _unboxed(node.children):
        if isinstance(child, Node) and child.tag == "dt":
            pair = Node("dt", {}, _inline(_marked(child.children, marks)))
        elif isinstance(child, Node) and child.tag == "dd":
            pair = _item("dd", child, marks)
        else:
            pair = _item("dd", Node("dd", {}, [child]), marks)
        if pair.children:
            pairs.append(pair)
    return pairs


def _unboxed(children):
    for child in children:
        if isinstance(child, Node) and child.tag == "div":
            yield from _unboxed(child.children)
        else:
            yield child


def _table(node, marks):
    caption, head, body = [], [], []
    for child in node.children:
        if isinstance(child, str):
            continue  # spaces between the parts of a table; a parser puts words in front of it
        if child.tag == "caption" and not caption:
            caption = _inline(_marked(child.children, marks))
        elif child.tag == "thead":
            head += _rows(child, marks)
        elif child.tag in {"tbody", "tfoot"}:
            body += _rows(child, marks)
    if not any(cell.children for row in head + body for cell in row.children):
        return []
    parts = [("caption", caption), ("thead", head), ("tbody", body)]
    return [Node(tag, {}, children) for tag, children in parts if children]


def _rows(part, marks):
    rows = []
    for row in part.children:
        if isinstance(row, Node) and row.tag == "tr":
            cells = [_item(cell.tag, cell, marks) for cell in row.children if isinstance(cell, Node) and cell.tag in {"td", "th"}]
            if cells:
                rows.append(Node("tr", _attributes("tr", row.attrs), cells))
    return rows


def _inline(children):
    """Return a run of words: spaces collapsed and trimmed, empty and meaningless elements gone."""
    run = _trimmed(_collapsed(_words(children, frozenset())))
    return run if _has_words(run) else []


def _has_words(run):
    return any(node.strip("\t\n\f\r ") if isinstance(node, str) else _has_words(node.children) for node in run)


def _words(children, inside):
    out = []
    for child in children:
        if isinstance(child, str):
            out.append(unicodedata.normalize("NFC", child))
            continue
        name = _name(child)
        if name == "br":
            out.append(Node("br"))
        elif name not in _INLINE:  # a block in a heading or a caption: its words stay, apart from those around them
            out += [" ", *_words(child.children, inside), " "]
        else:
            out += _inline_element(child, name, inside)
    return _joined(out)


def _inline_element(node, name, inside):
    attrs = _attributes(name, node.attrs)
    meaningless = name in inside or (name in {"a", "span"} and not attrs)
    children = _words(node.children, inside if meaningless else inside | {name})
    if meaningless or not _has_words(children):
        return children
    return [Node(name, attrs, children)]


def _joined(nodes):
    """Join neighbouring strings, so that composing characters and collapsing spaces see them whole."""
    out = []
    for node in nodes:
        if isinstance(node, str) and out and isinstance(out[-1], str):
            out[-1] = unicodedata.normalize("NFC", out[-1] + node)
        else:
            out.append(node)
    return out


def _collapsed(nodes):
    """Turn each run of white space into one space, also across the edges of elements and beside line breaks."""
    after_space = True

    def walk(nodes):
        nonlocal after_space
        out = []
        for node in nodes:
            if isinstance(node, Node):
                if node.tag == "br":
                    after_space = True
                    out.append(node)
                else:
                    out.append(Node(node.tag, node.attrs, walk(node.children)))
                continue
            text = _WHITE.sub(" ", node)
            if after_space:
                text = text.removeprefix(" ")
            if text:
                after_space = text.endswith(" ")
                out.append(text)
        return out

    return walk(nodes)


def _trimmed(run):
    """Take spaces and line breaks off the start and the end, and spaces from in front of line breaks."""
    run = _drop_end(_before_breaks(_without_leading_breaks(run)))
    return [node for node in run if node != ""]


def _without_leading_breaks(run):
    run = list(run)
    while run and isinstance(run[0], Node):
        if run[0].tag == "br":
            del run[0]
            continue
        inner = _without_leading_breaks(run[0].children)
        if inner:
            run[0] = Node(run[0].tag, run[0].attrs, inner)
            break
        del run[0]
    return run


def _before_breaks(run):
    out = []
    for node in run:
        if isinstance(node, Node) and node.tag == "br":
            out = _without_end_space(out)
        elif isinstance(node, Node):
            node = Node(node.tag, node.attrs, _before_breaks(node.children))
        out.append(node)
    return out


def _without_end_space(run):
    run = list(run)
    while run and isinstance(run[-1], str):
        run[-1] = run[-1].rstrip("\t\n\f\r ")
        if run[-1]:
            return run
        del run[-1]
    if run and run[-1].tag != "br":
        inner = _without_end_space(run[-1].children)
        run[-1:] = [Node(run[-1].tag, run[-1].attrs, inner)] if inner else []
    return run


def _drop_end(run):
    while True:
        run = _without_end_space(run)
        if run and isinstance(run[-1], Node):
            if run[-1].tag == "br":
                run.pop()
                continue
            inner = _drop_end(run[-1].children)
            if not inner:
                run.pop()
                continue
            run[-1] = Node(run[-1].tag, run[-1].attrs, inner)
        return run


# --- attributes ---------------------------------------------------------------------------------------------------------


def _attributes(tag, attrs):
    """Keep the attributes that this element may have, with values from their closed lists."""
    kept = {}
    if tag in _SCOPED and attrs.get("data-scope") in SCOPES:
        kept["data-scope"] = attrs["data-scope"]
    if tag == "aside" and attrs.get("data-note") in NOTES:
        kept["data-note"] = attrs["data-note"]
    if tag == "aside" and _CODE.fullmatch(attrs.get("data-code", "")):
        kept["data-code"] = attrs["data-code"]
    if tag == "a" and (href := _href(attrs.get("href", ""))):
        kept["href"] = href
    if tag == "abbr" and (title := " ".join(unicodedata.normalize("NFC", attrs.get("title", "")).split())):
        kept["title"] = title
    if tag == "th" and attrs.get("scope") in {"row", "col", "rowgroup", "colgroup"}:
        kept["scope"] = attrs["scope"]
    if tag in {"th", "td"}:
        for name in ("colspan", "rowspan"):
            span = attrs.get(name, "")
            if span.isascii() and span.isdigit() and len(span) <= 3 and 1 < int(span) <= 100:
                kept[name] = str(int(span))
    return kept


def _href(value):
    """Return an address that may be linked to, or "": http, https, mailto, tel, or a path on this site."""
    value = unicodedata.normalize("NFC", value.strip())
    if not value or len(value) > MAX_LINK or "\\" in value or re.search(r"[\s\x00-\x1f]", value):
        return ""
    try:
        parts = urlsplit(value)
        if parts.scheme in {"http", "https"}:
            return value if parts.hostname and parts.username is None else ""
    except ValueError:
        return ""
    if parts.scheme in {"mailto", "tel"}:
        return value if parts.path and not parts.netloc else ""
    return value if not parts.scheme and value.startswith("/") and not value.startswith("//") else ""


# --- refusing, and telling ----------------------------------------------------------------------------------------------


def _refuse(sentence):
    if sentence:
        raise ProseRefused(sentence)


def _refuse_oversize(html, nodes):
    """The limits hold for what is stored too: wrapping words in paragraphs can add elements and levels."""
    elements, deepest, level = 0, 0, [node for node in nodes if isinstance(node, Node)]
    while level:
        elements, deepest = elements + len(level), deepest + 1
        level = [child for node in level for child in node.children if isinstance(child, Node)]
    within_limits(size=len(html.encode()), elements=elements, levels=deepest)


def _sentences(seen):
    """Say what did not come through, or came through changed."""
    tags = seen.tags
    lines = [
        _count(tags["img"] + tags["v:imagedata"], "picture was", "pictures were",
               "removed. Add pictures as attachments, with words that describe them."),
        _count(seen.comments, "hidden comment was", "hidden comments were", "removed from the markup."),
        _count(seen.notes["comment"], "comment of a word processor is", "comments of a word processor are",
               "now part of the text. Check the words and delete what should not be read."),
        _count(seen.notes["footnote"] + seen.notes["endnote"], "mark or text of a footnote is", "marks or texts of footnotes are",
               "now ordinary text. Check where they stand."),
        _count(seen.hidden, "passage that was hidden in the source is", "passages that were hidden in the source are",
               "now visible. Check the words and delete what should not be read."),
        _count(tags["del"], "deleted passage (tracked change) was", "deleted passages (tracked changes) were", "removed."),
        _count(tags["ins"], "inserted passage (tracked change) is", "inserted passages (tracked changes) are", "now ordinary text."),
        _count(tags["s"] + tags["strike"], "crossed-out passage is", "crossed-out passages are",
               "now ordinary text. Delete what should not be read."),
        _count(sum(1 for link in seen.links if not _href(link)), "link was", "links were",
               "removed and the words kept. Links may go to https, http, mailto and tel addresses or to a page of this site."),
        _count(sum(tags[tag] for tag in ("script", "style", "iframe", "object", "embed", "video", "audio", "canvas")),
               "piece of active or embedded content was", "pieces of active or embedded content were", "removed."),
        _count(sum(tags[tag] for tag in ("input", "select", "textarea", "button")),
               "form control was", "form controls were", "removed."),
        _count(tags["hr"], "dividing line was", "dividing lines were", "removed. Use a heading instead."),
    ]  # fmt: skip
    return [line for line in lines if line]


def _count(number, one, many, rest):
    return f"{number:,} {one if number == 1 else many} {rest}" if number else ""


# --- reading clean prose ------------------------------------------------------------------------------------------------


def _plain(node):
    if isinstance(node, str):
        return node
    return "\n" if node.tag == "br" else "".join(_plain(child) for child in node.children)


def _lines(node, lines):
    """Add the lines of one block: bare words stand on the line that is open, each block starts its own."""
    if isinstance(node, str) or node.tag in _INLINE:
        lines.append(_plain(node))
    elif node.tag == "tr":
        lines.append("\t".join(" ".join(text_of(serialise(cell.children)).split("\n")) for cell in node.children))
    elif not any(_holds_block(child) for child in node.children):
        lines.append(_plain(node))
    else:
        run = []
        for child in [*node.children, Node("p")]:
            if not _holds_block(child):
                run.append(_plain(child))
                continue
            lines.append("".join(run))
            run.clear()
            _lines(child, lines)


def _without(nodes, other):
    kept = []
    for node in nodes:
        if isinstance(node, Node) and node.tag not in _INLINE:
            if node.attrs.get("data-scope") == other:
                continue
            children = _without(node.children, other)
            if node.children and not children:
                continue
            node = Node(node.tag, node.attrs, children)
        kept.append(node)
    return kept
