"""Structure diagrams as SVG: who reports to whom as a tree, every other tie as a numbered dashed line over it.

Two drawings of the same structure: a wide one in columns for a screen and for print, and a narrow one, stacked and indented, for
a phone. The style sheet shows one of them. Neither holds links, since a picture has no parts for a reader of the screen:
the list that the caller puts beside it has them.
"""
from dataclasses import dataclass, field

from masa.ui import svg
from masa.ui.decorate import SCOPE_WORDS

TREE = "reports_to"  # the kind of edge that makes the tree: from the lower to the upper

_SIZE, _SMALL, _LEADING = 13, 11, 1.25
_PAD = 9
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
    circle, a second one of the same node, and every other kind are drawn as dashed lines with a number and a key.
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
    column: int | None = None  # None: on the spine, alone in its row
    row_top: float = 0.0       # top of the row of columns that it stands in

    def __post_init__(self):
        room = self.width - 2 * _PAD
        self.label = svg.wrap(self.node["label"], room, _SIZE)
        small = [self.node.get("note") or "", SCOPE_WORDS.get(self.node.get("scope"), "")]
        self.small = [line for text in small if text for line in svg.wrap(text, room, _SMALL)]
        self.height = 2 * _PAD + (len(self.label) * _SIZE + len(self.small) * _SMALL) * _LEADING

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
    """How many columns the whole drawing has, one grid for all rows, so that the gaps between columns are free for ties."""
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
        box = plan.put(ident, _Box(forest.nodes[ident], _WIDE / 2 - _SPINE / 2, y, _SPINE))
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
            box, end = _column(forest, plan, head, left + place * (_COLUMN + _COLUMN_GAP), y, place)
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


def _column(forest, plan, head, x, y, column):
    """Place a subtree as a column: its head, and all below it stacked and indented. Returns the head's box and the bottom."""
    box = plan.put(head, _Box(forest.nodes[head], x, y, _COLUMN, column, y))
    _stack(forest, plan, head, column=column, row_top=y, right=x + _COLUMN)
    return box, max([box.bottom] + [plan.boxes[ident].bottom for ident, _ in forest.below(head)])


def _stack(forest, plan, head, *, right, column=None, row_top=0.0):
    """Place everything under ``head`` below its box, one under the other, indented by level, with elbows."""
    top = plan.boxes[head]
    y, deepest = top.bottom + _STACK_GAP, (top.width - 120) // _INDENT
    for ident, level in forest.below(head):
        x = top.x + _INDENT * min(level + 1, deepest)
        box = plan.put(ident, _Box(forest.nodes[ident], x, y, right - x, column, row_top))
        upper = plan.boxes[forest.parent[ident]]
        elbow, middle = upper.x + _INDENT / 2, box.y + box.height / 2
        if box.x > upper.x:
            plan.lines.append([(elbow, upper.bottom), (elbow, middle), (box.x, middle)])
        y = box.bottom + _STACK_GAP
    return y - _STACK_GAP


# --- the narrow drawing -------------------------------------------------------------------------------------------------


def _narrow(forest):
    plan, y = _Plan(_NARROW), 2.0
    right = _NARROW - 2.0 - _lanes_width(forest)
    for root in forest.roots:
        plan.put(root, _Box(forest.nodes[root], 2.0, y, right - 2.0, 0))
        y = _stack(forest, plan, root, right=right, column=0) + _STACK_GAP + 8
    return plan


def _lanes_width(forest):
    return min(len(forest.ties), 6) * 9 + 12 if forest.ties else 0


# --- drawing ------------------------------------------------------------------------------------------------------------


def _draw(plan, forest, title, ident, class_):
    parts = [_path(points, stroke=_LINE, stroke_width=1.5) for points in plan.lines]
    parts += [_box(box) for box in plan.boxes.values()]
    route = _narrow_route if plan.width == _NARROW else _wide_route
    for index, tie in enumerate(forest.ties):
        parts.append(_tie(route(plan.boxes[tie["from"]], plan.boxes[tie["to"]], index), index + 1))
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
    return outline + label + svg.words(box.small, box.x + _PAD, y, _SMALL, fill=look["ink"])


