"""The pages of a publication: each edition's contents, sections, everything on one page, answers, files and history."""
import re
from collections import Counter

from masa.bundle import datafiles, render
from masa.bundle.frame import context, data_file, main_link, page_file
from masa.guidance.vocabulary import Force
from masa.publishing import files
from masa.publishing.models import Answer
from masa.ui.text import date_words

ABOUT = {"children": "Children", "adults": "Adults", "both": "Children and adults"}
_TAG = re.compile(r"<[^<>]*>")
#: Words that the pages of an edition use themselves, so that a section's address cannot be one of them.
TAKEN = {"all", "editions", "guidance", "compare", "files"}
#: How the statuses of answers are counted in a sentence, the good ones first; and those that are gaps.
COUNTED = {
    Answer.Status.ANSWERED: "answered", Answer.Status.PARTLY: "partly", Answer.Status.NOT_YET: "not yet",
    Answer.Status.UNANSWERED: "without an answer", Answer.Status.NOT_APPLICABLE: "not for this partnership",
}
GAPS = {Answer.Status.PARTLY, Answer.Status.NOT_YET, Answer.Status.UNANSWERED}
#: How sources of requirements are abbreviated, and what is printed for readers.
SOURCES = [
    (re.compile(rf"\b{short}"), whole) for short, whole in (
        (r"CA04\b", "Children Act 2004"), (r"CARE14\b", "Care Act 2014"), (r"WT(\d\d)\b", r"Working Together 20\1"),
        (r"ch\.(?=\d)", "chapter "), (r"s\.(?=\d)", "section "), (r"Sch\.(?=\d)", "Schedule "),
    )
]
REMOVED_TITLE = "A section that was removed"


def pages(site, publication):
    """Return the Files of a publication: its current edition at its own address, and every edition under its number."""
    found = edition_files(site, publication, publication.current, f"{publication.slug}/")
    for edition in publication.editions:
        found += edition_files(site, publication, edition, f"{publication.slug}/editions/{edition.number}/")
    return [*found, history(site, publication)]


def edition_files(site, publication, edition, prefix):
    """Return the Files of one edition at one address."""
    view = View(site, publication, edition, prefix)
    found = [view.contents(), view.everything(), *view.section_pages(), *view.data()]
    if edition.answers:
        found.append(view.guidance())
    return found


