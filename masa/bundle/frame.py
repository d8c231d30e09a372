"""What every page of a partnership has around its content, and the File that a plan is made of."""
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.conf import settings

from masa.bundle import assets, render
from masa.bundle.shapes import ARRANGEMENTS

WORRIED = {
    "children": "Worried about a child?", "adults": "Worried about an adult?", "both": "Worried about a child or an adult?",
}
INVENTED = "This is a sample: the partnership, people and events are invented."
RECONSTRUCTED = "Made from public documents, to show how MASA works. Not published or agreed by the bodies named here."
OWN_PAGES = frozenset({"accessibility", "documents", "privacy", "updates"})  # of every partnership, whatever it has published
ARRANGEMENTS_WORDS = "Arrangements"  # what the menu calls them, whatever their title


@dataclass(frozen=True)
class File:
    """One file of a bundle. ``key`` changes whenever its bytes could; ``make`` returns the bytes. ``path`` is relative."""

    path: str
    key: str
    make: Callable[[], bytes]
    noindex: bool = False


def page_file(path, template, context):
    """Return the File of a page: its key is made of the release and of all that its template gets."""
    key = render.digest(render.release(), template, render.as_json(context))
    make = partial(render.page, template, context | {"asset": assets.shared()[0]})
    return File(path, key, make, bool(context.get("noindex")))


def data_file(path, make, *inputs, noindex=False):
    """Return the File of data: its key is made of the release and of the words in ``inputs``."""
    return File(path, render.digest(render.release(), path, *inputs), make, noindex)


def context(site, path, title, *, lang="", crumbs=(), crumb="", noindex=False, exit_page=False, banners=(), canonical=None, **more):
    """Return what a page of a partnership is rendered with.

    path: the page's address under the partnership. crumbs: (path, words) from the partnership's home down, without the page
    itself. crumb: what the last step calls the page, where its title is long. canonical: the path that search engines should keep, when it is not this one.
    """
    address = site.base + path
    trail = [{"href": site.base + step, "text": words} for step, words in crumbs]
    return {
        "site": frame(site, address), "title": title, "base": site.base, "path": address, "lang": lang or "en-GB",
        "noindex": noindex or bool(site.sample), "exit_page": exit_page, "banners": [*banners, *sample_banner(site, banners)],
        "canonical": settings.SITE_URL + site.base + (path if canonical is None else canonical),
        "crumbs": [{"href": site.base, "text": "Home"}, *trail, {"text": crumb or title}] if path else [], **more,
    }


def frame(site, address):
    """Return the partnership's head, menu, search and foot, the same on every page. The menu marks the place of ``address``."""
    return {
        "name": site.name, "strapline": site.strapline, "accent": site.accent, "home": site.base, "nav": menu(site, address),
        "worried": {"text": WORRIED[site.audience], "href": f"{site.base}#contacts"}, "feed": f"{site.base}updates.atom",
        "search": f"{site.base}search/",
        "footer": [
            {"href": f"{site.base}accessibility/", "text": "Accessibility"}, {"href": f"{site.base}privacy/", "text": "Privacy"},
            {"href": f"{site.base}updates/", "text": "Updates"}, {"href": f"{site.base}updates.atom", "text": "Updates as a feed (Atom)"},
            {"href": "/verify/", "text": "Check a document"},
        ],
    }


def menu(site, address):
    """Return the items of the menu: home, the arrangements, everything else that is published, what blocks list, updates."""
    main, *others = arranged(site)
    items = [("", "Home", [])]
    items += [(f"{main.slug}/", ARRANGEMENTS_WORDS if main.kind == ARRANGEMENTS else main.label, [])] if main else []
    items += [("documents/", "Other documents", [f"{p.slug}/" for p in others])]
    items += [(path, words, []) for path, words in site.shelves]
    items += [("updates/", "Updates", [])]
    return [
        {"href": site.base + path, "text": words, "current": place(site.base + path, address, path, [site.base + part for part in parts])}
        for path, words, parts in items
    ]


def arranged(site):
    """Return the publication that the menu names, or None, and then the others."""
    return [site.main, *(p for p in site.publications if p is not site.main)]


def main_link(site):
    """Return where the publication that the menu names stands, or None."""
    return site.main and {"href": f"{site.base}{site.main.slug}/", "text": site.main.title}


def shelf_words(path):
    """Return what the menu calls a list of pages that blocks made: the first word of their addresses."""
    return path.strip("/").replace("-", " ").capitalize()


def place(href, address, path, parts=()):
    """Say whether a menu item is the page itself ("page"), holds it ("part"), or neither. parts: other addresses that it holds."""
    if href == address:
        return "page"
    return "part" if path and address.startswith((href, *parts)) else ""


def sample_banner(site, banners):
    """Return the banner of a sample, unless a banner of the page says already where it comes from."""
    if any(banner["kind"] == "reconstruction" for banner in banners):
        return []
    if site.sample == "invented":
        return [{"kind": "sample", "title": INVENTED}]
    if site.sample == "reconstruction":
        return [{"kind": "reconstruction", "text": RECONSTRUCTED}]
    return []
