"""What changed between two contents: a small tree for a template to print. Pure functions, symmetrical in their counts.

Sections are matched by id, then by address, then by place in the template; their paragraphs, list items and rows by
their words. Kept and removed words give the earlier text, kept and added words the later one, to the letter.
"""
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

from masa.bundle.datafiles import day
from masa.bundle.live.align import LARGEST_GAP, Words, alike_items, rising, same_items
from masa.publishing import blocks
from masa.publishing.models import Answer
from masa.ui.text import date_words
from masa.ui.tree import Node, parse

SAME, CHANGED, ADDED, REMOVED, MOVED, LEFT, STUB = "same", "changed", "added", "removed", "moved", "left", "stub"
REMOVED_HEADING = "A section that was removed"
CONTEXT = 1  # unchanged paragraphs shown on either side of a change
MOVED_WORDS = 5  # a shorter paragraph that turns up elsewhere is not called moved
MOVED_ALIKE = 0.75
WIDEST = 4  # columns of a table that is shown as a table
GUIDANCE = "Guidance answered"
_TOKEN = re.compile(r"(?:\w+|[^\w\s])\s*|\s+")
_WORD = re.compile(r"\w+")
_INLINE = frozenset("strong em a sup sub span abbr br".split())
_SCOPES = {"": "both", "children": "children", "adults": "adults"}


# The tree ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """Words that were kept (same), added or removed."""

    kind: str
    text: str


@dataclass(frozen=True)
class Line:
    """A paragraph, heading, list item or row. ``left`` is where a moved one stood before; ``note`` says what words do not."""

    kind: str
    tag: str
    pieces: tuple[Piece, ...]
    note: str = ""

    @property
    def cells(self):
        """The pieces of a row, cell by cell."""
        found = [[]]
        for piece in self.pieces:
            first, *more = piece.text.split("\t")
            found[-1].append(Piece(piece.kind, first))
            found += [[Piece(piece.kind, words)] for words in more]
        return found


@dataclass(frozen=True)
class Run:
    """Lines that are shown together, or folded away because nothing in them changed. ``groups``: [(tag, lines)]."""

    is_folded: bool
    lines: list[Line]

    @property
    def groups(self):
        return [(tag, list(lines)) for tag, lines in groupby(self.lines, key=lambda line: line.tag)]


@dataclass(frozen=True)
class RowChange:
    """A row of a table: each cell is its pieces."""

    kind: str
    cells: list[list[Piece]]


    def fields(self, columns):
        """Return ``[(column, pieces)]`` below the first cell: of a changed row what changed, of another what it says."""
        told = zip(columns[1:], self.cells[1:], strict=True)
        return [(title, cell) for title, cell in told if any(p.kind != SAME or self.kind != CHANGED for p in cell)]


@dataclass(frozen=True)
class TableChange:
    """A table of a block. ``rows`` are those that changed; ``kept`` counts the others."""

    kind: str
    title: str
    columns: list[str]
    rows: list[RowChange]
    kept: int = 0

    @property
    def records(self):
        """The changed rows one under the other, ``[(kind, name, fields)]``, for a table that is too wide for a page; else nothing."""
        if len(self.columns) <= WIDEST:
            return []
        return [(row.kind, row.cells[0], row.fields(self.columns)) for row in self.rows]


@dataclass(frozen=True)
class SectionChange:
    """A section in both editions or in one of them."""

    kind: str
    id: str
    heading: tuple[Piece, ...]
    anchor: str = ""
    notes: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    tables: list[TableChange] = field(default_factory=list)
    is_moved: bool = False
    removal: object = None

    @property
    def is_changed(self):
        return self.kind not in {SAME, STUB} or self.is_moved

    @property
    def runs(self):
        """The lines with the unchanged ones between them set apart, so that they can be folded away."""
        near = set()
        for n, line in enumerate(self.lines):
            if line.kind != SAME or line.note:
                near |= set(range(n - CONTEXT, n + CONTEXT + 1))
        shown = [n in near for n in range(len(self.lines))]
        return [Run(not keep, [line for _, line in group]) for keep, group in groupby(zip(shown, self.lines, strict=True), key=lambda x: x[0])]


