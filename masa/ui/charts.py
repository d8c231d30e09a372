"""Bar charts as SVG. A table with the same figures always stands beside a chart: it is the version that can be read aloud."""
from masa.ui import svg

WIDTH, BARS = 300, 180
_LABEL, _VALUE, _BAR_HEIGHT, _GAP = 13, 13, 16, 12
_FILL, _LINE = "#1d4f56", "#8a9499"


def bar_chart(rows, *, title, ident):
    """Return a chart of horizontal bars, one row a label, as SVG.

    rows: (label, Decimal or None, words for the value). None is drawn as words without a bar: not stated is not nought.
    Values below nought are drawn as words only, since a bar cannot show them beside the others.
    """
    largest = max((value for _, value, _ in rows if value is not None and value > 0), default=None)
    parts, y = [], 4.0
    for label, value, display in rows:
        drawn, y = _row(label, value, display, largest, y)
        parts.append(drawn)
    axis = svg.element("line", x1=0.5, y1=0, x2=0.5, y2=y - _GAP / 2, stroke=_LINE, stroke_width=1)
    described = "; ".join(f"{label}: {display}" for label, _, display in rows) or "No figures."
    return svg.picture(WIDTH, y, title, described, "".join(parts) + axis, class_="chart", ident=f"chart-{ident}")


def _row(label, value, display, largest, y):
    lines = svg.wrap(label, WIDTH - 10, _LABEL)
    drawn = svg.words(lines, 7, y + _LABEL, _LABEL)
    y += len(lines) * _LABEL * 1.25 + 5
    length = float(BARS * value / largest) if value is not None and largest and value > 0 else 0.0
    if value is not None and value >= 0:
        drawn += svg.element("rect", x=1, y=y, width=max(length, 1.5), height=_BAR_HEIGHT, fill=_FILL, class_="chart__bar")
    stated = value is not None
    drawn += svg.words(
        [display], length + 7, y + _BAR_HEIGHT - 3.5, _VALUE,
        font_weight="bold" if stated else None, font_style=None if stated else "italic",
    )  # fmt: skip
    return drawn, y + _BAR_HEIGHT + _GAP
