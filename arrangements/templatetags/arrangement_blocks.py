"""What the blocks' templates need to print agreed data: tables, charts and diagrams, with holders beside posts.

Holders come from public settings and not from what was agreed, so they are joined to the posts here and nowhere else.
"""

from collections import Counter

from django import template
from django.template.defaultfilters import capfirst
from django.utils.html import format_html

from arrangements.blocks import agencies, funding, partners, structure
from arrangements.blocks.words import ABOUT, NOT_STATED, count, joined, listed, percent, pounds
from masa.publishing import blocks
from masa.ui import diagrams

register = template.Library()
register.filter("check_words", funding.check_words)
register.filter("missing_words", funding.missing_words)
register.filter("member_words", structure.member_words)
register.filter("standing_words", structure.standing_words)
register.filter("link_words", structure.link_words)
register.filter("by_sector", agencies.by_sector)


@register.filter("words")
def by_commas(text):
    """Return words with commas between them as a list, for the columns of a table."""
    return text.split(",")


@register.filter
def how_many(rows, nouns):
    """Return how many rows there are, with the noun for one and for many: ``rows|how_many:"line,lines"``."""
    return count(len(rows), *by_commas(nouns))


@register.filter
def given(gift):
    """Return what an agency gives, in words."""
    return joined(pounds(gift["amount"]), gift["form"].lower(), gift["stage"].lower(), gift["footnote"])


@register.filter
def beyond(audience, edition):
    """Return whom a row is about alone, in words, where the edition is not; else nothing, to keep pages quiet."""
    return "" if audience in {edition, "both"} else ABOUT[audience]


@register.simple_tag
def data_scope(audience):
    """Print the attribute by which a row about children alone or adults alone can be hidden."""
    return format_html(' data-scope="{}"', audience) if audience in {"children", "adults"} else ""


@register.filter
def holder(holders, post):
    """Return who holds a post, in words. A post of which nobody is recorded says so; nothing is invented."""
    held = (holders or {}).get(post)
    if held is None:
        return "Holder not recorded"
    if not held["name"]:
        return "Post vacant"
    return held["name"] + (f" ({held['standing']})" if held["standing"] in {"interim", "acting"} else "")


# Tables --------------------------------------------------------------------------------------------------------------


@register.simple_tag
def told(data, key, rows_name, schema=1):
    """Return the first table of a simple block for ``parts/table.html``, each row with whom it is about.

    The column "About" is left out where every row is about the same people as the edition, and so is an empty column.
    """
    table = blocks.get(key).tables(data, schema)[0]
    about = [row.get("audience", data["audience"]) for row in data[rows_name]]
    quiet = all(audience == data["audience"] for audience in about)
    shown = [
        i
        for i, column in enumerate(table.columns)
        if not (column == "About" and quiet) and (i == 0 or any(row[i] for row in table.rows))
    ]
    return {
        "caption": table.title,
        "columns": [table.columns[i] for i in shown],
        "rows": [
            {"scope": audience, "cells": [cell(row[i]) for i in shown]}
            for audience, row in zip(about, table.rows, strict=True)
        ],
    }


def cell(text):
    """Return one cell; an address becomes a link."""
    return {"text": text, "href": text if text.startswith(("https://", "http://")) else ""}


@register.simple_tag
def seat_table(seat, holders):
    """Return the posts of one seat with their holders, for ``parts/table.html``. The caption alone names the body."""
    titles = {d["post"]: d["title"] for d in seat["delegates"]}
    rows = [(post, seat["lead_term"], post["note"]) for post in seat["leads"]]
    for post in seat["delegates"]:
        under = f"acts under the {titles[post['under']]}" if post["under"] in titles else ""
        rows.append((post, joined(seat["delegate_term"], post["place"], under), post["note"]))
    return post_table(seat_name(seat), rows, holders, body=seat["organisation"])


def seat_name(seat):
    """Return the label of a seat with the body's name where the label does not begin with it, and the area."""
    body = "" if seat["label"].startswith(seat["organisation"]) else seat["organisation"]
    return ", ".join(part for part in (seat["label"], body, seat["area"]) if part)


def post_table(caption, rows, holders, *, body=""):
    """Return posts as a table; rows: (post, as what, note). ``body`` is not named again with each post."""
    with_note = any(note for _, _, note in rows)
    return {
        "caption": caption,
        "columns": ["Post", "As", "Who holds it", *(["Note"] if with_note else [])],
        "rows": [
            {
                "scope": "",
                "cells": [
                    cell(text)
                    for text in (
                        title_of(post, body),
                        capfirst(role),
                        holder(holders, post["post"]),
                        *([note] if with_note else []),
                    )
                ],
            }
            for post, role, note in rows
        ],
    }


def title_of(post, body):
    """Return a post in words, without its organisation where that is ``body``."""
    return post["title"] if post["organisation"] == body else partners.post_words(post)