@dataclass(frozen=True)
class Fact:
    """Something said of the whole edition that changed."""

    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class AnswerChange:
    """An answer to a requirement that changed. ``before`` and ``after`` are what was answered, in words."""

    kind: str
    code: str
    text: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Redline:
    """Everything that changed between two contents, and everything that did not."""

    facts: list[Fact]
    sections: list[SectionChange]
    answers: list[AnswerChange]
    files: list[Fact]

    @cached_property
    def words(self):
        """How many words were added and removed, moved paragraphs apart."""
        pieces = [p for section in self.sections for p in pieces_of(section)]
        pieces += [p for fact in (*self.facts, *self.answers, *self.files) for p in fact.pieces]
        return {kind: sum(len(_WORD.findall(p.text)) for p in pieces if p.kind == kind) for kind in (ADDED, REMOVED)}

    @cached_property
    def counts(self):
        """How many sections changed, were added, removed or moved."""
        found = {kind: sum(s.kind == kind for s in self.sections) for kind in (CHANGED, ADDED, REMOVED, SAME)}
        return {**found, "moved": sum(s.is_moved for s in self.sections), "all": len(self.sections)}

    @cached_property
    def answers_by(self):
        """The answers that changed by kind, and whether the edition answers other guidance than the one before."""
        found = {kind: [a for a in self.answers if a.kind == kind] for kind in (CHANGED, ADDED, REMOVED)}
        return {**found, "other_guidance": any(fact.name == GUIDANCE for fact in self.facts)}

    @property
    def is_changed(self):
        return bool(self.facts or self.answers or self.files or any(s.is_changed for s in self.sections))


def pieces_of(section):
    """Yield the pieces of a section that count: the place that a paragraph moved away from does not."""
    if section.kind == STUB:
        return
    yield from section.heading
    for line in section.lines:
        if line.kind != LEFT:
            yield from line.pieces
    for table in section.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from cell


def text_before(section):
    """Return the lines of the earlier text: what was kept and what was removed."""
    return _texts(section, {SAME, CHANGED, REMOVED, LEFT}, ADDED)


def text_after(section):
    """Return the lines of the later text: what was kept and what was added."""
    return _texts(section, {SAME, CHANGED, ADDED, MOVED}, REMOVED)


def _texts(section, kinds, without):
    return ["".join(p.text for p in line.pieces if p.kind != without) for line in section.lines if line.kind in kinds]


# Words ---------------------------------------------------------------------------------------------------------------


def word_pieces(before, after):
    """Return two texts as pieces, word by word; a row of as many cells as before is compared cell by cell."""
    if before == after:
        return (Piece(SAME, after),) if after else ()
    old, new = before.split("\t"), after.split("\t")
    if len(old) == len(new) > 1:
        found = []
        for n, (left, right) in enumerate(zip(old, new, strict=True)):
            found += [*([Piece(SAME, "\t")] if n else []), *word_pieces(left, right)]
        return tuple(found)
    return tuple(_joined(_TOKEN.findall(before), _TOKEN.findall(after)))


def _joined(before, after):
    """Yield pieces for two lists of words. A kept comma between two changes belongs to both of them."""
    changes = []  # [removed words, added words, kept words after them]
    i = j = 0
    for left, right in [*same_items(before, after), (len(before), len(after))]:
        if left > i or right > j or not changes:
            if changes and not _WORD.search(kept := "".join(changes[-1][2])) and (changes[-1][0] or changes[-1][1]):
                changes[-1] = [changes[-1][0] + kept, changes[-1][1] + kept, []]
                changes[-1][0] += "".join(before[i:left])
                changes[-1][1] += "".join(after[j:right])
            else:
                changes.append(["".join(before[i:left]), "".join(after[j:right]), []])
        changes[-1][2] += before[left:left + 1]
        i, j = left + 1, right + 1
    for removed, added, kept in changes:
        yield from (Piece(kind, text) for kind, text in ((REMOVED, removed), (ADDED, added), (SAME, "".join(kept))) if text)


def whole(kind, text):
    """Return a text as one piece, or as none when it is empty."""
    return (Piece(kind, text),) if text else ()


# Prose ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unit:
    """A paragraph, heading, list item or row of prose, in words; ``links`` and ``scope`` are what words do not show."""

    tag: str
    text: str
    scope: str = ""
    links: tuple = ()


def units(html):
    """Return the units of clean prose in order."""
    return list(_units(parse(html).children, "p", ""))


