"""The page that compares two published editions of a publication."""
from django.http import Http404
from django.views.decorators.http import require_safe

from masa.bundle import editions, gather
from masa.bundle.live.pages import context, limited, page, public_partnership
from masa.bundle.redline import redline
from masa.guidance.models import GuidanceEdition
from masa.partnerships import scope
from masa.publishing.models import Edition
from masa.ui.text import date_words

STATES = {"published": "In force", "superseded": "Superseded", "withdrawn": "Withdrawn"}


@require_safe
@limited
def compare(request, partnership, publication, a, b):
    """Show what changed between two public editions, the earlier first whichever way they are named."""
    row = public_partnership(partnership)
    with scope.of(row):
        rows = public_editions(row, publication)
        before, after = (rows.get(number) for number in sorted((a, b)))
        if before is None or after is None:
            raise Http404
        shown = shown_context(row, rows, before, after, is_whole=request.GET.get("show") == "all", is_turned=a > b)
    return page("live/compare.html", shown)


def public_editions(partnership, publication):
    """Return ``{number: edition}`` of a publication's public editions."""
    rows = Edition.objects.public().filter(publication__partnership=partnership, publication__slug=publication)
    return {edition.number: edition for edition in rows.select_related("publication", "signed_text", "record").order_by("number")}


def shown_context(partnership, rows, before, after, *, is_whole, is_turned):
    """Return what the page is rendered with."""
    parts = gather.parts_of([before, after])
    old, new = (gather.edition_data(edition, parts[edition.signed_text_id]) for edition in (before, after))
    publication = after.publication
    home = f"/{partnership.slug}/{publication.slug}/"
    found = redline(old, new, dict(GuidanceEdition.objects.values_list("key", "short_title")))
    sections = [{"change": section, "href": section_href(home, section, new), "removed_on": removed_on(section)} for section in found.sections]
    return context(
        partnership, f"{publication.slug}/compare/{old.number}/{new.number}/", f"What changed from edition {old.number} to edition {new.number}",
        crumbs=[(f"{publication.slug}/", publication.title), (f"{publication.slug}/editions/", "All editions")], heading=publication.title,
        banners=editions.reconstruction_banner(new) or editions.reconstruction_banner(old), exit_page=publication.sort.may_be_at_risk,
        lang=editions.language(new), before=old, after=new,
        editions_shown=[edition_view(home, old, "Earlier"), edition_view(home, new, "Later")], redline=found, sections=sections,
        is_whole=is_whole, is_turned=is_turned, others=others(home, list(rows), old.number, new.number),
    )


def edition_view(home, edition, name):
    """Return one of the two editions as the head of the page names it."""
    return {
        "name": name,
        "number": edition.number, "title": edition.title, "href": f"{home}editions/{edition.number}/", "state": edition.state,
        "label": STATES[edition.state], "when": editions.when(edition), "is_reconstruction": edition.origin == "reconstruction",
    }


def section_href(home, section, edition):
    """Return where the section stands in the later edition; nothing where it does not."""
    if section.kind in {"removed", "stub"}:
        return ""
    start = home if edition.state == "published" else f"{home}editions/{edition.number}/"
    return f"{start}{editions.own_name(section.anchor)}/"


def removed_on(section):
    """Return when a part was removed, in words."""
    return date_words(section.removal.on) if section.removal else ""


def others(home, numbers, old, new):
    """Return the other comparisons of editions that follow each other."""
    pairs = [(a, b) for a, b in zip(numbers, numbers[1:], strict=False) if (a, b) != (old, new)]
    return [{"href": f"{home}compare/{a}/{b}/", "text": f"Edition {a} with edition {b}"} for a, b in pairs]