@register.simple_tag
def others_table(others, holders):
    """Return the delegates without a seat, for ``parts/table.html``."""
    rows = [(post, joined("Takes part; does not sign", post["place"]), post["note"]) for post in others]
    return post_table("Others who take part at this level", rows, holders)


@register.simple_tag
def agency_table(data, sector, rows, base):
    """Return the agencies of one sector with links to their pages, for ``parts/table.html``.

    What is usual for all agencies, or the same for all of the sector, is not repeated in the rows.
    """
    columns, said = {}, []
    for title, field in GROUNDS.items():
        found = {a[field] for a in rows}
        if found == {usual(data["agencies"], field)}:
            continue
        if len(rows) > 1 and len(found) == 1:
            said.append(f"{title}: {rows[0][field] or NOT_STATED.lower()}.")
        else:
            columns[title] = field
    return {
        "caption": sector,
        "said": " ".join(said),
        "columns": ["Agency", *columns],
        "rows": [
            {
                "scope": a["audience"],
                "cells": [
                    {"text": a["name"], "href": f"{base}agencies/{a['slug']}/"},
                    *(cell(ground(data, a, field)) for field in columns.values()),
                ],
            }
            for a in rows
        ],
    }


GROUNDS = {"Why it is included": "why", "Basis": "basis_words"}


def usual(agencies, field):
    """Return what most of several agencies have in a field; None where no value stands for half of them."""
    value, many = Counter(a[field] for a in agencies).most_common(1)[0]
    return value if many > 1 and 2 * many >= len(agencies) else None


def ground(data, agency, field):
    """Return the cell of a field: what is usual is said above the tables."""
    if agency[field] == usual(data["agencies"], field):
        return "As said above"
    return agency[field] or NOT_STATED


@register.filter
def grounds_said(data):
    """Return the sentences above the tables: what is the same for all agencies, or for most of them."""
    agencies, said = data["agencies"], []
    missing = [title.lower() for title, field in GROUNDS.items() if all(is_missing(a[field]) for a in agencies)]
    for title, field in GROUNDS.items():
        value = usual(agencies, field)
        if value is None or title.lower() in missing:
            continue
        but = "" if all(a[field] == value for a in agencies) else ", unless the list says otherwise"
        said.append(f"{title}{but}: {NOT_STATED.lower() if is_missing(value) else value}.".replace("..", "."))
    return [*([f"Not stated for any of them: {listed(missing)}."] if missing else []), *said]


def is_missing(words):
    return words in ("", NOT_STATED)


@register.simple_tag
def matrix(data, base):
    """Return {columns, rows, key, totals, differing} of the matrix of agencies and strands."""
    strands = data["strands"]
    found = {row["certainty"] for a in data["agencies"] for row in a["involved"]}
    key = [{"state": STATES[word], "words": word} for word in STATES if word in found]
    return {
        "columns": [strand["label"] for strand in strands],
        "rows": [matrix_row(a, strands, data["audience"], base) for a in data["agencies"]],
        "key": key,
        "totals": totals(strands),
        "differing": [words for words in map(agencies.total_words, strands) if words],
    }


STATES = {"Confirmed": "yes", "Expected": "maybe"}


def matrix_row(agency, strands, audience, base):
    """Return one row of the matrix for ``components/matrix.html``."""
    involved = {row["strand"]: row for row in agency["involved"]}
    return {
        "label": agency["name"],
        "href": f"{base}agencies/{agency['slug']}/",
        "scope": agency["audience"] if agency["audience"] != audience else "",
        "cells": [mark(involved.get(strand["slug"]), audience) for strand in strands],
    }


def mark(row, audience):
    """Return one cell of the matrix: empty, or a mark with its words."""
    if row is None:
        return {"state": "", "words": "", "note": "", "scope": ""}
    scope = row["audience"] if row["audience"] not in (audience, "both") else ""
    return {"state": STATES[row["certainty"]], "words": row["certainty"], "note": row["note"], "scope": scope}


def totals(strands):
    """Return how many agencies take part in each strand, with the source's own count where it prints one."""
    printed = any(strand["printed_total"] is not None for strand in strands)
    rows = [
        [
            s["label"],
            str(s["total"]),
            *([NOT_STATED if s["printed_total"] is None else str(s["printed_total"])] if printed else []),
        ]
        for s in strands
    ]
    return {
        "caption": "How many take part in each",
        "columns": ["Strand", "Agencies", *(["As printed in the source"] if printed else [])],
        "rows": [{"scope": "", "cells": [cell(text) for text in row]} for row in rows],
    }


# Groups --------------------------------------------------------------------------------------------------------------


MOST_TIES = 8  # on paper, more of them cross each other and the boxes


@register.simple_tag
def diagram(data, ident, where="web"):
    """Return {title, nodes, edges, tree} for ``components/structure.html``; on paper, many ties are told by the tree alone."""
    nodes, edges = structure.drawing(data)
    reports = [edge for edge in edges if edge["kind"] == diagrams.TREE]
    title = "Who reports to whom, and other ties"
    if where == "pdf" and len(edges) - len(reports) > MOST_TIES:
        title, edges = "Who reports to whom", reports
    return {"title": title, "nodes": nodes, "edges": edges, "tree": structure.outline(data, ident)}


