"""The search pages: of one partnership and of the whole installation."""
from urllib.parse import urlencode

from django.views.decorators.http import require_safe

from masa.bundle import searching, site
from masa.bundle.live.pages import context, limited, page, public_partnership
from masa.partnerships import scope

NEAR = 3  # pages listed on either side of the one shown
TITLE = "Search"


@require_safe
@limited
def within(request, partnership):
    """Search in what one partnership has published."""
    row = public_partnership(partnership)
    with scope.of(row):
        found = answer(request, row)
        shown = context(row, "search/", title(found), **found, action=f"/{row.slug}/search/", contacts=f"/{row.slug}/#contacts", contents=f"/{row.slug}/")
    return page("live/search.html", shown, 400 if found["refused"] else 200)


@require_safe
@limited
def everywhere(request):
    """Search in what all partnerships here have published."""
    with scope.every_partnership(why="the search of the installation reads what every partnership published"):
        found = answer(request, None)
    shown = site.context("search/", title(found), noindex=True, **found, action="/search/", contacts="", contents="/")
    return page("live/search.html", shown, 400 if found["refused"] else 200)


def title(found):
    """Return the title of the page; a page of results says what for and which page."""
    if found["results"] is None:
        return TITLE
    return f"Search: {found['query']}" + (f", page {found['results'].page}" if found["results"].page > 1 else "")


def answer(request, partnership):
    """Return what was asked and what was found, for the template."""
    query, with_older = request.GET.get("q", "").strip(), request.GET.get("editions") == "all"
    found = {"query": query, "with_older": with_older, "results": None, "refused": "", "pagination": None}
    if not query:
        return found
    try:
        words = searching.words_of(query)
    except searching.SearchRefused as error:
        return {**found, "query": "", "refused": str(error), "errors": [{"href": "#search", "text": str(error)}]}
    results = searching.search(words, partnership=partnership, with_older=with_older, page=page_number(request.GET.get("page", "1")))
    return {**found, "results": results, "pagination": pagination(results, query, with_older)}


def page_number(text):
    """Return the number of a page of results; anything else counts as the first."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 1


def pagination(results, query, with_older):
    """Return the pages near this one with their addresses, or None where there is one page only."""
    if results.last == 1:
        return None

    def href(number):
        return "?" + urlencode({"q": query, **({"editions": "all"} if with_older else {}), "page": number})

    near = range(max(1, results.page - NEAR), min(results.last, results.page + NEAR) + 1)
    return {
        "previous": href(results.page - 1) if results.page > 1 else "", "next": href(results.page + 1) if results.page < results.last else "",
        "pages": [{"number": n, "href": href(n), "current": n == results.page} for n in near],
    }
