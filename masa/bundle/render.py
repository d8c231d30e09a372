"""How pages are made from plain data: templates, prose, blocks, and the release that all of them depend on."""
import hashlib
import inspect
import json
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path

import django
from django.conf import settings
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import mark_safe

from masa import ui
from masa.bundle import assets
from masa.publishing import blocks
from masa.ui.decorate import decorate
from masa.ui.markup_scan import ProseRefused
from masa.ui.prose import clean


def as_json(value):
    """Return plain data as JSON that is the same in every process: what keys are made of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _plain(value):
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not plain data")


def digest(*words):
    """Return the SHA-256 of words, as hexadecimal figures."""
    return hashlib.sha256("\0".join(words).encode()).hexdigest()


@cache
def release():
    """Return the digest of everything besides data that a page is made from: our code, templates, blocks, assets, versions.

    Code is hashed rather than numbered, so that no change can be forgotten; a new release renders every page anew.
    """
    whole = hashlib.sha256(f"{django.__version__} {settings.LANGUAGE_CODE} {settings.SITE_URL}".encode())
    for path in sorted(_sources()):
        whole.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    whole.update(as_json(assets.shared()[0]).encode())
    return whole.hexdigest()


def _sources():
    """Return the files that shape pages: this room, masa/ui, all templates, and the folders of registered blocks."""
    code = {Path(__file__).parent, Path(ui.__file__).parent}
    code |= {Path(inspect.getfile(type(block))).parent for block in blocks.every()}
    found = {path for folder in code for path in folder.rglob("*.py")}
    for folder in settings.TEMPLATES[0]["DIRS"]:
        found |= set(Path(folder).rglob("*.html"))
    return found | set(Path(__file__).parent.glob("*.css"))


def page(template, context):
    """Return a page as bytes. Without a request: no person, no cookie, nothing but ``context``."""
    return get_template(template).render(context).encode()


# Prose and blocks: the same text stands on several pages, so each is made once ----------------------------------------


@lru_cache(maxsize=2048)
def prose(html):
    """Return stored prose as printed, cleaned once more on its way out (IN-01).

    Prose that the cleaner would refuse today, having let it in before, is printed as plain words.
    """
    try:
        return mark_safe(decorate(clean(html).html))  # noqa: S308: just cleaned
    except ProseRefused:
        return mark_safe(f'<p class="govuk-body">{escape(html)}</p>')  # noqa: S308: escaped


def block(data, *, ident, base, where, holders, holders_on):
    """Return the HTML of one block of a section, made from its data and the schema that wrote it."""
    words = as_json([data["data"], holders, holders_on])
    return _block(data["key"], data["schema"], words, ident, base, where)


@lru_cache(maxsize=1024)
def _block(key, schema, words, ident, base, where):
    data, holders, on = json.loads(words)
    context = {
        "data": data, "schema": schema, "base": base, "where": where, "ident": ident, "holders": holders,
        "holders_on": on and date.fromisoformat(on),
    }
    return fragment(blocks.get(key).template(schema), context)


def fragment(template, context):
    """Return part of a page: the template escapes what it is given."""
    return mark_safe(get_template(template).render(context))  # noqa: S308: escaped by the template


def named_holders(data, holders):
    """Return those of ``holders`` whose post is named in ``data``, so that a page depends on no others."""
    return {word: holders[word] for word in strings(data) if word in holders}


def strings(value):
    """Yield every string in plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
