"""What every page of a partnership has around its content, and the File that a plan is made of."""
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.conf import settings

from masa.bundle import assets, render

WORRIED = {
    "children": "Worried about a child?", "adults": "Worried about an adult?", "both": "Worried about a child or an adult?",
}
INVENTED = "This is a sample: the partnership, people and events are invented."
RECONSTRUCTED = "Made from public documents, to show how MASA works. Not published or agreed by the bodies named here."
MOST_IN_MENU = 2


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


def context(site, path, title, *, lang="", crumbs=(), noindex=False, exit_page=False, banners=(), canonical=None, **more):
    """Return what a page of a partnership is rendered with.

    path: the page's address under the partnership. crumbs: (path, words) from the partnership's home down, without the page
    itself. canonical: the path that search engines should keep, when it is not this one.
    """
    address = site.base + path
    trail = [{"href": site.base + step, "text": words} for step, words in crumbs]
    return {
        "site": frame(site, address), "title": title, "base": site.base, "path": address, "lang": lang or "en-GB",
        "noindex": noindex or bool(site.sample), "exit_page": exit_page, "banners": [*banners, *sample_banner(site, banners)],
        "canonical": settings.SITE_URL + site.base + (path if canonical is None else canonical),
        "crumbs": [{"href": site.base, "text": "Home"}, *trail, {"text": title}] if path else [], **more,
    }


def frame(site, address):
    """Return the partnership's head, menu and foot. The menu marks the place of ``address``."""
    return {
        "name": site.name, "strapline": site.strapline, "accent": site.accent, "home": site.base, "nav": menu(site, address),
        "worried": {"text": WORRIED[site.audience], "href": f"{site.base}#contacts"}, "feed": f"{site.base}updates.atom",
        "footer": [
            {"href": f"{site.base}accessibility/", "text": "Accessibility"}, {"href": f"{site.base}privacy/", "text": "Privacy"},
            {"href": f"{site.base}updates/", "text": "Updates"},
        ],
    }


def menu(site, address):
    """Return the items of the menu: home, the publications that are the only ones of their kind, updates."""
    items = [("", "Home")]
    items += [(f"{p.slug}/", p.label) for p in site.publications if not p.is_one_of_many][:MOST_IN_MENU]
    items += [("updates/", "Updates")]
    return [{"href": site.base + path, "text": words, "current": place(site.base + path, address, path)} for path, words in items]


def place(href, address, path):
    """Say whether a menu item is the page itself ("page"), holds it ("part"), or neither."""
    if href == address:
        return "page"
    return "part" if path and address.startswith(href) else ""


def sample_banner(site, banners):
    """Return the banner of a sample, unless a banner of the page says already where it comes from."""
    if any(banner["kind"] == "reconstruction" for banner in banners):
        return []
    if site.sample == "invented":
        return [{"kind": "sample", "title": INVENTED}]
    if site.sample == "reconstruction":
        return [{"kind": "reconstruction", "text": RECONSTRUCTED}]
    return []
