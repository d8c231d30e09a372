"""What charts and diagrams share: how wide words are, where they wrap, how they are written down.

Pictures carry presentation attributes and classes only: the content security policy forbids styles inside a page.
"""
from html import escape

_NARROW, _WIDE = frozenset("fijlrt.,:;'|!()[] "), frozenset("mwMW@%—")


def width_of(text, size):
    """Estimate the width of ``text`` at a font size, on the generous side (the sans font of the PDF is wide)."""
    return size * sum(0.36 if c in _NARROW else 0.95 if c in _WIDE else 0.74 if c.isupper() else 0.62 for c in text)


def wrap(text, width, size):
    """Break ``text`` into lines no wider than ``width``; a word wider than a line is broken inside."""
    lines, line = [], ""
    for word in text.split():
        while width_of(word, size) > width:
            fits = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or width_of(word[:n] + "-", size) <= width)
            lines += [line] if line else []
            lines.append(word[:fits] + "-")
            line, word = "", word[fits:]
        longer = f"{line} {word}" if line else word
        if width_of(longer, size) <= width:
            line = longer
        else:
            lines.append(line)
            line = word
    return [*lines, line] if line else lines or [""]


def element(tag, content="", **attrs):
    """Return one element; ``content`` is markup, attribute names use _ for -, a trailing _ is dropped."""
    written = "".join(f' {name.rstrip("_").replace("_", "-")}="{escape(number(value))}"' for name, value in attrs.items() if value is not None)
    return f"<{tag}{written}>{content}</{tag}>"


def number(value):
    """Write a number without needless decimals, so that the same drawing has the same bytes."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def words(lines, x, y, size, *, leading=1.25, **attrs):
    """Return lines of text, the first with its baseline at ``y``."""
    return "".join(
        element("text", escape(line, quote=False), x=x, y=float(y + index * size * leading), font_size=size, **attrs)
        for index, line in enumerate(lines)
    )


def picture(width, height, title, description, content, *, class_, ident):
    """Return an SVG that scales with its box: its title is the first child, which is what a PDF takes as alternative text."""
    return element(
        "svg",
        element("title", escape(title, quote=False), id=f"{ident}-title")
        + element("desc", escape(description, quote=False), id=f"{ident}-desc")
        + content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(float(width))} {number(float(height))}",
        role="img",
        aria_labelledby=f"{ident}-title",
        aria_describedby=f"{ident}-desc",
        class_=class_,
        font_family="Arial, DejaVu Sans, sans-serif",
        fill="#0b0c0c",
    )