def _wide_route(start, end, index):
    """Points of a tie that keeps to the gaps between columns and the spaces above rows."""
    shift = (index % 5 - 2) * 4.0
    leave, arrive = start.y + start.height * (0.35 + 0.1 * (index % 4)), end.y + end.height * (0.35 + 0.1 * (index % 4))
    if start.column is None and end.column is None:
        lane = max(start.x + start.width, end.x + end.width) + 18 + 5 * (index % 5)
        return [(start.x + start.width, leave), (lane, leave), (lane, arrive), (end.x + end.width, arrive)]
    if start.column is None:
        return [(x, y) for x, y in reversed(_wide_route(end, start, index))]
    to_right = end.middle > start.middle or (end.column == start.column and end.column is not None)
    gap = (start.x + start.width if to_right else _column_left(start)) + (1 if to_right else -1) * _COLUMN_GAP / 2 + shift
    out = (start.x + start.width if to_right else start.x, leave)
    if end.column is None:  # the spine: nothing else stands beside it
        side = end.x + end.width if gap > end.middle else end.x
        if end.x < gap < end.x + end.width:
            return [out, (gap, leave), (gap, end.bottom)]
        return [out, (gap, leave), (gap, arrive), (side, arrive)]
    if end.column == start.column and end.row_top == start.row_top:
        return [out, (gap, leave), (gap, arrive), (end.x + end.width, arrive)]
    other = (_column_left(end) - _COLUMN_GAP / 2 if to_right else end.x + end.width + _COLUMN_GAP / 2) + shift
    into = (end.x if to_right else end.x + end.width, arrive)
    if abs(other - gap) < 1:
        return [out, (gap, leave), (gap, arrive), into]
    above = max(start.row_top, end.row_top) - 9 + shift / 2
    return [out, (gap, leave), (gap, above), (other, above), (other, arrive), into]


def _column_left(box):
    """Left edge of the column that a box stands in, also where the box is indented in it."""
    return box.x + box.width - _COLUMN


def _narrow_route(start, end, index):
    lane = max(start.x + start.width, end.x + end.width) + 8 + 9 * (index % 6)
    leave, arrive = start.y + start.height * (0.3 + 0.1 * (index % 5)), end.y + end.height * (0.3 + 0.1 * (index % 5))
    return [(start.x + start.width, leave), (lane, leave), (lane, arrive), (end.x + end.width, arrive)]


def _tie(points, number):
    """A dashed line with its number in the middle of its longest stretch and a dot where it arrives."""
    stretches = list(zip(points, points[1:], strict=False))
    (x1, y1), (x2, y2) = max(stretches, key=lambda pair: abs(pair[0][0] - pair[1][0]) + abs(pair[0][1] - pair[1][1]))
    place = 0.3 + 0.1 * (number % 5)
    x, y = x1 + (x2 - x1) * place, y1 + (y2 - y1) * place
    dot = svg.element("circle", cx=float(points[-1][0]), cy=float(points[-1][1]), r=3.5, fill=_TIE)
    return _path(points, stroke=_TIE, stroke_width=1.5, stroke_dasharray="5 4") + dot + _badge(x, y, number)


def _badge(x, y, number):
    ring = svg.element("circle", cx=float(x), cy=float(y), r=8.5, fill="#ffffff", stroke=_TIE, stroke_width=1.5)
    return ring + svg.words([str(number)], float(x), y + 3.7, 10, text_anchor="middle", font_weight="bold", fill=_TIE)


def _key(forest, plan):
    """Say below the drawing what each numbered line is. Returns the markup and the height of the whole."""
    y, parts = plan.height + 26, []
    for number, tie in enumerate(forest.ties, 1):
        lines = svg.wrap(_tie_words(forest, tie), plan.width - 34, _SIZE)
        parts.append(_badge(11, y - 4, number) + svg.words(lines, 28, y, _SIZE))
        y += len(lines) * _SIZE * _LEADING + 8
    return "".join(parts), (y - 12 if parts else plan.height + 2)
