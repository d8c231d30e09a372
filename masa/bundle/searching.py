"""Search in what is published: entries made when an edition goes live, and questions asked of them.

Nothing but editions in a public state is ever read here. Withdrawn editions are left out; superseded ones are found only
when asked for. Each search asks anew whether the edition may be found and the part is still there.
"""
import hashlib
import html
import logging
import re
import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.html import escape, strip_tags
from django.utils.safestring import mark_safe

from masa.bundle import datafiles, editions, gather, render
from masa.bundle.live.search_table import INDEX, TABLE
from masa.bundle.models import PublishedFile, SearchEntry
from masa.partnerships import scope
from masa.partnerships.models import Partnership
from masa.publishing import blocks
from masa.publishing.models import Edition, PartPayload, SignedPart
from masa.publishing.states import PUBLIC, State
from masa.ui import characters
from masa.ui.prose import text_of

MOST = 500  # results that are looked at; whoever finds more is asked for another word
ON_A_PAGE = 10
MOST_TEXT = 200_000  # characters of one entry that are searched
START, END = "\x02", "\x03"  # marks around the words found, until the rest is escaped
FOUND_IN = {State.PUBLISHED, State.SUPERSEDED}
_WORD = re.compile(r"[^\W_]+")
_UNSEEN = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))
# English words that say nothing by themselves; PostgreSQL leaves out the same ones.
_EMPTY = frozenset(
    "i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its itself they "
    "them their theirs themselves what which who whom this that these those am is are was were be been being have has had having do does "
    "did doing a an the and but if or because as until while of at by for with about against between into through during before after "
    "above below to from up down in out on off over under again further then once here there when where why how all any both each few more "
    "most other some such no nor not only own same so than too very s t can will just don should now".split()
)
# Plurals that no stemmer knows and that our readers use in every other sentence.
_ALSO = {"child": "children", "children": "child", "person": "people", "people": "person", "woman": "women", "women": "woman"}
log = logging.getLogger(__name__)


class SearchRefused(Exception):
    """A search that cannot be carried out; the sentence says what to do instead."""


@dataclass(frozen=True)
class Hit:
    """One result. ``heading`` and ``snippet`` are safe HTML with the words found in ``mark``."""

    href: str
    heading: str
    snippet: str
    publication: str
    partnership: str
    number: int
    state: str
    audience: str
    is_reconstruction: bool


@dataclass(frozen=True)
class Results:
    """One page of hits. ``is_cut``: there are more than were looked at."""

    hits: list[Hit]
    count: int
    page: int
    last: int
    is_cut: bool

    @property
    def first(self):
        """The place of the first hit on this page among all of them."""
        return (self.page - 1) * ON_A_PAGE + 1


# Asking --------------------------------------------------------------------------------------------------------------


def words_of(query):
    """Return the words to search for. Raises SearchRefused with a sentence."""
    query = unicodedata.normalize("NFC", query)
    if len(query) > settings.MAX_SEARCH_LENGTH:
        raise SearchRefused(f"Search for at most {settings.MAX_SEARCH_LENGTH} characters: this has {len(query):,}. A few words are enough.")
    if characters.refusal(query):
        raise SearchRefused("The search holds a hidden character. Type the words rather than pasting them.")
    found = list(dict.fromkeys(word.lower() for word in _WORD.findall(query)))
    if not found:
        raise SearchRefused("Type one word or several to search for, such as information sharing.")
    telling = [word for word in found if word not in _EMPTY]
    if not telling:
        raise SearchRefused("Those words are on almost every page. Add a word that says what you look for.")
    return telling


