"""Filters and tags for templates of every room: {% load ui %}."""
from django import template
from django.utils.safestring import mark_safe

from masa.ui import charts, decorate, diagrams, text

register = template.Library()


@register.filter
def entry(mapping, key):
    """Return ``mapping[key]``, also where the key has a dot or a hyphen in it; raises KeyError when there is none."""
    return mapping[key]


@register.filter
def money(value):
    """Print a Decimal (or its text) as pounds; None prints as "not stated"."""
    return "not stated" if value is None or value == "" else text.money(text.Decimal(str(value)))


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