def _units(nodes, tag, scope):
    run = []
    for node in nodes:
        if isinstance(node, str) or node.tag in _INLINE:
            run.append(node)
            continue
        yield from _unit(run, tag, scope)
        run = []
        inner = node.attrs.get("data-scope", scope)
        if node.tag == "tr":
            cells = [_unit(cell.children, "tr", inner) for cell in node.children]
            cells = [next(cell, Unit("tr", "")) if _is_flat(node.children[n]) else _folded(node.children[n]) for n, cell in enumerate(cells)]
            yield Unit("tr", "\t".join(cell.text for cell in cells), inner, tuple(link for cell in cells for link in cell.links))
        elif node.tag in {"p", "h3", "h4", "li", "dt", "dd", "caption"}:
            yield from _units(node.children, node.tag, inner)
        else:
            yield from _units(node.children, tag, inner)
    yield from _unit(run, tag, scope)


def _is_flat(node):
    return all(isinstance(child, str) or child.tag in _INLINE for child in node.children)


def _folded(cell):
    """Return a cell that holds paragraphs or a list as one unit."""
    inside = list(_units(cell.children, "tr", ""))
    return Unit("tr", " ".join(unit.text.replace("\t", " ") for unit in inside), "", tuple(link for unit in inside for link in unit.links))


def _unit(run, tag, scope):
    words, links = [], []
    _read(run, words, links)
    text = " ".join("".join(words).split())
    if text:
        yield Unit(tag, text, scope, tuple(links))


def _read(nodes, words, links):
    for node in nodes:
        if isinstance(node, Node):
            if node.tag == "a":
                links.append(node.attrs.get("href", ""))
            words.append(" " if node.tag == "br" else "")
            _read(node.children, words, links)
        else:
            words.append(node)


class Matched:
    """The units of one section before and after, and which of them belong together."""

    def __init__(self, before, after):
        self.before, self.after = before, after
        old, new = [u.text for u in before], [u.text for u in after]
        self.pairs = []
        i = j = 0
        for left, right in [*same_items(old, new), (len(old), len(new))]:
            self.pairs += [(i + a, j + b) for a, b in self._alike(i, left, j, right)]
            if left < len(old):
                self.pairs.append((left, right))
            i, j = left + 1, right + 1
        self.lone_before = sorted(set(range(len(old))) - {i for i, _ in self.pairs})
        self.lone_after = sorted(set(range(len(new))) - {j for _, j in self.pairs})

    def _alike(self, low, high, start, end):
        if low == high or start == end:
            return []
        old, new = self.before[low:high], self.after[start:end]
        kinds = [[unit.tag == "tr" for unit in group] for group in (old, new)]
        return alike_items([u.text for u in old], [u.text for u in new], *kinds)

    def lines(self, came, went):
        """Yield the lines in order. came, went: ``{index: (unit or None, words)}`` of what moved here and away."""
        i = j = 0
        for left, right in [*self.pairs, (len(self.before), len(self.after))]:
            for n in range(i, left):
                unit = self.before[n]
                yield Line(LEFT, unit.tag, whole(SAME, unit.text), went[n]) if n in went else Line(REMOVED, unit.tag, whole(REMOVED, unit.text))
            for n in range(j, right):
                unit = self.after[n]
                if n in came:
                    yield Line(MOVED, unit.tag, word_pieces(came[n][0].text, unit.text), came[n][1])
                else:
                    yield Line(ADDED, unit.tag, whole(ADDED, unit.text))
            if left < len(self.before):
                yield kept_line(self.before[left], self.after[right])
            i, j = left + 1, right + 1


def kept_line(before, after):
    """Return a unit that stayed in its place, with what changed in it."""
    kind = SAME if before.text == after.text else CHANGED
    return Line(kind, after.tag, word_pieces(before.text, after.text), unseen_change(before, after))


def unseen_change(before, after):
    """Return in a sentence what changed beside the words: whom a text is about, where its links lead, how it is set."""
    found = []
    if before.scope != after.scope:
        found.append(scope_words(before.scope, after.scope))
    if before.links != after.links and before.text == after.text:
        found.append("A link leads to another address.")
    if before.tag != after.tag and before.text == after.text:
        found.append(f"Set as {_SET_AS.get(after.tag, 'a paragraph')}; before as {_SET_AS.get(before.tag, 'a paragraph')}.")
    return " ".join(found)


