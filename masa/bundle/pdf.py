"""The tagged PDF of an edition: the same sections and blocks as the pages, bound with a cover, contents and numbers.

WeasyPrint runs in a process of its own, bounded in time and memory, which gets finished markup and no address to fetch. The process
is kept for the next PDF while they come one after another, since starting it costs as much as making a short one.
"""
import atexit
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from masa.bundle import assets, editions, gather, render
from masa.bundle.datafiles import day
from masa.bundle.pdf_paper import for_paper, told_once
from masa.bundle.shapes import EditionData
from masa.partnerships.models import Appointment
from masa.publishing.compose import compose
from masa.ui.text import date_words

SECONDS = 120
MEMORY_BYTES = 1536 * 1024 * 1024
WARM_SECONDS = 15  # well below the time after which a worker ends itself
_WORKER = Path(__file__).with_name("pdf_worker.py")
_PALETTE = re.compile(r"^\.accent-.*$", re.M)
_OURS = ("MASA_", "DATABASE_URL", "DJANGO_", "GRANIAN_")


class PdfFailed(Exception):
    """The PDF could not be made. The sentence says why."""


class Pdf(bytes):
    """The bytes of a PDF, and how many ``pages`` it has."""

    pages = 0


def make_pdf(edition, sign_offs, published_at):
    """Return the Pdf of a frozen edition. Raises PdfFailed.

    edition: with its signed text. sign_offs: as services.sign_off_facts gives them. published_at: the instant it goes live.
    """
    parts = gather.parts_of([edition])[edition.signed_text_id]
    data = gather.edition_facts(
        edition, parts, manifest_text=edition.signed_text.manifest, digest=edition.digest, record={"sign_offs": sign_offs},
        published_on=timezone.localdate(published_at),
    )
    return rendered(markup(edition.publication, data), data.digest)


def make_draft_pdf(edition):
    """Return the Pdf of an edition as it stands, marked as a draft on every page. Raises PdfFailed."""
    content = compose(edition)
    parts = tuple(gather.PartData(p.id, p.kind, p.digest, p.text, json.loads(p.text)) for p in content.parts)
    data = gather.edition_facts(edition, parts, manifest_text=content.manifest, digest="", record={}, published_on=None)
    return rendered(markup(edition.publication, data, draft=True), content.digest)


def markup(publication, edition, draft=False):
    """Return the whole document as HTML, complete in itself but for the style sheet."""
    partnership, kind = publication.partnership, publication.sort
    base = f"{settings.SITE_URL}/{partnership.slug}/"
    address = f"{base}{publication.slug}/editions/{edition.number}/"
    holders = held_on(edition)
    return for_paper(render.page("bundle/pdf.html", {
        "partnership": partnership, "publication": publication, "kind": kind.label, "edition": edition, "title": editions.printed_title(edition), "base": base, "draft": draft,
        "lang": editions.language(edition), "address": address, "contacts": f"{base}#contacts", "rows": control_rows(edition, address, draft),
        "agreed": [agreed_words(row) for row in editions.agreements(edition)], "nobody": nobody(edition, draft), "seats": editions.seat_views(edition, holders), "holders_on": edition.as_on,
        "sections": told_once(editions.section_views(edition, address, holders, edition.as_on)), "about": edition.about,
        "reconstruction": edition.origin == "reconstruction" and editions.reconstruction_banner(edition)[0], "sample": partnership.sample,
        "stamp": stamp(edition, partnership, draft), "foot": foot(edition, draft),
    }).decode())


def held_on(edition):
    """Return who held the posts that the edition names on its own date."""
    slugs = {word for part in edition.parts for word in gather.post_words(part.body)}
    rows = Appointment.objects.filter(post__slug__in=slugs).select_related("post").order_by("post__slug", "starts_on", "pk")
    return {a.post.slug: {"name": a.holder, "standing": a.standing} for a in rows if a.holds_on(edition.as_on)}


