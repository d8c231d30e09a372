"""Tags for the public pages: {% load bundle %}."""
from django import template

from masa.bundle import render

register = template.Library()


@register.filter
def cleaned(html):
    """Print stored prose, cleaned once more on its way out."""
    return render.prose(html or "")


@register.simple_tag
def block_html(data, section, base, where):
    """Print one block of a section. section: as ``editions.section_view`` gives it."""
    return render.block(
        data, ident=data["ident"], base=base, where=where, holders=section["holders"], holders_on=section["holders_on"]
    )


@register.simple_tag
def inner_html(name, context):
    """Print what a block says on a page of its own."""
    return render.fragment(name, context)


@register.filter
def file_size(size):
    """Print a number of bytes as people say it: "240 KB", "1.4 MB"."""
    if size < 1000:
        return f"{size} bytes"
    return f"{round(size / 1000):,} KB" if size < 999_500 else f"{size / 1_000_000:.1f} MB"


@register.filter
def listed(names):
    """Print names as a list in a sentence: "Bolton, Bury and Leeds"."""
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last


@register.filter
def paragraphs(words):
    """Split plain text where it has empty lines."""
    return [part.strip() for part in words.replace("\r\n", "\n").split("\n\n") if part.strip()]


@register.filter
def lower_first(words):
    """Print words with a small first letter, to stand inside a sentence."""
    return words[:1].lower() + words[1:]