_SET_AS = {"h3": "a heading", "h4": "a heading", "li": "an item of a list", "tr": "a row of a table", "caption": "the title of a table"}
_ABOUT = {"both": "children and adults", "children": "children", "adults": "adults"}


def scope_words(before, after):
    """Return in a sentence whom a text is about now, and was before."""
    return f"Now about {_ABOUT[_SCOPES.get(after, after)]}; before about {_ABOUT[_SCOPES.get(before, before)]}."


# Sections ------------------------------------------------------------------------------------------------------------


def paired_sections(before, after):
    """Return ``[(i, j)]``: sections matched by id, then by address, then by place in the template, each once."""
    found, left, right = [], dict(enumerate(before)), dict(enumerate(after))
    for name in (lambda part: part.id, lambda part: part.body and part.body["anchor"], lambda part: part.body and part.body["template_key"]):
        places = defaultdict(list)
        for j, part in right.items():
            places[name(part)].append(j)
        for i, part in list(left.items()):
            if name(part) and places[name(part)]:
                j = places[name(part)].pop(0)
                found.append((i, j))
                del left[i], right[j]
    return sorted(found)


def sections(before, after):
    """Return the SectionChanges of two lists of section parts, in the order of the later edition."""
    pairs = paired_sections(before, after)
    steady = set(rising(pairs))
    by_after, matched = {j: i for i, j in pairs}, {}
    for i, j in pairs:
        matched[i, j] = Matched(prose_of(before[i]), prose_of(after[j]))
    for i in set(range(len(before))) - {i for i, _ in pairs}:
        matched[i, None] = Matched(prose_of(before[i]), [])
    for j in set(range(len(after))) - by_after.keys():
        matched[None, j] = Matched([], prose_of(after[j]))
    order = in_order(pairs, len(before), len(after))
    came, went = moves([(key, matched[key]) for key in order], before, after)
    found = []
    for i, j in order:
        lines = list(matched[i, j].lines(came[i, j], went[i, j]))
        change = section_change(before[i] if i is not None else None, after[j] if j is not None else None, lines)
        found.append(replace(change, is_moved=i is not None and j is not None and (i, j) not in steady))
    return found


def prose_of(part):
    return units(part.body["body"]) if part.body else []


def in_order(pairs, many_before, many_after):
    """Return every section as ``(i, j)``, None where it is missing: in the later order, removed ones after their neighbour."""
    by_before, by_after = dict(pairs), {j: i for i, j in pairs}
    follows, last = defaultdict(list), -1
    for i in range(many_before):
        if i in by_before:
            last = by_before[i]
        else:
            follows[last].append((i, None))
    order = list(follows[-1])
    for j in range(many_after):
        order += [(by_after.get(j), j), *follows[j]]
    return order


def moves(matched, before, after):
    """Return what moved between and inside sections: ``{key: {index: (unit, words)}}`` come and ``{key: {index: words}}`` gone."""
    left = [(key, n, m.before[n]) for key, m in matched for n in m.lone_before if len(m.before[n].text.split()) >= MOVED_WORDS]
    right = [(key, n, m.after[n]) for key, m in matched for n in m.lone_after if len(m.after[n].text.split()) >= MOVED_WORDS]
    came, went = defaultdict(dict), defaultdict(dict)
    for (old_key, old, unit), (new_key, new, _) in [*exact_moves(left, right), *near_moves(left, right)]:
        here = old_key == new_key
        came[new_key][new] = (unit, "Moved from another place in this section." if here else f"Moved from “{heading(before[old_key[0]])}”.")
        went[old_key][old] = "Moved to another place in this section." if here else f"Moved to “{heading(after[new_key[1]])}”."
    return came, went


def exact_moves(left, right):
    """Return the pairs of rows with the same words, taken out of both lists."""
    places = defaultdict(list)
    for row in right:
        places[row[2].text].append(row)
    for rows in places.values():
        rows.reverse()  # so that the first is taken first, and cheaply
    found = [(row, places[row[2].text].pop()) for row in left if places[row[2].text]]
    taken = {id(row) for pair in found for row in pair}
    left[:] = [row for row in left if id(row) not in taken]
    right[:] = [row for row in right if id(row) not in taken]
    return found