class View:
    """One edition at one address: what its pages share."""

    def __init__(self, site, publication, edition, prefix):
        self.site, self.publication, self.edition, self.prefix = site, publication, edition, prefix
        self.is_current = edition is publication.current
        self.at_home = prefix == f"{publication.slug}/"
        self.noindex = edition.state != "published" or edition.origin == "reconstruction"
        self.holders_on = site.holders_on if self.is_current and edition.state == "published" else edition.as_on
        self.sections = section_views(edition, site.base + prefix, site.holders.get(self.holders_on, {}), self.holders_on)
        self.tables = datafiles.tables(edition)

    def page(self, name, template, title, crumbs=(), **more):
        """Return the File of a page of this edition; ``name`` is its own part of the address."""
        home = () if not name and self.at_home else ((f"{self.publication.slug}/", self.publication.title),)
        if not self.at_home:
            home += ((f"{self.publication.slug}/editions/", "All editions"),)
            home += ((self.prefix, f"Edition {self.edition.number}"),) if name else ()
        canonical = f"{self.publication.slug}/{name}" if self.is_current else self.prefix + name
        built = context(
            self.site, self.prefix + name, title, lang=language(self.edition), crumbs=(*home, *crumbs), noindex=self.noindex,
            exit_page=self.publication.may_be_at_risk, banners=banners(self.site, self.publication, self.edition),
            canonical=canonical, heading=printed_title(self.edition), edition=self.facts(), prefix=self.site.base + self.prefix, **more,
        )
        return page_file(f"{self.prefix}{name}index.html", template, built)

    def facts(self):
        """Return what every page of the edition says about it."""
        return {"number": self.edition.number, "state": self.edition.state, "audience": self.edition.about.get("audience", "both")}

    def contents(self):
        """Return the contents page: what this is, who agreed, what is in it, and how to check it."""
        edition = self.edition
        return self.page(
            "", "bundle/contents.html", printed_title(edition) if self.at_home else f"Edition {edition.number}", edition_title=own_title(edition),
            summary=edition.about.get("summary", ""), change_note=edition.about.get("change_note", ""),
            items=[item(section) for section in self.sections], rows=summary_rows(self.site, self.publication, edition),
            agreed=agreements(edition), seats=self.seats(), digest=edition.digest, pdf=pdf_link(edition),
            tables=[{"href": f"{table.slug}.csv", "title": table.title} for table in self.tables],
            files=[file_view(part, name) for part, name in attachment_names(edition)],
            has_answers=bool(edition.answers), others=len(self.publication.editions) > 1, compare=comparison(self.site, self.publication, edition),
            explained_by=explained_by(self.site, self.publication, edition), explains=explains(self.site, edition),
            is_reconstruction=edition.origin == "reconstruction", publication=f"{self.site.base}{self.publication.slug}/",
            has_record=bool(edition.record), holders_on=self.holders_on,
        )

    def seats(self):
        """Return the partners as the edition prints them, each post with its holder on the day."""
        return seat_views(self.edition, self.site.holders.get(self.holders_on, {}))

    def section_pages(self):
        """Return a page for each section, and one that says "gone" for each removed one whose address is known."""
        readable = [section for section in self.sections if not section["removed"]]
        found = []
        for i, section in enumerate(readable):
            found.append(self.page(
                f"{section['name']}/", "bundle/section.html", section["heading"], section=section,
                previous=neighbour(readable[i - 1]) if i else None,
                next=neighbour(readable[i + 1]) if i + 1 < len(readable) else None, digest=self.edition.digest,
            ))
        return found + [gone_page(self.site, f"{self.prefix}{s['name']}/") for s in self.sections if s["removed"] and s["name"]]

    def everything(self):
        """Return the page with all sections on it, for print."""
        return self.page("all/", "bundle/all.html", "Everything on one page", sections=self.sections, digest=self.edition.digest)

    def guidance(self):
        """Return where this edition answers the guidance."""
        addresses = {section["id"]: section for section in self.sections if not section["removed"]}
        groups = {}
        for answer in self.edition.answers:
            groups.setdefault(answer["guidance"], []).append(answer_view(answer, addresses))
        named = [
            {"title": self.site.guidance.get(key, key), "answers": answers, "told": counted(answers), "unconfirmed": sum(a["unconfirmed"] for a in answers)}
            for key, answers in groups.items()
        ]
        gaps = [answer for group in named for answer in group["answers"] if answer["status"] in GAPS]
        return self.page("guidance/", "bundle/guidance.html", "Where this answers the guidance", groups=named, gaps=gaps)

    def data(self):
        """Return the files that are not pages: content, record, tables, PDF, attachments; "gone" for what was removed."""
        edition, prefix = self.edition, self.prefix
        keys = {"noindex": self.noindex or bool(self.site.sample)}
        parts = render.as_json([[p.digest, bool(p.text)] for p in edition.parts])
        found = [data_file(f"{prefix}content.json", lambda: datafiles.content(edition), edition.digest, parts, **keys)]
        if edition.record:
            record = datafiles.record(edition)
            found.append(data_file(f"{prefix}record.json", lambda: record, record.decode(), **keys))
        for table in self.tables:
            rows = render.as_json([table.columns, table.rows])
            found.append(data_file(f"{prefix}{table.slug}.csv", lambda table=table: datafiles.csv_bytes(table), rows, **keys))
        found += [self.stored(f"{prefix}files/{name}", part.body["sha256"]) for part, name in attachment_names(edition)]
        if edition.pdf and edition.pdf.is_kept:
            found.append(self.stored(f"{prefix}document.pdf", edition.pdf.sha256))
        elif edition.pdf and any(part.removal for part in edition.parts):
            found.append(gone_page(self.site, f"{prefix}document.pdf/"))
        return found

    def stored(self, path, sha256):
        """Return the File of something that is kept by its digest."""
        return data_file(path, lambda: files.read(sha256), sha256, noindex=self.noindex or bool(self.site.sample))