def search(words, *, partnership=None, with_older=False, page=1):
    """Return the Results for words that must all occur, the best first; older editions come after those in force.

    partnership: a row, or None for the whole installation. Call in the scope of what may be found; four queries at most.
    """
    ids = ranked(words, partnership)
    states = FOUND_IN if with_older else {State.PUBLISHED}
    rows = SearchEntry.objects.filter(Exists(PartPayload.objects.filter(part=OuterRef("part"))), pk__in=ids, edition__state__in=states)
    rows = {row.pk: row for row in rows.select_related("edition__publication", "partnership").defer("text")}
    order = sorted((pk for pk in ids if pk in rows), key=lambda pk: rows[pk].edition.state != State.PUBLISHED)
    last = max(1, -(-len(order) // ON_A_PAGE))
    page = page if 1 <= page <= last else 1
    shown = order[(page - 1) * ON_A_PAGE:page * ON_A_PAGE]
    marked = marked_words(words, shown)
    return Results([hit(rows[pk], *marked[pk]) for pk in shown], len(order), page, last, len(ids) == MOST)


def ranked(words, partnership):
    """Return the ids of the entries that hold every word, the best first, up to MOST."""
    within, values = (" AND e.partnership_id = %s", [partnership.pk]) if partnership else ("", [])
    if connection.vendor == "sqlite":
        sql = (
            f"SELECT e.id FROM {INDEX} JOIN {TABLE} e ON e.id = {INDEX}.rowid WHERE {INDEX} MATCH %s{within}"
            f" ORDER BY bm25({INDEX}, 8.0, 1.0), e.id LIMIT {MOST}"
        )
    else:
        sql = (
            f"SELECT e.id FROM {TABLE} e, to_tsquery('english', %s) q WHERE e.words @@ q{within}"
            f" ORDER BY ts_rank(e.words, q) DESC, e.id LIMIT {MOST}"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql, [asked(words), *values])
        return [pk for pk, in cursor.fetchall()]


def asked(words):
    """Return the words as the engine is asked for them: quoted, so that none of them is taken for an operator."""
    quote, either, every = ('"', " OR ", " AND ") if connection.vendor == "sqlite" else ("'", " | ", " & ")
    choices = [[word, _ALSO[word]] if word in _ALSO else [word] for word in words]
    return every.join(f"({either.join(f'{quote}{word}{quote}' for word in choice)})" for choice in choices)


def marked_words(words, ids):
    """Return ``{id: (heading, piece of the text)}`` with marks around the words found."""
    if not ids:
        return {}
    places = ", ".join(["%s"] * len(ids))
    if connection.vendor == "sqlite":
        sql = (
            f"SELECT rowid, highlight({INDEX}, 0, '{START}', '{END}'), snippet({INDEX}, 1, '{START}', '{END}', ' … ', 40)"
            f" FROM {INDEX} WHERE {INDEX} MATCH %s AND rowid IN ({places})"
        )
    else:
        marks = f"StartSel={START}, StopSel={END}"
        sql = (
            f"SELECT id, ts_headline('english', heading, q, '{marks}, HighlightAll=true'),"
            f" ts_headline('english', text, q, '{marks}, MaxWords=40, MinWords=25')"
            f" FROM {TABLE}, to_tsquery('english', %s) q WHERE id IN ({places})"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql, [asked(words), *ids])
        return {pk: (heading, text) for pk, heading, text in cursor.fetchall()}


def hit(row, heading, text):
    """Return a row as a Hit."""
    edition = row.edition
    return Hit(
        href=f"/{row.partnership.slug}/{row.path}", heading=highlighted(heading), snippet=highlighted(text), publication=edition.publication.title,
        partnership=row.partnership.name, number=edition.number, state=edition.state, audience=row.audience,
        is_reconstruction=edition.origin == Edition.Origin.RECONSTRUCTION,
    )


def highlighted(text):
    """Return text as HTML: escaped first, then the words found set in ``mark``."""
    safe = escape(text.replace("\n", " · "))
    return mark_safe(safe.replace(START, "<mark>").replace(END, "</mark>"))  # noqa: S308: escaped just now


# Filling -------------------------------------------------------------------------------------------------------------


def went_live(partnership_id, now):
    """Follow a change that the public reads. A failure is logged: what may be found is asked at each search all the same."""
    try:
        rebuild(partnership_id)
    except Exception:
        log.exception("the search entries of partnership %s could not be made", partnership_id)


def rebuild(partnership_id):
    """Make a partnership's search entries anew from what is published, and return how many there are."""
    with scope.of(partnership_id), transaction.atomic():
        partnership = Partnership.objects.select_for_update().get(pk=partnership_id)
        publications, _ = gather.publications_of(partnership)
        entries = made_entries(partnership, publications)
        SearchEntry.objects.filter(partnership=partnership).delete()
        SearchEntry.objects.bulk_create(entries, batch_size=500)
        PublishedFile.objects.bulk_create(made_files(partnership, publications), ignore_conflicts=True, batch_size=500)
    return len(entries)


def made_entries(partnership, publications):
    """Return the entries of all editions that may be found, in a constant number of queries."""
    keys = edition_keys(partnership)
    part_keys = {
        (number, part_id): pk
        for pk, part_id, number in SignedPart.objects.filter(signed_text__editions__in=keys.values()).values_list("pk", "part_id", "signed_text__editions")
    }
    found = []
    for publication in publications:
        for edition in publication.editions:
            edition_pk = keys[publication.slug, edition.number]
            for part, heading, path, audience, text in words_published(publication, edition):
                found.append(SearchEntry(
                    partnership=partnership, edition_id=edition_pk, part_id=part_keys[edition_pk, part.id], path=path, audience=audience,
                    heading=heading[:300], text=text.translate(_UNSEEN)[:MOST_TEXT],
                ))
    return [*found, *own_pages(partnership, publications, keys, part_keys)]


def edition_keys(partnership):
    """Return ``{(publication, number): id}`` of a partnership's public editions."""
    rows = Edition.objects.filter(publication__partnership=partnership, state__in=PUBLIC)
    return {(slug, number): pk for pk, slug, number in rows.values_list("pk", "publication__slug", "number")}


def words_published(publication, edition):
    """Yield (part, heading, path, audience, words) for each page of an edition that may be found."""
    if edition.state not in FOUND_IN:
        return
    start = f"{publication.slug}/" if edition.state == State.PUBLISHED else f"{publication.slug}/editions/{edition.number}/"
    for part in edition.parts:
        if part.body is None:
            continue
        if part.kind == "section":
            yield part, part.body["heading"], f"{start}{editions.own_name(part.body['anchor'])}/", part.body["audience"], section_words(part.body)
        elif part.kind == "about":
            yield part, edition.title, start, part.body["audience"], about_words(part.body)
        elif part.kind == "answers" and part.body["answers"]:
            yield part, "Where this answers the guidance", f"{start}guidance/", "both", answer_words(part.body)


def section_words(body):
    """Return the words of a section: its prose and the tables of its blocks, a line for each row."""
    lines = [text_of(body["body"])]
    for row in body["blocks"]:
        for table in blocks.get(row["key"]).tables(row["data"], row["schema"]):
            lines += [table.title, *("; ".join(cell for cell in cells if cell) for cells in table.rows)]
    return "\n".join(line for line in lines if line)


def about_words(body):
    """Return what the contents page says of the edition and its partners."""
    seats = [f"{seat['organisation']}: " + ", ".join(post["title"] for post in [*seat["leads"], *seat["delegates"]]) for seat in body["seats"]]
    return "\n".join(line for line in (body["summary"], body["change_note"], *seats) if line)


def answer_words(body):
    """Return what the guidance asks and what was answered."""
    return "\n".join(" ".join(word for word in (a["code"], a["text"], a["reason"]) if word) for a in body["answers"])


def own_pages(partnership, publications, keys, part_keys):
    """Return the entries of the pages that blocks make, such as one for each agency; of several at one address the first."""
    found = {}
    for publication in publications:
        edition = publication.current
        for part in edition.sections if edition.state == State.PUBLISHED else []:
            for row in part.body["blocks"] if part.body else []:
                for sub in blocks.get(row["key"]).pages(row["data"], row["schema"]):
                    edition_pk = keys[publication.slug, edition.number]
                    found.setdefault(sub.path, SearchEntry(
                        partnership=partnership, edition_id=edition_pk, part_id=part_keys[edition_pk, part.id], path=sub.path,
                        audience=part.body["audience"], heading=sub.title[:300], text=page_words(sub, partnership).translate(_UNSEEN)[:MOST_TEXT],
                    ))
    return list(found.values())


def page_words(sub, partnership):
    """Return the words of a page that a block makes, without the names of who holds a post."""
    markup = render.fragment(sub.template, {**sub.context, "base": f"/{partnership.slug}/", "where": "web", "ident": "page", "holders": {}, "holders_on": None})
    lines = html.unescape(strip_tags(markup.replace("<", " <"))).splitlines()
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def made_files(partnership, publications):
    """Return the digest of every data file of every public edition: content, record, tables."""
    keys, found = edition_keys(partnership), []
    for publication in publications:
        for edition in publication.editions:
            data = {"content.json": datafiles.content(edition), **({"record.json": datafiles.record(edition)} if edition.record else {})}
            data |= {f"{table.slug}.csv": datafiles.csv_bytes(table) for table in datafiles.tables(edition)}
            found += [
                PublishedFile(edition_id=keys[publication.slug, edition.number], name=name[:100], sha256=hashlib.sha256(content).hexdigest())
                for name, content in data.items()
            ]
    return found
