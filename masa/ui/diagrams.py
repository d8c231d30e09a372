"""Structure diagrams as SVG: who reports to whom as a tree, every other tie as a number on both of its boxes, with a key.

Ties are not drawn as lines, since a structure has so many of them that they would run over words and over each other.

Two drawings of the same structure: a wide one in columns for a screen and for print, and a narrow one, stacked and indented, for
a phone. The style sheet shows one of them. Neither holds links, since a picture has no parts for a reader of the screen:
the list that the caller puts beside it has them.
"""
from dataclasses import dataclass, field

from masa.ui import svg
from masa.ui.decorate import SCOPE_WORDS

TREE = "reports_to"  # the kind of edge that makes the tree: from the lower to the upper

_SIZE, _SMALL, _LEADING = 13, 11, 1.25
_BOLD = 1.1  # how much wider bold words are
_PAD = 9
_BADGE, _BADGE_GAP = 21, 4
_INK, _LINE, _TIE = "#0b0c0c", "#505a5f", "#a3365b"
_LOOKS = {
    "lead": {"fill": "#1d4f56", "stroke": "#1d4f56", "ink": "#ffffff"},
    "plain": {"fill": "#ffffff", "stroke": "#1d4f56", "ink": _INK},
    "outside": {"fill": "#f3f5f6", "stroke": "#505a5f", "ink": _INK, "dash": "5 3"},
    "former": {"fill": "#f3f5f6", "stroke": "#8a9499", "ink": "#383f43"},
}

_COLUMN, _COLUMN_GAP, _COLUMNS = 208, 28, 4
_WIDE = _COLUMNS * (_COLUMN + _COLUMN_GAP) + _COLUMN_GAP
_SPINE = 300
_ROW_GAP, _STACK_GAP, _INDENT = 44, 12, 18
_NARROW = 300


def structure(nodes, edges, *, title, ident="structure"):
    """Return the two drawings of a structure, one for wide pages and one for narrow, as one string of SVG.

    nodes: [{id, label, kind, scope?, note?}] in the order in which they should stand. kind: lead (filled), plain, outside
    (dashed), former (grey); any other is drawn plain. scope: children or adults, printed as a word.
    edges: [{from, to, kind, label}]. Kind "reports_to" makes the tree, from the lower to the upper; one that would close a
    circle, a second one of the same node, and every other kind become a number on both boxes and a line of the key.
    Raises ValueError when an edge names an unknown node. The same input gives the same bytes.
    """
    forest = _Forest(nodes, edges)
    return _draw(_wide(forest), forest, title, f"{ident}-wide", "diagram diagram--wide") + _draw(
        _narrow(forest), forest, title, f"{ident}-narrow", "diagram diagram--narrow"
    )


class _Forest:
    """The tree part of the graph, and the ties left over."""

    def __init__(self, nodes, edges):
        self.nodes = {node["id"]: node for node in nodes}
        self.children = {ident: [] for ident in self.nodes}
        self.parent, self.ties = {}, []
        for edge in edges:
            if edge["from"] not in self.nodes or edge["to"] not in self.nodes:
                raise ValueError(f"The edge from {edge['from']!r} to {edge['to']!r} names a node that is not there.")
            if edge["kind"] == TREE and edge["from"] not in self.parent and not self._is_above(edge["from"], edge["to"]):
                self.parent[edge["from"]] = edge["to"]
            elif edge["from"] != edge["to"]:
                self.ties.append(edge)
        for ident in self.nodes:
            if ident in self.parent:
                self.children[self.parent[ident]].append(ident)
        self.roots = [ident for ident in self.nodes if ident not in self.parent]

    def _is_above(self, upper, lower):
        while lower is not None:
            if lower == upper:
                return True
            lower = self.parent.get(lower)
        return False

    def numbers(self, ident):
        """Return the numbers of the ties that a node has, and whether it is where they start."""
        return [(n, tie["from"] == ident) for n, tie in enumerate(self.ties, 1) if ident in (tie["from"], tie["to"])]

    def below(self, ident, level=0):
        """Yield (id, level) of everything under a node, depth first."""
        for child in self.children[ident]:
            yield child, level
            yield from self.below(child, level + 1)

    def described(self):
        """The whole structure in sentences."""
        upper = [f"{self.nodes[child]['label']} reports to {self.nodes[parent]['label']}." for child, parent in self.parent.items()]
        return " ".join(upper + [_tie_words(self, tie) + "." for tie in self.ties]) or "No ties are stated."


