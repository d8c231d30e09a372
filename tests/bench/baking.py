"""What a bake costs, and that it makes no more than it must.

Aims: of everything that Manchester's pages and PDFs take from nothing, at most 20% is spent outside WeasyPrint's ``render`` and
``write_pdf``; after a change to one publication only its own files and the pages that list it are made anew.
"""
import re
import shutil
import time
from pathlib import Path

from tests.bench._installation import environment, fill, finish, median, row, scratch, set_up, verdict

SLUG, ROUNDS = "manchester", 3
CHANGED_SLUG = "northside"
LISTS = r"index\.html|documents/index\.html|updates/index\.html|updates\.atom|sitemap\.xml"  # the pages that list publications and what changed

WORKER = """
import os, time
import weasyprint
from weasyprint.document import Document

spent = 0

def timed(function):
    def inner(*words, **options):
        global spent
        start = time.perf_counter()
        try:
            return function(*words, **options)
        finally:
            spent += time.perf_counter() - start
    return inner

weasyprint.HTML.render = timed(weasyprint.HTML.render)
Document.write_pdf = timed(Document.write_pdf)
def leave(status, leave=os._exit):
    with open({report!r}, "a") as report:
        report.write(f"{{spent}}\\n")
    leave(status)

os._exit = leave  # the worker's last call
source = {source!r}
exec(compile(open(source).read(), source, "exec"), {{"__name__": "__main__", "__file__": source}})
"""


def main():
    with scratch() as folder:
        env = environment(folder)
        fill(env, SLUG, CHANGED_SLUG)
        set_up(env)
        met = [measure_share(folder), measure_change()]
    finish(*met)


def measure_share(folder):
    """Make every PDF and every page of one partnership from nothing, with WeasyPrint's own time taken inside its process."""
    from masa.bundle import pdf

    report = folder / "report"
    timed = folder / "timed_worker.py"
    timed.write_text(WORKER.format(source=str(pdf._WORKER), report=str(report)))
    pdf._WORKER = timed
    rows = []
    for number in range(ROUNDS):
        report.unlink(missing_ok=True)
        pdfs, count, pages, files = from_nothing(folder)
        inside = sum(map(float, report.read_text().split()))
        rows.append((pdfs + pages - inside) / (pdfs + pages))
        row(f"round {number + 1}:", f"{count} PDFs {pdfs:.2f} s, of which WeasyPrint {inside:.2f} s;", f"{files} files {pages:.2f} s;", f"outside {rows[-1]:.0%}")
    share = median(rows)
    return verdict("share of time outside WeasyPrint", f"{share:.0%}", "20% or less", share <= 0.2)


def from_nothing(folder):
    """Return seconds for the PDFs, how many, seconds for the bake, and how many files."""
    from django.utils import timezone

    from masa.bundle import bake, pdf, render
    from masa.partnerships import scope
    from masa.partnerships.models import Partnership
    from masa.publishing.models import Edition
    from masa.publishing.services import sign_off_facts

    render.prose.cache_clear()
    render._block.cache_clear()
    shutil.rmtree(folder / "bundles" / SLUG)
    now = timezone.now()
    with scope.every_partnership(why="a measurement"):
        partnership = Partnership.objects.get(slug=SLUG)
        editions = list(Edition.objects.public().filter(publication__partnership=partnership).select_related("signed_text", "publication__partnership"))
        start = time.perf_counter()
        for edition in editions:
            pdf.make_pdf(edition, sign_off_facts(edition), edition.published_at)
        middle = time.perf_counter()
        done = bake.bake(partnership.pk, now=now)
    return middle - start, len(editions), time.perf_counter() - middle, done.rendered


def measure_change():
    """Withdraw one publication's edition and see which files the bake makes and which it links."""
    from django.utils import timezone

    from masa.accounts.models import RoleGrant
    from masa.bundle import store
    from masa.partnerships import scope
    from masa.publishing import services
    from masa.publishing.models import Edition

    with scope.every_partnership(why="a measurement"):
        editions = Edition.objects.filter(publication__partnership__slug=CHANGED_SLUG, state="published").order_by("publication__slug")
        editions = editions.select_related("publication", "explains__publication")
        edition = next(each for each in editions if each.publication.kind != "arrangements")
        publisher = RoleGrant.objects.filter(partnership__slug=CHANGED_SLUG, role="publisher").first().user
        home = store.folder(CHANGED_SLUG)
        before, _, _ = store.listed(home, store.current_number(home))
        start = time.perf_counter()
        services.withdraw(edition_id=edition.pk, by=publisher, now=timezone.now(), reason="It is measured what this changes.")
        took = time.perf_counter() - start
    after, _, _ = store.listed(home, store.current_number(home))
    made = sorted(path for path in after if not is_linked(home, path, before))
    named = edition.explains
    explained = rf"{named.publication.slug}/(?:editions/\d+/)?index\.html" if named else "(?!)"  # its contents name what explains it
    meant = re.compile(rf"{edition.publication.slug}/.*|{LISTS}|{explained}")
    row(f"{edition.publication.title} withdrawn in {took:.2f} s: {len(made)} files made, {len(after) - len(made)} linked")
    for path in made:
        row(" ", path)
    stray = [path for path in made if not meant.fullmatch(path)]
    return verdict("files made that neither belong to the publication nor list it", len(stray), "none", made and not stray)


def is_linked(home, path, before):
    """Say whether a file is the very file of the bundle before."""
    number = int(Path(home / "current").readlink().name)
    old = home / str(number - 1) / path
    return path in before and old.exists() and old.samefile(home / str(number) / path)


if __name__ == "__main__":
    main()
