"""The plan of a partnership's public site: which files it is made of, and what each of them depends on. Pure."""
from dataclasses import replace

from masa.bundle import datafiles, editions, render
from masa.bundle.frame import arranged, context, data_file, main_link, page_file, shelf_words
from masa.publishing import blocks

LATEST = 5
MOST_AT_HOME = 6  # documents besides the arrangements


class PlanRefused(Exception):
    """Two things of a partnership would stand at the same address, said in a sentence."""


def plan(site):
    """Return every File of the site, in the order of their paths. Raises PlanRefused when two claim one address."""
    subs = sub_rows(site)
    site = replace(site, shelves=shelves(subs))
    found = [home(site), documents(site), updates(site), note(site, "privacy", "Privacy"), note(site, "accessibility", "Accessibility"), not_found(site)]
    for publication in site.publications:
        found += editions.pages(site, publication)
    found += sub_pages(site, subs)
    found.append(data_file("updates.atom", lambda: datafiles.feed(site), datafiles.feed(site).decode()))
    there = {file.path for file in found}
    found += [editions.gone_page(site, path) for path in site.gone if not {f"{path}index.html", f"{path}gone.html", path.rstrip("/")} & there]
    found.append(site_map(site, found))
    return without_doubles(found)


def without_doubles(found):
    """Return the files by path; raises PlanRefused for a path that comes twice."""
    named = {}
    for file in found:
        if file.path in named:
            raise PlanRefused(f"Two pages would stand at the address {file.path.removesuffix('index.html')}. Change one of the address words.")
        named[file.path] = file
    return [named[path] for path in sorted(named)]


def redirects(site):
    """Return the addresses that moved, from the root: ``{address: [301, address]}``."""
    return {site.base + start.lstrip("/"): [301, site.base + end.lstrip("/")] for start, end in site.redirects}


# Pages of the partnership itself -------------------------------------------------------------------------------------


def home(site):
    """Return the partnership's home: what it is, whom to contact, who the partners are, what they published."""
    main = site.main
    holders = site.holders.get(site.holders_on, {})
    return page_file("index.html", "bundle/home.html", context(
        site, "", site.name, exit_page=False, noindex=False, areas=site.areas,
        footprints=[{"href": f"/footprints/{f['slug']}/", "text": f["name"]} for f in site.footprints],
        audience=site.audience, routes=[route(row) for row in site.routes],
        seats=editions.seat_views(main.current, holders) if main else [], holders_on=site.holders_on,
        main=main and publication_row(site, main), others=newest(site)[:MOST_AT_HOME], many=len(site.publications),
        updates=[{**update_row(site, update), "words": ""} for update in site.updates[:LATEST]], sample=site.sample,
    ))


def route(row):
    """Return a contact route as the panel prints it."""
    name = f"{row['label']}: {row['area']}" if row["area"] else row["label"]
    who = ". ".join(words.rstrip(".") for words in (row["name"], row["note"]) if words)
    return {
        "name": name, "telephone": row["telephone"], "address": row["address"], "href": href(row["address"]), "hours": row["hours"],
        "note": f"{who}." if who else "", "checked": row["checked_on"],
    }


def href(address):
    """Return where a contact's address leads: a web page, a mailbox, or nowhere when it is neither."""
    if address.startswith(("https://", "http://")):
        return address
    if "@" in address:
        return f"mailto:{address}"
    return f"https://{address}" if "." in address and " " not in address else ""


def newest(site):
    """Return the publications besides the one that the menu names, as lists print them, the newest first."""
    _, *others = arranged(site)
    others = sorted(others, key=lambda p: p.current.published_on or p.current.as_on, reverse=True)
    return [publication_row(site, publication) for publication in others]


def publication_row(site, publication):
    """Return a publication as lists print it."""
    edition = publication.current
    review = edition.about.get("review", {}).get("on")
    return {
        "href": f"{site.base}{publication.slug}/", "title": publication.title, "label": edition.state.capitalize(), "state": edition.state,
        "kind": publication.label, "agreed": editions.agreed_by(edition), "on": edition.published_on,
        "others": len(publication.editions) - 1, "editions": f"{site.base}{publication.slug}/editions/",
        "when": editions.when(edition), "summary": edition.about.get("summary", ""), "number": edition.number,
        "review": datafiles.day(review) if review and edition.state == "published" else None,
        "overdue": publication.slug in site.overdue, "reconstruction": edition.origin == "reconstruction",
    }


def documents(site):
    """Return the page of everything that is published besides what the menu names, by kind."""
    groups = {}
    for row in newest(site):
        groups.setdefault(row["kind"], []).append(row)
    return page_file("documents/index.html", "bundle/documents.html", context(
        site, "documents/", "Other documents", main=main_link(site),
        groups=[{"title": kind, "rows": groups[kind]} for kind in sorted(groups)],
    ))


