"""What the pages made on demand share: head and foot of the baked pages, no person, no cookie, and a limit."""
from functools import wraps

from django.http import Http404, HttpResponse

from masa.bundle import assets, frame, render, site, store
from masa.bundle.live.limits import MINUTE, is_too_often
from masa.bundle.shapes import ARRANGEMENTS, PublicationData, SiteData
from masa.partnerships import scope
from masa.partnerships.models import Partnership
from masa.publishing import kinds
from masa.publishing.models import Publication
from masa.publishing.states import PUBLIC


def limited(view):
    """Answer 429 with a sentence to whoever asks too often. A view of a partnership's page has its slug as ``partnership``."""

    @wraps(view)
    def guarded(request, partnership="", **words):
        if is_too_often(request, partnership):
            return too_often()
        return view(request, partnership, **words) if partnership else view(request, **words)

    return guarded


def too_often():
    """Return the page for whoever asks too often."""
    answer = page("live/too_often.html", site.context("search/", "Too many requests", noindex=True), status=429)
    answer["Retry-After"] = str(MINUTE)
    return answer


def page(template, context, status=200):
    """Return a page in the frame of the baked ones. It gets no request, so that it can hold nobody's name and set no cookie."""
    return HttpResponse(render.page(template, context | {"asset": assets.shared()[0]}), status=status)


def public_partnership(slug):
    """Return the partnership with this slug, or raise Http404."""
    with scope.every_partnership(why="a public address names its partnership"):
        found = Partnership.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def site_of(partnership):
    """Return what the frame of a partnership's pages is made of: its face and its public publications, without their texts.

    Call with the partnership in scope.
    """
    rows = Publication.objects.filter(partnership=partnership, editions__state__in=PUBLIC).distinct()
    publications = [PublicationData(p.slug, p.title, p.kind, kinds.get(p.kind).label, kinds.get(p.kind).may_be_at_risk, ()) for p in rows]
    publications.sort(key=lambda p: (p.kind != ARRANGEMENTS, p.slug))
    return SiteData(
        slug=partnership.slug, name=partnership.name, short_name=partnership.short_name, strapline=partnership.strapline,
        accent=partnership.accent, audience=partnership.audience, sample=partnership.sample, areas=[], footprints=[], host="",
        privacy_note=partnership.privacy_note, accessibility_note=partnership.accessibility_note, controllers=[], routes=[],
        holders_on=None, holders={}, publications=tuple(publications), updates=(), redirects=[], gone=[], guidance={}, removals=0,
        overdue=frozenset(), shelves=shelves_of(partnership.slug, {p.slug for p in publications}),
    )


def shelves_of(slug, publications):
    """Return the lists of pages that blocks made, for the menu: the folders of the bundle that are nothing else."""
    there = (store.folder(slug) / store.CURRENT).glob("*/index.html")
    paths = sorted(f"{file.parent.name}/" for file in there if file.parent.name not in publications | frame.OWN_PAGES)
    return tuple((path, frame.shelf_words(path)) for path in paths)


def context(partnership, path, title, **more):
    """Return what a page of a partnership is rendered with; search engines are asked to leave it alone."""
    return frame.context(site_of(partnership), path, title, **{"noindex": True, **more})