def near_moves(left, right):
    """Return the pairs of rows that are much alike, the most alike first. Where there are too many to compare, none."""
    if len(left) * len(right) > LARGEST_GAP // 10:
        return []
    old, new = [Words(row[2].text) for row in left], [Words(row[2].text) for row in right]
    scored = [(old[i].likeness(new[j]), i, j) for i in range(len(left)) for j in range(len(right))]
    scored = [row for row in scored if row[0] >= MOVED_ALIKE and (left[row[1]][2].tag == "tr") == (right[row[2]][2].tag == "tr")]
    scored.sort(key=lambda row: (-row[0], *sorted((left[row[1]][2].text, right[row[2]][2].text))))
    found, used_left, used_right = [], set(), set()
    for _, i, j in scored:
        if i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            found.append((left[i], right[j]))
    return found


def heading(part):
    return part.body["heading"] if part.body else REMOVED_HEADING


def section_change(before, after, lines):
    """Return the change of one section; before or after is None where an edition does not have it."""
    present = after or before
    if (before and before.body is None) or (after and after.body is None):
        removal = next((part.removal for part in (after, before) if part and part.removal), None)
        return SectionChange(STUB, present.id, whole(SAME, REMOVED_HEADING), removal=removal)
    facts = {"id": present.id, "anchor": present.body["anchor"], "lines": lines}
    if before is None or after is None:
        kind = ADDED if before is None else REMOVED
        return SectionChange(kind, heading=whole(kind, heading(present)), tables=tables(before, after), **facts)
    title = word_pieces(heading(before), heading(after))
    notes = [scope_words(before.body["audience"], after.body["audience"])] if before.body["audience"] != after.body["audience"] else []
    changed = tables(before, after)
    is_same = not (notes or changed or any(line.kind != SAME or line.note for line in lines) or any(p.kind != SAME for p in title))
    return SectionChange(SAME if is_same else CHANGED, heading=title, notes=notes, tables=changed, **facts)


# Tables of blocks ----------------------------------------------------------------------------------------------------


def tables(before, after):
    """Return the TableChanges of a section's blocks; tables in which nothing changed are left out."""
    old, new = block_tables(before), block_tables(after)
    found = []
    for key in [*new, *(key for key in old if key not in new)]:
        change = table_change(old.get(key), new.get(key))
        if change.rows or change.kind != SAME:
            found.append(change)
    return found


def block_tables(part):
    """Return the tables of a section's blocks: ``{(block, table, which of them): Table}``."""
    found = {}
    for row in part.body["blocks"] if part and part.body else []:
        for table in blocks.get(row["key"]).tables(row["data"], row["schema"]):
            n = 0
            while (row["key"], table.slug, n) in found:
                n += 1
            found[row["key"], table.slug, n] = table
    return found


def table_change(old, new):
    """Return what changed in one table; old or new is None where an edition does not have it."""
    if old is None or new is None:
        kind, table = (ADDED, new) if old is None else (REMOVED, old)
        return TableChange(kind, table.title, table.columns, [RowChange(kind, [list(whole(kind, c)) for c in row]) for row in table.rows])
    columns = [*new.columns, *(title for title in old.columns if title not in new.columns)]
    before, after = laid_out(old, columns), laid_out(new, columns)
    rows, kept = [], 0
    for left, right in paired_rows(before, after):
        if left == right:
            kept += 1
        elif left is None or right is None:
            kind = ADDED if left is None else REMOVED
            rows.append(RowChange(kind, [list(whole(kind, cell)) for cell in left or right]))
        else:
            rows.append(RowChange(CHANGED, [list(word_pieces(a, b)) for a, b in zip(left, right, strict=True)]))
    is_same = not rows and columns == old.columns == new.columns
    return TableChange(SAME if is_same else CHANGED, new.title, columns, rows, kept)


def laid_out(table, columns):
    """Return a table's rows under other columns; a column that it does not have is empty."""
    places = {title: n for n, title in reversed(list(enumerate(table.columns)))}
    if columns == table.columns:
        return [tuple(row) for row in table.rows]
    return [tuple(row[places[title]] if title in places else "" for title in columns) for row in table.rows]


