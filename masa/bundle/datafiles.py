"""The files for machines: agreed content, record, tables as CSV, the feed of updates, the map of the site."""
import csv
import datetime
import io
import json
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.utils import timezone

from masa.publishing import blocks
from masa.publishing.canonical import canonical

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_BOM = "\ufeff"  # without it, the spreadsheet that most officers use shows £ and ’ as other letters


def day(value):
    """Return the London date of an ISO date, an ISO instant or an aware datetime."""
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value) if "T" in value else datetime.date.fromisoformat(value)
    return timezone.localdate(value) if isinstance(value, datetime.datetime) else value


def content(edition):
    """Return content.json: the manifest on the first line, then each part on its own, or the stub of a removed one."""
    lines = [edition.manifest_text, *(part.text or stub(part) for part in edition.parts)]
    return "".join(line + "\n" for line in lines).encode()


def stub(part):
    """Return what stands in the place of a removed part."""
    removal = part.removal
    facts = {"on": removal.on, "category": removal.category, "role": removal.role} if removal else {}
    return canonical({"id": part.id, "kind": part.kind, "digest": part.digest, "removed": facts})


def record(edition):
    """Return record.json: what was known when the edition was published, and what has happened to it since."""
    since = {name: getattr(edition, name) for name in ("superseded_at", "withdrawn_at")}
    facts = {name: value and value.astimezone(datetime.UTC) for name, value in since.items()}
    return (canonical({**edition.record, **facts, "withdrawn_reason": edition.withdrawn_reason}) + "\n").encode()


def tables(edition):
    """Return every table of the edition's blocks, each under a slug of its own; the same table twice is one file."""
    found = {}
    for part in edition.sections:
        for row in part.body["blocks"] if part.body else []:
            for table in blocks.get(row["key"]).tables(row["data"], row["schema"]):
                if not any(same_table(table, other) for other in found.values()):
                    name = own_slug(table.slug, found)
                    found[name] = blocks.Table(name, table.title, table.columns, table.rows)
    return list(found.values())


def same_table(one, other):
    """Say whether two tables hold the same under the same title, whichever block made them."""
    return (one.title, one.columns, one.rows) == (other.title, other.columns, other.rows)


def own_slug(slug, taken):
    """Return the slug, with a number behind it when it is taken: one block may stand in two sections."""
    names = [slug, *(f"{slug}-{n}" for n in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def csv_bytes(table):
    """Return a table as CSV (RFC 4180) in UTF-8 with its mark; cells that a spreadsheet would compute are set in quotes (IN-07)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([inert(cell) for cell in table.columns])
    writer.writerows([inert(cell) for cell in row] for row in table.rows)
    return (_BOM + out.getvalue()).encode()


def inert(cell):
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def feed(site):
    """Return the Atom feed of updates."""
    home = f"{settings.SITE_URL}{site.base}"
    newest = site.updates[0].at if site.updates else datetime.datetime(1989, 1, 1, tzinfo=datetime.UTC)
    entries = "".join(entry(update, home) for update in site.updates[:50])
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">\n'
        f"<title>{escape(site.name)}: updates</title>\n<id>{escape(home)}updates/</id>\n<updated>{instant(newest)}</updated>\n"
        f"<author><name>{escape(site.name)}</name></author>\n"
        f"<link rel=\"self\" href={quoteattr(home + 'updates.atom')}/>\n<link href={quoteattr(home + 'updates/')}/>\n{entries}</feed>\n"
    ).encode()


def entry(update, home):
    """Return one entry of the feed."""
    summary = f"<summary>{escape(update.words)}</summary>\n" if update.words else ""
    return (
        f"<entry>\n<title>{escape(update.title)}</title>\n<id>{escape(home)}updates/#update-{update.seq}</id>\n"
        f"<updated>{instant(update.at)}</updated>\n<link href={quoteattr(home + update.path)}/>\n{summary}</entry>\n"
    )


def instant(value):
    return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sitemap(addresses):
    """Return a map of the site for search engines. addresses: paths from the root."""
    urls = "".join(f"<url><loc>{escape(settings.SITE_URL + path)}</loc></url>\n" for path in addresses)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'.encode()


def sitemap_index(slugs):
    """Return the list of the partnerships' own maps."""
    maps = "".join(f"<sitemap><loc>{escape(settings.SITE_URL)}/{slug}/sitemap.xml</loc></sitemap>\n" for slug in slugs)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{maps}</sitemapindex>\n'.encode()


def redirects(pairs):
    """Return redirects.json: ``{address: [status, address]}``, from the root."""
    return (json.dumps(dict(sorted(pairs.items())), indent=0) + "\n").encode()
