"""A look at markup before any parser sees it: how large, how many elements, how deep at most.

One pass, no recursion. The depth it finds is never less than the depth a browser's parser would build (it may be more, for
markup whose ends are missing), so that what passes here is safe for the cleaner and the PDF maker.
"""
import re
from collections import Counter
from dataclasses import dataclass, field
from html import unescape

from django.conf import settings

_VOID = frozenset("area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr".split())
_RAW = frozenset("script style textarea title iframe noembed noframes xmp".split())
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
# Contents of these follow other rules of parsing, so that a plain scan cannot say how deep they go.
_UNREADABLE = {
    "svg": "a drawing (SVG)", "math": "a formula (MathML)", "template": "a hidden template", "noscript": "hidden markup",
    "plaintext": "markup that never ends", "frameset": "a frame",
}  # fmt: skip
_CLOSES_PARAGRAPH = frozenset(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6"
    " header hgroup hr main menu nav ol p pre section summary table ul".split()
)
_IMPLIED_ENDS = {
    "li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "td": {"td", "th"}, "th": {"td", "th"}, "option": {"option"},
    "tr": {"td", "th", "tr"}, "tbody": {"td", "th", "tr", "thead", "tbody", "tfoot"},
    "tfoot": {"td", "th", "tr", "thead", "tbody", "tfoot"},
}  # fmt: skip
# An end tag does not reach out of these, unless it is their own or that of a part of the table around them.
_WALLS = frozenset("table td th caption select button object applet marquee".split())
_TABLE_PARTS = frozenset("table thead tbody tfoot tr td th caption".split())
_BLOCKS = _CLOSES_PARAGRAPH | _TABLE_PARTS | _WALLS | _IMPLIED_ENDS.keys() | {"body", "head", "html", "colgroup"}