def history(site, publication):
    """Return the page of all editions with what changed in each."""
    rows = [edition_row(site, publication, edition) for edition in publication.editions]
    return page_file(
        f"{publication.slug}/editions/index.html", "bundle/editions.html",
        context(
            site, f"{publication.slug}/editions/", "All editions", crumbs=[(f"{publication.slug}/", publication.title)],
            noindex=publication.current.state != "published" or publication.current.origin == "reconstruction", editions=rows, heading=publication.title,
            banners=reconstruction_banner(publication.current), exit_page=publication.may_be_at_risk,
        ),
    )


def edition_row(site, publication, edition):
    """Return one edition as the history lists it."""
    return {
        "href": f"{site.base}{publication.slug}/editions/{edition.number}/", "title": own_title(edition), "number": edition.number,
        "state": edition.state, "label": edition.state.capitalize(), "change_note": edition.about.get("change_note", ""),
        "when": when(edition), "withdrawn_reason": edition.withdrawn_reason, "compare": comparison(site, publication, edition),
    }


def comparison(site, publication, edition):
    """Return the comparison of an edition with the one before it that is public, or None for the first."""
    before = max((e.number for e in publication.editions if e.number < edition.number), default=None)
    return before and {"number": before, "href": f"{site.base}{publication.slug}/compare/{before}/{edition.number}/"}


def gone_page(site, path):
    """Return the page for an address whose content was removed. It says no more than the stub."""
    publication = site.publication(path.split("/")[0])
    return page_file(f"{path}gone.html", "bundle/gone.html", context(
        site, path, "This was removed", noindex=True, main=main_link(site), editions=publication and f"{site.base}{publication.slug}/editions/",
    ))


# What the pages say --------------------------------------------------------------------------------------------------


def language(edition):
    """Return the language of an edition for the page."""
    return "en-GB" if edition.language == "en" else edition.language


def printed_title(edition):
    """Return the publication's title as the edition prints it."""
    return edition.manifest["publication"]["title"]


def own_title(edition):
    """Return the title of the edition itself, or nothing when it is that of the publication."""
    return "" if edition.title == printed_title(edition) else edition.title


def numbered(edition):
    """Return the edition's number, and its own title where it has one."""
    return f"{edition.number}: {own_title(edition)}" if own_title(edition) else str(edition.number)


def section_views(edition, address, holders, holders_on):
    """Return the edition's sections as pages use them, numbered in order; a removed one keeps its place."""
    audience = edition.about.get("audience", "both")
    return [section_view(part, number, address, holders, holders_on, audience) for number, part in enumerate(edition.sections, 1)]


def section_view(part, number, address, holders, holders_on, audience):
    """Return one section as data for a page. Whom it is about is marked only where the edition, with this ``audience``, is about both."""
    if part.body is None:
        return removed_view(part, number)
    body, name = part.body, own_name(part.body["anchor"])
    return {
        "id": part.id, "number": number, "name": name, "href": f"{address}{name}/", "anchor": body["anchor"], "heading": body["heading"],
        "audience": body["audience"], "scope": body["audience"] if audience == "both" else "both", "body": unmarked(body["body"], audience), "removed": None,
        "blocks": [{**row, "ident": f"{body['anchor']}-{i}"} for i, row in enumerate(body["blocks"], 1)],
        "holders": render.named_holders(body["blocks"], holders), "holders_on": holders_on,
    }


def unmarked(html, audience):
    """Return clean prose without the marks that say of its parts what is so of the whole edition."""
    return html if audience == "both" else _TAG.sub(lambda tag: tag[0].replace(f' data-scope="{audience}"', ""), html)


def removed_view(part, number):
    """Return what is left of a removed section: its stub."""
    stub = part.removal
    return {
        "id": part.id, "number": number, "name": part.anchor and own_name(part.anchor), "anchor": part.anchor or f"removed-{number}",
        "heading": REMOVED_TITLE, "audience": "both", "scope": "both", "body": "", "blocks": [], "holders": {}, "holders_on": None,
        "removed": {"on": stub and stub.on, "words": stub.words if stub else "", "role": stub.role if stub else "", "digest": part.digest},
    }


def own_name(anchor):
    """Return a section's own part of its address: its anchor, unless the pages need that word themselves."""
    return f"{anchor}-section" if anchor in TAKEN else anchor