def update_row(site, update):
    return {"on": update.on, "title": update.title, "words": update.words, "href": site.base + update.path, "seq": update.seq}


def updates(site):
    """Return the page of everything that changed."""
    rows = [update_row(site, update) for update in site.updates]
    return page_file("updates/index.html", "bundle/updates.html", context(site, "updates/", "Updates", updates=rows))


def note(site, name, title):
    """Return the privacy or the accessibility page: the constant words and what the partnership adds."""
    own = {"privacy": site.privacy_note, "accessibility": site.accessibility_note}[name]
    formats = [route(row) for row in site.routes if row["kind"] == "format"]
    return page_file(f"{name}/index.html", f"bundle/{name}.html", context(
        site, f"{name}/", title, own=own, host=site.host, controllers=site.controllers, formats=formats,
    ))


def not_found(site):
    """Return the page for addresses of this partnership that lead nowhere."""
    return page_file("404.html", "bundle/not_found.html", context(site, "404.html", "Page not found", noindex=True, main=main_link(site)))


def site_map(site, found):
    """Return the map of the pages that search engines may keep."""
    paths = sorted(site.base + file.path.removesuffix("index.html") for file in found if file.path.endswith("index.html") and not file.noindex)
    paths = [path for path in paths if not repeats_current(site, path)]
    return data_file("sitemap.xml", lambda: datafiles.sitemap(paths), *paths)


def repeats_current(site, path):
    """Say whether an address shows again, under its number, the edition that has the publication's own address."""
    return any(path.startswith(f"{site.base}{p.slug}/editions/{p.current.number}/") for p in site.publications)


# Pages that blocks make ----------------------------------------------------------------------------------------------


def sub_rows(site):
    """Return what the pages of blocks are made of: ``{path: (publication, block, its row, SubPage)}``.

    Where several publications hold the same block, the first one's page stands.
    """
    found = {}
    for publication in site.publications:
        for row in block_rows(publication.current):
            block = blocks.get(row["key"])
            for sub in block.pages(row["data"], row["schema"]):
                found.setdefault(sub.path, (publication, block, row, sub))
    return found


def shelves(subs):
    """Return for the menu the lists of pages that blocks made: (path, words)."""
    return tuple((path, shelf_words(path)) for path in dict.fromkeys(first_word(path) for path in subs))


def first_word(path):
    return path.split("/")[0] + "/"


def sub_pages(site, subs):
    """Return the pages that blocks of the current editions make, and an index for each first word of their addresses."""
    made = [sub_page(site, *facts) for facts in subs.values()]
    indexes = {}
    for path, facts in subs.items():
        indexes.setdefault(first_word(path), []).append(facts)
    return made + [sub_index(site, path, rows) for path, rows in indexes.items() if path not in subs]


def block_rows(edition):
    """Return the data of every block in the edition, where it was not removed."""
    return [row for part in edition.sections if part.body for row in part.body["blocks"]]


def sub_page(site, publication, block, row, sub):
    """Return a page of a block's own."""
    edition = publication.current
    on = site.holders_on if edition.state == "published" else edition.as_on
    first = first_word(sub.path)
    crumbs = [(first, row.get("title") or block.title)] if sub.path != first else []
    inner = {
        **sub.context, "base": site.base, "where": "web", "ident": "page", "holders_on": on,
        "holders": render.named_holders(sub.context, site.holders.get(on, {})),
    }
    return page_file(f"{sub.path}index.html", "bundle/subpage.html", context(
        site, sub.path, sub.title, crumbs=crumbs, crumb=sub.name, noindex=edition.state != "published", inner=inner, template=sub.template, routes=[route(row) for row in site.routes],
        banners=editions.banners(site, publication, edition), source=source_of(site, publication),
    ))


def sub_index(site, path, rows):
    """Return the list of a block's pages, grouped as the block says. rows: as sub_rows gives them."""
    publication, block, row, _ = rows[0]
    groups = {}
    for _, _, _, sub in rows:
        groups.setdefault(sub.group, []).append({"href": site.base + sub.path, "text": sub.name or sub.title, "about": sub.about})
    return page_file(f"{path}index.html", "bundle/subpages.html", context(
        site, path, row.get("title") or block.title, noindex=publication.current.state != "published", about=block.about, many=len(rows),
        groups=[{"title": title, "ident": f"group-{n}", "items": items} for n, (title, items) in enumerate(groups.items(), 1)],
        banners=editions.banners(site, publication, publication.current), source=source_of(site, publication),
    ))


def source_of(site, publication):
    """Return from which agreed text a page was made."""
    return {"href": f"{site.base}{publication.slug}/", "text": publication.title, "number": publication.current.number}