def _tie_words(forest, tie):
    return f"{forest.nodes[tie['from']]['label']} {tie['label']} {forest.nodes[tie['to']]['label']}"


@dataclass
class _Box:
    node: dict
    x: float
    y: float
    width: float
    ties: list = field(default_factory=list)  # as _Forest.numbers gives them

    def __post_init__(self):
        room = self.width - 2 * _PAD
        self.label = svg.wrap(self.node["label"], room, _SIZE * _BOLD)
        small = [self.node.get("note") or "", SCOPE_WORDS.get(self.node.get("scope"), "")]
        self.small = [line for text in small if text for line in svg.wrap(text, room, _SMALL)]
        self.a_row = max(1, int((room + _BADGE_GAP) // _BADGE))
        self.words = _PAD + (len(self.label) * _SIZE + len(self.small) * _SMALL) * _LEADING
        self.height = self.words + _PAD + -(-len(self.ties) // self.a_row) * _BADGE

    @property
    def badges(self):
        """Yield (number, whether the tie starts here, x, y of the middle)."""
        for place, (number, is_start) in enumerate(self.ties):
            row, column = divmod(place, self.a_row)
            yield number, is_start, self.x + _PAD + 8.5 + column * _BADGE, self.y + self.words + 10 + row * _BADGE

    @property
    def middle(self):
        return self.x + self.width / 2

    @property
    def bottom(self):
        return self.y + self.height


@dataclass
class _Plan:
    width: float
    columns: int = 1
    height: float = 0.0
    boxes: dict = field(default_factory=dict)
    lines: list = field(default_factory=list)  # points of the lines of the tree

    def put(self, ident, box):
        self.boxes[ident] = box
        self.height = max(self.height, box.bottom)
        return box


# --- the wide drawing ---------------------------------------------------------------------------------------------------


def _wide(forest):
    plan, y = _Plan(_WIDE, columns=_columns(forest)), 2.0
    with_children = [root for root in forest.roots if forest.children[root]]
    for root in with_children:
        y = _block(forest, plan, root, y) + _ROW_GAP
    alone = [root for root in forest.roots if not forest.children[root]]
    if alone:
        _rows_of_columns(forest, plan, alone, y)
    return plan


def _columns(forest):
    """How many columns the whole drawing has, one grid for all rows."""
    rows = [forest.children[ident] for ident in forest.nodes if _has_row(forest, ident)]
    return max([_even(len(row)) for row in rows], default=0) or _even(len(forest.roots))


def _has_row(forest, ident):
    """Whether the children of a node stand in a row: it is on the spine and has several."""
    while ident in forest.parent:
        ident = forest.parent[ident]
        if len(forest.children[ident]) > 1:
            return False
    return True


def _even(count):
    """Columns for ``count`` boxes: at most the limit, and rows of nearly the same length."""
    rows = -(-count // _COLUMNS)
    return -(-count // rows) if rows else 0


def _block(forest, plan, root, y):
    """Place a root: one above the other while there is one below, then its children in rows of columns."""
    above, ident = None, root
    while True:
        box = plan.put(ident, _Box(forest.nodes[ident], _WIDE / 2 - _SPINE / 2, y, _SPINE, forest.numbers(ident)))
        if above:
            plan.lines.append([(above.middle, above.bottom), (box.middle, box.y)])
        below = forest.children[ident]
        if len(below) != 1:
            break
        above, ident, y = box, below[0], box.bottom + 26
    if not below:
        return box.bottom
    return _rows_of_columns(forest, plan, below, box.bottom + _ROW_GAP, under=box)


def _rows_of_columns(forest, plan, heads, y, under=None):
    """Place subtrees in rows on the grid of columns; join them to the box that they stand under. Returns the bottom."""
    first_bus, step = None, plan.columns
    left = _WIDE / 2 - (step * _COLUMN + (step - 1) * _COLUMN_GAP) / 2
    gutter = left - _COLUMN_GAP / 2 - 4
    for start in range(0, len(heads), step):
        row = heads[start:start + step]
        tops, bottom = [], y
        for place, head in enumerate(row, (step - len(row)) // 2):
            box, end = _column(forest, plan, head, left + place * (_COLUMN + _COLUMN_GAP), y)
            tops.append(box)
            bottom = max(bottom, end)
        if under:
            bus = y - _ROW_GAP / 2
            plan.lines += [[(box.middle, bus), (box.middle, box.y)] for box in tops]
            if first_bus is None:
                first_bus = bus
                plan.lines.append([(under.middle, under.bottom), (under.middle, bus)])
                ends = [box.middle for box in tops] + [under.middle] + ([gutter] if len(heads) > step else [])
            else:
                plan.lines.append([(gutter, first_bus), (gutter, bus)])
                ends = [box.middle for box in tops] + [gutter]
            plan.lines.append([(min(ends), bus), (max(ends), bus)])
        y = bottom + _ROW_GAP
    return y - _ROW_GAP


def _column(forest, plan, head, x, y):
    """Place a subtree as a column: its head, and all below it stacked and indented. Returns the head's box and the bottom."""
    box = plan.put(head, _Box(forest.nodes[head], x, y, _COLUMN, forest.numbers(head)))
    _stack(forest, plan, head, right=x + _COLUMN)
    return box, max([box.bottom] + [plan.boxes[ident].bottom for ident, _ in forest.below(head)])


def _stack(forest, plan, head, *, right):
    """Place everything under ``head`` below its box, one under the other, indented by level, with elbows."""
    top = plan.boxes[head]
    y, deepest = top.bottom + _STACK_GAP, (top.width - 120) // _INDENT
    for ident, level in forest.below(head):
        x = top.x + _INDENT * min(level + 1, deepest)
        box = plan.put(ident, _Box(forest.nodes[ident], x, y, right - x, forest.numbers(ident)))
        upper = plan.boxes[forest.parent[ident]]
        elbow, middle = upper.x + _INDENT / 2, box.y + box.height / 2
        if box.x > upper.x:
            plan.lines.append([(elbow, upper.bottom), (elbow, middle), (box.x, middle)])
        y = box.bottom + _STACK_GAP
    return y - _STACK_GAP


# --- the narrow drawing -------------------------------------------------------------------------------------------------


def _narrow(forest):
    plan, y = _Plan(_NARROW), 2.0
    right = _NARROW - 2.0
    for root in forest.roots:
        plan.put(root, _Box(forest.nodes[root], 2.0, y, right - 2.0, forest.numbers(root)))
        y = _stack(forest, plan, root, right=right) + _STACK_GAP + 8
    return plan


# --- drawing ------------------------------------------------------------------------------------------------------------


def _draw(plan, forest, title, ident, class_):
    parts = [_path(points, stroke=_LINE, stroke_width=1.5) for points in plan.lines]
    parts += [_box(box) for box in plan.boxes.values()]
    key, height = _key(forest, plan)
    return svg.picture(plan.width, height, title, forest.described(), "".join(parts) + key, class_=class_, ident=ident)


def _path(points, **attrs):
    steps = " L".join(f"{svg.number(float(x))} {svg.number(float(y))}" for x, y in points)
    return svg.element("path", d=f"M{steps}", fill="none", **attrs)


def _box(box):
    look = _LOOKS.get(box.node.get("kind"), _LOOKS["plain"])
    outline = svg.element(
        "rect", x=box.x, y=float(box.y), width=float(box.width), height=float(box.height), rx=3, fill=look["fill"],
        stroke=look["stroke"], stroke_width=1.5, stroke_dasharray=look.get("dash"),
    )  # fmt: skip
    y = box.y + _PAD + _SIZE * 0.95
    label = svg.words(box.label, box.x + _PAD, y, _SIZE, font_weight="bold", fill=look["ink"])
    y += len(box.label) * _SIZE * _LEADING - (_SIZE - _SMALL)
    badges = "".join(_badge(x, y, number, is_start) for number, is_start, x, y in box.badges)
    return outline + label + svg.words(box.small, box.x + _PAD, y, _SMALL, fill=look["ink"]) + badges


def _badge(x, y, number, is_start=True):
    """A number in a circle: filled where the tie starts, white where it leads."""
    fill, ink = (_TIE, "#ffffff") if is_start else ("#ffffff", _TIE)
    ring = svg.element("circle", cx=float(x), cy=float(y), r=8.5, fill=fill, stroke=_TIE, stroke_width=1.5)
    return ring + svg.words([str(number)], float(x), y + 3.7, 10, text_anchor="middle", font_weight="bold", fill=ink)


def _key(forest, plan):
    """Say below the drawing what each numbered line is. Returns the markup and the height of the whole."""
    y, parts = plan.height + 26, []
    for number, tie in enumerate(forest.ties, 1):
        lines = svg.wrap(_tie_words(forest, tie), plan.width - 34, _SIZE)
        parts.append(_badge(11, y - 4, number) + svg.words(lines, 28, y, _SIZE))
        y += len(lines) * _SIZE * _LEADING + 8
    return "".join(parts), (y - 12 if parts else plan.height + 2)