def control_rows(edition: EditionData, address, draft):
    """Return the rows of the document control on the cover."""
    review = edition.about.get("review", {})
    reconstructed = edition.origin == "reconstruction"
    status = "Draft, not agreed" if draft else "Reconstruction of a public document" if reconstructed else "Agreed and published"
    rows = [
        ("Status", status), ("Edition", editions.numbered(edition)), ("About", editions.ABOUT[edition.about.get("audience", "both")]),
        ("As on", date_words(edition.as_on)),
        ("Published", "" if reconstructed or not edition.published_on else date_words(edition.published_on)),
        ("In force from", edition.in_force_from and date_words(edition.in_force_from)), ("Ends", edition.ends_on and date_words(edition.ends_on)),
        ("Review due", review.get("on") and date_words(day(review["on"]))), ("How it is reviewed", review.get("words")),
        ("Agreed by", format_html_join(mark_safe("<br>"), "{}", [[agreed_words(row)] for row in editions.agreements(edition)]) or nobody(edition, draft)),
        ("Read it at", "" if draft else format_html('<a href="{0}">{0}</a>', address)),
        ("Digest of this text" if reconstructed else "Digest of the text that was agreed", edition.digest and digest_words(edition.digest)),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def agreed_words(row):
    """Return one agreement in words: who, when, how, and on what conditions. row: as editions.agreements gives it."""
    how = ", at a meeting or by letter, recorded and confirmed by a second person" if row["recorded"] else ""
    conditions = format_html("<br>Conditions: {}", row["conditions"]) if row["conditions"] else ""
    return format_html("<strong>{}</strong> agreed{} on {}{}{}", row["who"], " with conditions" if conditions else "", date_words(row["on"]), how, conditions)


def nobody(edition, draft):
    """Say why nobody is named who agreed."""
    if draft:
        return "Nobody yet: this is a draft."
    if edition.origin == "reconstruction":
        return "Nobody. This is a reconstruction of a public document; the bodies named in it have not agreed to it here."
    return "No agreement is recorded."


def digest_words(digest):
    """Return the digest as the cover prints it, with the name of the method."""
    return format_html("{} (SHA-256)", render.fragment("components/digest.html", {"value": digest}))


def stamp(edition, partnership, draft):
    """Return what stands at the top of every page of a document that could be mistaken for an agreed one, or nothing."""
    if draft:
        return "Draft. Not agreed."
    if edition.origin == "reconstruction":
        return "Reconstruction. Not published or agreed by the bodies named here."
    return "Sample. The partnership, people and events are invented." if partnership.sample else ""


def foot(edition, draft):
    """Return what stands at the foot of every page: the edition and the beginning of its digest."""
    return f"Edition {edition.number}, draft" if draft else f"Edition {edition.number}, digest {edition.digest[:16]}"


# The process that makes it -------------------------------------------------------------------------------------------


@cache
def style_sheet():
    """Return the style sheet: our own, with the accents of the site."""
    palette = "\n".join(_PALETTE.findall(assets.read("site.css").decode()))
    return palette + Path(__file__).with_name("pdf.css").read_text("utf-8")


def rendered(html, digest, *, seconds=SECONDS, memory=MEMORY_BYTES):
    """Return the Pdf of finished markup, made in a child process. digest: 64 hexadecimal figures, its fixed identity."""
    asked = {"html": html, "identifier": digest, "memory": memory, "base": f"{settings.SITE_URL}/"}
    worker = waiting_worker() or Worker()
    try:
        pages, data = worker.ask(asked, seconds)
    except BaseException:
        worker.end()
        raise
    _waiting.append(worker)
    if not data.startswith(b"%PDF-") or not data.rstrip().endswith(b"%%EOF"):
        raise PdfFailed(f"The PDF could not be made: {last_line(data)}")
    made = Pdf(data)
    made.pages = pages
    return made


class Worker:
    """One process that makes PDFs, one after another."""

    def __init__(self):
        environment = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        self.said = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [sys.executable, "-I", str(_WORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said, env=environment,
            start_new_session=True,
        )
        self.hello = {"css": style_sheet()}
        self.used = time.monotonic()

    def ask(self, asked, seconds):
        """Return (pages, bytes) of the answer. Raises PdfFailed when the process ends, or has to be ended, before it has answered."""
        late = threading.Event()
        clock = threading.Timer(seconds, lambda: (late.set(), self.kill()))
        clock.start()
        try:
            for part in filter(None, (self.hello, asked)):
                self.process.stdin.write(json.dumps(part).encode() + b"\n")
            self.hello = None
            self.process.stdin.flush()
            pages, size = map(int, self.process.stdout.readline().split())
            data = self.process.stdout.read(size)
        except (OSError, ValueError) as error:
            self.process.wait()
            raise PdfFailed(self.ending(late, seconds)) from error
        finally:
            clock.cancel()
        self.used = time.monotonic()
        return pages, data

    def ending(self, late, seconds):
        """Say why the process ended without an answer."""
        self.said.seek(0)
        return f"The PDF was not finished after {seconds} seconds." if late.is_set() else f"The PDF could not be made: {last_line(self.said.read())}"

    def kill(self):
        """End the process and the fork that it waits for."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def end(self):
        """End the process and give back what it holds."""
        if self.process.poll() is None:
            self.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.said):
            with suppress(OSError):
                pipe.close()


_waiting = []  # workers without work; appending and taking are each one step, so threads need no lock


def waiting_worker():
    """Return a worker that has made a PDF just now and can make another, or None."""
    while _waiting:
        worker = _waiting.pop()
        if worker.process.poll() is None and time.monotonic() - worker.used < WARM_SECONDS:
            return worker
        worker.end()
    return None


def end_waiting():
    """End the workers that wait for work."""
    while _waiting:
        _waiting.pop().end()


atexit.register(end_waiting)
os.register_at_fork(after_in_child=_waiting.clear)


def last_line(words):
    """Return the last line that the process said, which names the error; never the markup."""
    lines = words.decode(errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else "its process ended without a word, perhaps for want of memory."