def paired_rows(before, after):
    """Return ``[(row, row)]``, None where one is missing, in the later order: rows are matched by their first cell.

    Of several rows with one name, those that are the same throughout belong together, then the rest in order.
    """
    partner = {}
    for names in by_name(before, after):
        left, right = names
        places = defaultdict(list)
        for j in right:
            places[after[j]].append(j)
        twins = [(i, places[before[i]].pop(0)) for i in left if places[before[i]]]
        rest_left = [i for i in left if i not in {i for i, _ in twins}]
        rest_right = [j for j in right if j not in {j for _, j in twins}]
        partner |= dict(twins) | dict(zip(rest_left, rest_right, strict=False))
    order = in_order(sorted(partner.items()), len(before), len(after))
    return [(before[i] if i is not None else None, after[j] if j is not None else None) for i, j in order]


def by_name(before, after):
    """Return for each first cell its places in both tables: ``[([i], [j])]``."""
    names = {}
    for side, rows in enumerate((before, after)):
        for n, row in enumerate(rows):
            names.setdefault(row[:1], ([], []))[side].append(n)
    return names.values()


# The whole edition ---------------------------------------------------------------------------------------------------


def edition_facts(edition, guidance):
    """Return what is said of the whole edition, in words: ``{name: words}``. guidance: ``{key: title}``."""
    about, manifest = edition.about, edition.manifest["edition"]
    review = about.get("review", {})
    facts = {
        "Title": manifest["title"], "Language": manifest["language"], "About": _ABOUT.get(about.get("audience"), ""),
        "As on": iso_words(manifest["as_on"]), "In force from": iso_words(manifest["in_force_from"]), "Ends": iso_words(manifest["ends_on"]),
        "Review due": iso_words(review.get("on")), "How it is reviewed": review.get("words", ""), "Summary": about.get("summary", ""),
        "What changed": about.get("change_note", ""), GUIDANCE: ", ".join(guidance.get(key, key) for key in about.get("guidance", [])),
    }
    for seat in about.get("seats", []):
        facts[f"Partner: {seat['organisation']}"] = seat_words(seat)
    return facts


def iso_words(value):
    """Return an ISO date of stored content in words; nothing for none."""
    return date_words(day(value)) if value else ""


def seat_words(seat):
    """Return in words who leads for a partner and who stands in."""
    leads = ", ".join(post["title"] for post in seat["leads"])
    delegates = ", ".join(post["title"] for post in seat["delegates"])
    said = [seat["label"], f"{seat['lead_term'] or 'Lead'}: {leads}" if leads else "", f"{seat['delegate_term'] or 'Delegate'}: {delegates}" if delegates else ""]
    return ". ".join(words for words in said if words)


def facts_changed(before, after):
    """Return the Facts that differ between two dictionaries of words."""
    names = [*after, *(name for name in before if name not in after)]
    pairs = [(name, before.get(name, ""), after.get(name, "")) for name in names]
    return [Fact(name, word_pieces(old, new)) for name, old, new in pairs if old != new]


def answers_changed(before, after):
    """Return the AnswerChanges of two lists of answers, matched by guidance and code."""
    old, new = ({(a["guidance"], a["code"]): a for a in answers} for answers in (before, after))
    found = []
    for key in [*new, *(key for key in old if key not in new)]:
        left, right = old.get(key), new.get(key)
        pieces = word_pieces(answer_words(left), answer_words(right))
        if any(piece.kind != SAME for piece in pieces):
            kind = ADDED if left is None else REMOVED if right is None else CHANGED
            found.append(AnswerChange(kind, key[1], (right or left)["text"], pieces))
    return found


def answer_words(answer):
    """Return in words what was answered; nothing for no answer."""
    if answer is None:
        return ""
    by_when = f"To be met by {iso_words(answer['by_when'])}." if answer["by_when"] else ""
    return " ".join(words for words in (f"{Answer.Status(answer['status']).label}.", answer["reason"], by_when) if words)


def file_facts(edition):
    """Return the edition's attachments: ``{name: what is said of it}``."""
    return {part.body["name"]: f"{part.body['alt'] or part.body['name']} ({part.body['sha256'][:12]})" for part in edition.attachments if part.body}


def redline(before, after, guidance):
    """Return the Redline of two editions (shapes.EditionData), the earlier first. guidance: ``{key: title}``."""
    return Redline(
        facts_changed(edition_facts(before, guidance), edition_facts(after, guidance)), sections(before.sections, after.sections),
        answers_changed(before.answers, after.answers), facts_changed(file_facts(before), file_facts(after)),
    )
