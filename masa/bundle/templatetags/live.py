"""Tags for the pages made on demand: {% load live %}."""
from django import template
from django.utils.html import escape
from django.utils.safestring import mark_safe

from masa.bundle.redline import ADDED, REMOVED

register = template.Library()
_TAGS = {ADDED: "ins", REMOVED: "del"}


@register.filter
def redlined(pieces):
    """Print kept, added and removed words. Words that replace others stand apart from them by a space."""
    parts, before = [], ""
    for piece in pieces:
        tag = _TAGS.get(piece.kind)
        gap = " " if piece.kind == ADDED and before == REMOVED and not parts[-1].endswith(" </del>") else ""
        parts.append(f"{gap}<{tag}>{escape(piece.text)}</{tag}>" if tag else escape(piece.text))
        before = piece.kind
    return mark_safe("".join(parts))  # noqa: S308: escaped piece by piece


@register.filter
def old_new(pieces):
    """Print the field of a record: the old words, an arrow and the new ones where all of them were replaced, else word by word."""
    parts = [redlined([piece]) for piece in pieces]
    is_replaced = [piece.kind for piece in pieces] == [REMOVED, ADDED]
    return mark_safe(" → ".join(parts)) if is_replaced else redlined(pieces)  # noqa: S308: escaped by redlined


@register.filter
def words_now(pieces):
    """Print the later words alone: for the names of links."""
    return "".join(piece.text for piece in pieces if piece.kind != REMOVED)