_SPACE = "\t\n\f\r "
_NAME = re.compile(r"[^\t\n\f\r />]+")
_ATTRIBUTE_NAME = re.compile(r"[^\t\n\f\r />][^\t\n\f\r />=]*")
_GAP = re.compile(r"[\t\n\f\r /]*")
_EQUALS = re.compile(r"[\t\n\f\r ]*=[\t\n\f\r ]*")
_UNQUOTED = re.compile(r"[^\t\n\f\r >]*")
_COMMENT_END = re.compile(r"--!?>")
_HIDING = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.IGNORECASE)
_HREF = re.compile(r"""(?:^|[\s"'/])href\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_NOTE = re.compile(r"mso-element\s*:\s*(comment|footnote|endnote)\b|mso(comment|footnote|endnote)", re.IGNORECASE)


class ProseRefused(ValueError):
    """The text cannot be stored; ``str()`` of the exception is a sentence that says what to do."""


@dataclass
class Seen:
    """What the scan met: start tags by name, comments, elements hidden in the source, notes of a word processor, addresses linked to."""

    tags: Counter = field(default_factory=Counter)
    comments: int = 0
    hidden: int = 0
    notes: Counter = field(default_factory=Counter)
    links: list[str] = field(default_factory=list)
    deepest: int = 0


class _Depth:
    """Which elements are open, by the rules of HTML wherever those would leave more open than nesting alone."""

    def __init__(self):
        self.open = []
        self.reopening = Counter()  # formatting that its block closed over: the parser opens it again in the next one

    def __len__(self):
        return len(self.open) + self.reopening.total()

    def start(self, name):
        if name in _CLOSES_PARAGRAPH and self.open and self.open[-1] == "p":
            self.open.pop()
        ends = _IMPLIED_ENDS.get(name, ())
        while self.open and self.open[-1] in ends:
            self.open.pop()
        top = self.open[-1] if self.open else ""
        if name in {"tr", "td", "th"} and top == "table":
            self.open.append(top := "tbody")  # nobody types it, every parser adds it
        if name in {"td", "th"} and top in {"thead", "tbody", "tfoot"}:
            self.open.append("tr")
        self.open.append(name)

    def end(self, name):
        at = self._find(name)
        if at is None:
            if self.reopening[name]:
                self.reopening[name] -= 1
            return
        for closed_over in self.open[at + 1:]:
            if closed_over in _FORMATTING:
                self.reopening[closed_over] += 1
        del self.open[at:]

    def _find(self, name):
        """Place in the stack that the end tag ``name`` closes, or None when the parser would pass it over."""
        for at in range(len(self.open) - 1, -1, -1):
            here = self.open[at]
            if here == name:
                return at
            if here in _WALLS and not (name in _TABLE_PARTS and here in _TABLE_PARTS and here != "table"):
                return None
            if name not in _BLOCKS and here in _BLOCKS:
                return None
        return None


def within_limits(*, size=0, elements=0, levels=0):
    """Raise ProseRefused with a sentence when markup of ``size`` bytes, or so many elements or levels, is more than may be stored."""
    if size > settings.MAX_PROSE_BYTES:
        raise ProseRefused(f"The text is larger than {settings.MAX_PROSE_BYTES // 1024:,} KB. Split it into several sections.")
    if elements > settings.MAX_PROSE_ELEMENTS:
        raise ProseRefused(f"The text has more than {settings.MAX_PROSE_ELEMENTS:,} elements. Split it into several sections.")
    if levels > settings.MAX_PROSE_LEVELS:
        raise ProseRefused(
            f"Lists, tables or quotations are nested more than {settings.MAX_PROSE_LEVELS} levels deep. Make the text flatter."
        )


def scan(html):
    """Measure ``html`` (line ends LF) and return what was ``Seen``; raises ProseRefused with a sentence."""
    seen, depth, elements = Seen(), _Depth(), 0
    within_limits(size=len(html.encode("utf-8")))
    for name, is_end, attributes in _tags(html, seen):
        if is_end and name not in {"p", "br"}:
            depth.end(name)
            continue
        if is_end:  # of a paragraph or a line break: one that is not open makes an empty one
            depth.end(name)
            seen.deepest = max(seen.deepest, len(depth) + 1)
        elements += 1
        within_limits(elements=elements)
        if is_end:
            continue
        _note(name, attributes, seen)
        if name in _VOID:
            continue
        depth.start(name)
        seen.deepest = max(seen.deepest, len(depth))
        within_limits(levels=seen.deepest)
    return seen


def _note(name, attributes, seen):
    if name in _UNREADABLE:
        raise ProseRefused(f"The text holds {_UNREADABLE[name]}, which cannot be stored. Remove it, or add it as a picture.")
    seen.tags[name] += 1
    if _HIDING.search(attributes) or re.search(r"(?:^|\s)hidden(?:[\s=/]|$)", attributes, re.IGNORECASE):
        seen.hidden += 1
    if name == "a" and (found := _HREF.search(attributes)):
        seen.links.append(unescape(found.group(1).strip("\"'")))
    if found := _NOTE.search(attributes):
        seen.notes[(found.group(1) or found.group(2)).lower()] += 1


def _tags(html, seen):
    """Yield (name, is it an end tag, its attributes as typed) and count comments, as the tokenizer of HTML would read them."""
    at, lower = 0, html.lower() if html.isascii() else _ascii_lower(html)
    while (at := html.find("<", at)) != -1:
        rest = html[at + 1:at + 4]
        if rest == "!--":
            seen.comments += 1
            at = _after_comment(html, at + 4)
        elif rest[:1] in {"!", "?"} or (rest[:1] == "/" and rest[1:2] and not _is_letter(rest[1])):
            at = _after(html, ">", at)
        elif _is_letter(rest[:1]) or (rest[:1] == "/" and _is_letter(rest[1:2])):
            is_end = rest[0] == "/"
            name_found = _NAME.match(lower, at + 1 + is_end)
            close = _end_of_tag(html, name_found.end())
            if close == -1:
                return
            name = name_found.group()
            yield name, is_end, html[name_found.end():close]
            at = close + 1
            if name in _RAW and not is_end:
                at = _after_raw(html, lower, name, at)
        else:
            at += 1


def _is_letter(character):
    return character.isascii() and character.isalpha()


def _ascii_lower(html):
    """Lower the ASCII letters only, so that places stay the same."""
    return html.translate({code: code + 32 for code in range(65, 91)})


def _after(html, what, at):
    found = html.find(what, at)
    return len(html) if found == -1 else found + len(what)


def _after_comment(html, at):
    for abrupt in (">", "->"):
        if html.startswith(abrupt, at):
            return at + len(abrupt)
    found = _COMMENT_END.search(html, at)
    return len(html) if found is None else found.end()


def _after_raw(html, lower, name, at):
    """Place after the contents of an element whose contents are not markup."""
    end = re.compile(f"</{name}(?=[\t\n\f\r />])").search(lower, at)
    stop = len(html) if end is None else end.start()
    if name == "script" and lower.find("<!--", at, stop) != -1:
        raise ProseRefused("The text holds a script, which cannot be stored. Remove it.")
    return stop


def _end_of_tag(html, at):
    """Place of the ``>`` that ends a tag, quotes heeded as the tokenizer heeds them; -1 when there is none."""
    while True:
        at = _GAP.match(html, at).end()
        if at >= len(html):
            return -1
        if html[at] == ">":
            return at
        at = _ATTRIBUTE_NAME.match(html, at).end()
        if equals := _EQUALS.match(html, at):
            at = equals.end()
            quote = html[at:at + 1]
            if quote in {'"', "'"}:
                at = html.find(quote, at + 1) + 1
                if at == 0:
                    return -1
            else:
                at = _UNQUOTED.match(html, at).end()