@register.simple_tag
def group_facts(group, holders):
    """Return what is stated about a group, as [{key, value}]."""
    names = [joined(name["name"], name["note"]).replace("; ", ", ") for name in group["also_called"]]
    rows = [
        {"key": "Kind", "value": group["kind_words"]},
        {"key": "Also called", "value": listed(names)},
        {"key": "Area", "value": group["area"]},
        {"key": "Belongs to", "value": structure.owners_words(group)},
        *({"key": chair["role"], "value": chair_line(chair, holders)} for chair in group["chairs"]),
        {"key": "Meets", "value": capfirst(group["meets"])},
        {"key": "Terms of reference", "value": capfirst(stated(structure.terms_words(group)))},
    ]
    return [row for row in rows if row["value"]]


def stated(words):
    """Return words, or nothing where they say that nothing is stated."""
    return "" if words == NOT_STATED else words


@register.simple_tag
def member_table(group, holders, base):
    """Return the members of a group for ``parts/table.html``: who, as what, who holds the post, and a note where there is one."""
    rows = []
    for member in group["members"]:
        agency = member["agency"]
        who = {"text": structure.member_words(member), "href": f"{base}agencies/{agency['slug']}/" if agency else ""}
        held = holder(holders, member["post"]["post"]) if member["post"] else ""
        rows.append((member["audience"], [who, cell(structure.place_words(member)), cell(held), cell(member["note"])]))
    columns = ["Who", "As", "Who holds the post", "Note"]
    shown = [n for n in range(len(columns)) if n < 2 or any(cells[n]["text"] for _, cells in rows)]
    return {
        "caption": "Members",
        "of": group["name"],
        "columns": [columns[n] for n in shown],
        "rows": [{"scope": audience, "cells": [cells[n] for n in shown]} for audience, cells in rows],
    }


@register.filter
def not_stated(group):
    """Say in one sentence which of the usual facts about a group are not stated; empty where all are."""
    asked = {
        "what it is for": group["remit"],
        "who chairs it": group["chairs"],
        "how often it meets": group["meets"],
        "terms of reference": stated(structure.terms_words(group)),
        "who its members are": group["members"],
    }
    missing = [words for words, found in asked.items() if not found]
    return f"Not stated: {listed(missing)}." if missing else ""


def chair_line(chair, holders):
    """Return who chairs; a post together with its holder."""
    who = structure.chair_words(chair)
    return joined(who, held_by(holders, chair["post"]["post"])) if chair["post"] else who


@register.filter
def held_by(holders, post):
    """Return who holds a post, as part of a sentence."""
    words = holder(holders, post)
    return f"held by {words}" if (holders or {}).get(post, {}).get("name") else words.lower()


@register.filter
def names_posts(groups):
    """Say whether any group names a post, so that the day to which holders are correct needs to be told."""
    return any(chair["post"] for g in groups for chair in g["chairs"]) or any(
        m["post"] for g in groups for m in g["members"]
    )


# Money ---------------------------------------------------------------------------------------------------------------


@register.simple_tag
def stage_picture(stage, fund):
    """Return {title, chart, rows, note} of one stage of a fund, for ``components/chart_with_table.html``."""
    rows = [
        {"label": x["label"], "note": funding.line_notes(x), "cells": [x["amount"], percent(x["share"])]}
        for x in stage["lines"]
    ]
    rows.append(
        {
            "label": "Total of the lines",
            "cells": [stage["total"], percent("100" if stage["total"] else None)],
            "total": True,
        }
    )
    if any(x["statutory"] for x in stage["lines"]):
        rows.append(
            {"label": "Safeguarding partners together", "cells": [stage["partners"], percent(stage["partners_share"])]}
        )
    if stage["in_kind"] is not None:
        rows.append({"label": "Of the total, in kind", "cells": [stage["in_kind"], "–"]})
    if fund["printed_total"] and stage is fund["stages"][-1]:
        rows.append({"label": "Total as printed in the source", "cells": [fund["printed_total"], "–"]})
    return {"title": f"{fund['title']}: {stage['stage'].lower()}", "chart": funding.bars(stage), "rows": rows}


@register.simple_tag
def spending_rows(fund):
    """Return the spending of a fund as rows for ``components/money_table.html``."""
    rows = [{"label": x["heading"], "note": spending_note(x), "cells": [x["amount"]]} for x in fund["spending"]]
    return [*rows, {"label": "Total of the lines", "cells": [fund["spent"]], "total": True}]


def spending_note(line):
    """Return what is to be known about one line of spending besides its amount."""
    posts = line["posts"] and f"{line['posts']} full-time equivalent posts"
    return joined(posts, line["shared_with"] and f"shared with {line['shared_with']}", line["footnote"])
