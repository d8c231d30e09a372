"""Filters and tags for templates of every room: {% load ui %}."""
from decimal import InvalidOperation

from django import template
from django.utils.safestring import mark_safe

from masa.ui import charts, decorate, diagrams, text

register = template.Library()


@register.filter
def entry(mapping, key):
    """Return ``mapping[key]``, also where the key has a dot or a hyphen in it; raises KeyError when there is none."""
    return mapping[key]


_TONES = {
    "quiet": ("draft", "superseded", "archived", "ended", "not_applicable", "paused"),
    "waiting": ("awaiting_sign_off", "due", "partly", "pending", "proposed", "provisional"),
    "good": ("published", "approved", "met", "answered", "agree", "active", "current"),
    "moving": ("consultation", "scheduled", "met_late", "conditions", "shadow"),
    "stopped": ("withdrawn", "overdue", "not_yet", "unanswered", "decline", "failed", "removed"),
}


@register.filter
def tone(state):
    """Return the colour group of a state: quiet, waiting, good, moving or stopped; an unknown state is quiet."""
    return next((name for name, states in _TONES.items() if state == name or state in states), "quiet")


@register.filter
def beside(cells, columns):
    """Pair each cell of a row with its column, as dictionaries with text, title and what else either holds.

    cells: words, numbers, None, or dictionaries with text. columns: titles or dictionaries with text. Raises ValueError when
    there are not as many cells as columns: a table with a gap would print figures under the wrong head.
    """
    return [
        {**(column if isinstance(column, dict) else {}), "text": cell, **(cell if isinstance(cell, dict) else {}),
         "title": column["text"] if isinstance(column, dict) else column}
        for cell, column in zip(cells, columns, strict=True)
    ]  # fmt: skip


@register.filter
def tel(number):
    """Return the figures of a telephone number, with a leading + where there is one, for a tel: address."""
    number = str(number).strip()
    return ("+" if number.startswith("+") else "") + "".join(figure for figure in number if figure in "0123456789")


@register.filter
def groups_of_eight(value):
    """Split a digest for reading aloud and comparing by eye."""
    return [value[start:start + 8] for start in range(0, len(value), 8)]


@register.filter
def money(value):
    """Print a Decimal (or its text) as pounds; None prints as "not stated"; other words print as they are."""
    if value is None or value == "":
        return "not stated"
    try:
        return text.money(text.Decimal(str(value)))
    except InvalidOperation:
        return value


@register.filter
def date_words(value):
    """Print a date (or its ISO text) as "22 November 2026"; None prints as nothing."""
    if not value:
        return ""
    return text.date_words(text.date.fromisoformat(value) if isinstance(value, str) else value)


@register.filter
def prose(html):
    """Print clean prose: words that mark the audience, notes with their titles, tables that fit a phone."""
    return mark_safe(decorate.decorate(html or ""))  # noqa: S308: cleaned when it was stored


@register.simple_tag
def bar_chart(rows, title, ident):
    """Draw ``charts.bar_chart``."""
    return mark_safe(charts.bar_chart(rows, title=title, ident=ident))  # noqa: S308: the chart escapes its words


@register.simple_tag
def structure(nodes, edges, title, ident="structure"):
    """Draw ``diagrams.structure``."""
    return mark_safe(diagrams.structure(nodes, edges, title=title, ident=ident))  # noqa: S308: the diagram escapes its words