def item(section):
    """Return a section's line in the contents."""
    return {"href": section.get("href", ""), "text": section["heading"], "scope": section["scope"]}


def neighbour(section):
    return {"href": section["href"], "text": section["heading"]}


def when(edition):
    """Return since when an edition counts, in a few words."""
    if edition.archived_on:
        return f"Published on {date_words(edition.archived_on)}, before MASA"
    words = [f"As at {date_words(edition.as_on)}"] if edition.origin == "reconstruction" else [f"Published on {date_words(edition.published_on)}"]
    if edition.in_force_from:
        words.append(f"in force from {date_words(edition.in_force_from)}")
    return ", ".join(words)


def summary_rows(site, publication, edition):
    """Return the facts that stand at the head of the contents page."""
    review = edition.about.get("review", {})
    due = review.get("on") and date_words_of(review["on"]) + (" (overdue)" if is_overdue(site, publication, edition) else "")
    rows = [
        ("Edition", numbered(edition)),
        ("About", ABOUT[edition.about.get("audience", "both")]),
        ("As on", date_words(edition.as_on)),
        ("Published", "" if edition.origin == "reconstruction" else date_words(edition.published_on)),
        ("In force from", edition.in_force_from and date_words(edition.in_force_from)),
        ("Ends", edition.ends_on and date_words(edition.ends_on)),
        ("Review due", due),
        ("How it is reviewed", review.get("words")),
        ("Guidance answered", ", ".join(site.guidance.get(key, key) for key in edition.about.get("guidance", []))),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def is_overdue(site, publication, edition):
    return edition is publication.current and publication.slug in site.overdue


def date_words_of(iso):
    """Return an ISO date of stored content in words."""
    return date_words(datafiles.day(iso))


def seat_views(edition, holders):
    """Return the seats of an edition with the present holder of each post, or none where nobody is recorded."""
    return [
        {
            **{name: seat[name] for name in ("slug", "label", "organisation", "lead_term", "delegate_term")},
            "leads": [{**post, "holder": holders.get(post["post"])} for post in seat["leads"]],
            "delegates": [{**post, "place": own_place(post), "holder": holders.get(post["post"])} for post in seat["delegates"]],
        }
        for seat in edition.about.get("seats", [])
    ]


def own_place(post):
    """Return the place that a post is for, unless its title names it already."""
    place = post.get("place") or ""
    return "" if place in post["title"] else place


def agreements(edition):
    """Return who agreed: post, organisation, date and how; recorded agreements say that they were recorded."""
    latest = {row["seat"] or row["capacity"]: row for row in edition.sign_offs}
    return [
        {
            "who": ", ".join(word for word in (row["post"], row["organisation"]) if word),
            "on": datafiles.day(row.get("agreed_on") or row["at"]), "conditions": row["conditions"],
            "recorded": row["how"] == "recorded",
        }
        for row in latest.values() if row["decision"] != "decline"
    ]


def agreed_by(edition):
    """Return the bodies that agreed, each once."""
    return list(dict.fromkeys(row["organisation"] for row in edition.sign_offs if row["decision"] != "decline" and row["organisation"]))


def counted(answers):
    """Say how many requirements are answered and how: "Of 24 requirements: 22 answered, 1 partly, 1 not yet"."""
    many = Counter(answer["status"] for answer in answers)
    told = ", ".join(f"{many[status]} {words}" for status, words in COUNTED.items() if many[status])
    return f"Of {len(answers)} requirements: {told}" if len(answers) > 1 else f"One requirement: {told.removeprefix('1 ')}"


def answer_view(answer, sections):
    """Return an answer to one requirement as the page prints it."""
    return {
        "ident": f"{answer['guidance']}-{answer['code']}".lower(), "source": source_words(answer["source"]),
        **{name: answer[name] for name in ("code", "text", "status", "reason", "by_when")},
        "force": Force(answer["force"]).label if answer["force"] in Force else "", "unconfirmed": answer["confirmation"] != "confirmed",
        "label": Answer.Status(answer["status"]).label,
        "sections": [neighbour(sections[id]) for id in answer["sections"] if id in sections],
    }


def source_words(source):
    """Return a source with its abbreviations written out: "CA04 s.16E(2)" becomes "Children Act 2004 section 16E(2)"."""
    for short, whole in SOURCES:
        source = short.sub(whole, source)
    return source


def pdf_link(edition):
    """Return what the page says of the PDF, or None when there is none to fetch."""
    return {"size": edition.pdf.size, "pages": edition.pdf.pages} if edition.pdf and edition.pdf.is_kept else None


def attachment_names(edition):
    """Return the edition's attachments that are there, each with a file name that is its own."""
    found, taken = [], set()
    for part in edition.attachments:
        if part.body is not None:
            name = file_name(part.body["name"])
            name = name if name not in taken else f"{part.body['sha256'][:8]}-{name}"
            taken.add(name)
            found.append((part, name))
    return found


def file_name(name):
    """Return a name that is safe in an address: letters, figures, dots and hyphens."""
    safe = "".join(c if c.isascii() and (c.isalnum() or c in ".-") else "-" for c in name).strip(".-").lower()
    return safe or "file"


def file_view(part, name):
    return {"href": f"files/{name}", "title": part.body["name"], "about": part.body["alt"], "size": part.body["bytes"]}


# How publications stand to each other --------------------------------------------------------------------------------


def explains(site, edition):
    """Return the edition that this one explains, and whether it is still the present one; or None."""
    named = edition.about.get("explains")
    publication = named and site.publication(named["publication"])
    if not publication or publication.edition(named["edition"]) is None:
        return None
    return {
        "title": publication.title, "number": named["edition"], "is_present": publication.current.number == named["edition"],
        "href": f"{site.base}{publication.slug}/editions/{named['edition']}/", "present": f"{site.base}{publication.slug}/",
    }


def explained_by(site, publication, edition):
    """Return the publications whose present edition explains this publication, and whether an older edition of it."""
    found = []
    for other in site.publications:
        named = other.current.about.get("explains")
        if named and named["publication"] == publication.slug and other.current.state == "published":
            found.append({
                "title": other.title, "href": f"{site.base}{other.slug}/", "older": named["edition"] < edition.number,
                "number": named["edition"],
            })
    return found


# Banners -------------------------------------------------------------------------------------------------------------


def banners(site, publication, edition):
    """Return the banners of an edition's pages: what kind of document it is and what replaced it."""
    return [*reconstruction_banner(edition), *archive_banner(edition), *ending_banner(site, publication, edition), *explaining_banner(site, edition)]


def reconstruction_banner(edition):
    """Return the banner of a reconstruction, with its source and what it was then."""
    facts = edition.about.get("reconstruction")
    if edition.origin != "reconstruction":
        return []
    title = f"Reconstructed from {facts['source']}." if facts else "Reconstructed from a public document."
    status = f"Status then: {facts['status_then']}. " if facts else ""
    return [{"kind": "reconstruction", "title": title, "text": f"{status}Not published or agreed by the bodies named here."}]


def archive_banner(edition):
    """Return the banner of an edition that was published before MASA."""
    if edition.origin != "archive":
        return []
    on = f" on {date_words(edition.archived_on)}" if edition.archived_on else ""
    return [{"kind": "superseded", "title": f"Published before MASA{on}.", "text": "Who agreed to it is not recorded here."}]


def ending_banner(site, publication, edition):
    """Return the banner of an edition that was replaced or withdrawn."""
    current = {"href": f"{site.base}{publication.slug}/", "link_text": "Read the edition now in force"}
    if edition.state == "superseded":
        return [{"kind": "superseded", **(current if publication.current.state == "published" else {})}]
    if edition.state == "withdrawn":
        on = f"Withdrawn on {date_words(datafiles.day(edition.withdrawn_at))}. "
        replaced = current if publication.current.state == "published" else {}
        return [{"kind": "withdrawn", "text": on + edition.withdrawn_reason, **replaced}]
    return []


def explaining_banner(site, edition):
    """Return the banner of a text that explains an edition which has been replaced."""
    told = explains(site, edition)
    if told is None or told["is_present"] or edition.state != "published":
        return []
    return [{
        "kind": "superseded", "title": f"This explains edition {told['number']} of {told['title']}, which has since been replaced.",
        "text": "Some of what it says may have changed.", "href": told["present"], "link_text": f"Read {told['title']} as it is now",
    }]
