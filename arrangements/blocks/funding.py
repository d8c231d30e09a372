"""The money: what each body gives and what is spent, with totals computed beside the totals printed."""

from decimal import Decimal

from django.db.models import Prefetch

from arrangements.blocks.rows import body_name, named
from arrangements.blocks.words import NOT_STATED, count, joined, percent, pounds, share, stored_date, stored_money
from arrangements.models import Contribution, Expenditure, Fund
from masa.publishing.blocks import Block, Table

AGREES, CREDIT, DIFFERS, NO_TOTAL = "agrees", "credit", "differs", "none"


class Funding(Block):
    """Funds with their contributions and spending. Option ``slugs`` names the funds to show; without it, all."""

    key = "funding"
    title = "What it costs and who pays"
    about = "What each organisation gives, in money and in kind, and what is spent, with totals that are checked."

    def collect(self, context):
        funds = Fund.objects.filter(partnership=context.partnership)
        if "slugs" in context.options:
            funds = funds.filter(slug__in=context.options["slugs"])
        payers = Contribution.objects.prefetch_related(named("payer"))
        funds = funds.prefetch_related(
            Prefetch("contributions", payers), Prefetch("spending", Expenditure.objects.all())
        )
        return {"audience": context.audience, "funds": [fund_data(fund, context.as_on) for fund in funds]}

    def tables(self, data, schema):
        return [table for fund in data["funds"] for table in fund_tables(fund)]


def fund_data(fund, as_on):
    """Return one fund as data. Planned and actual lines are added up apart: together they would count money twice."""
    lines, spending = list(fund.contributions.all()), list(fund.spending.all())
    stages = [stage_data(stage, [x for x in lines if x.stage == stage], as_on) for stage in Contribution.Stage]
    stages = [stage for stage in stages if stage["lines"]]
    total = Decimal(stages[-1]["total"]) if stages and stages[-1]["total"] is not None else None
    return {
        "slug": fund.slug,
        "title": fund.title,
        "body": fund.body_funded,
        "is_predecessor": fund.is_predecessor,
        "starts_on": stored_date(fund.year_starts_on),
        "ends_on": stored_date(fund.year_ends_on),
        "note": fund.note,
        "stages": stages,
        "printed_total": fund.printed_total,
        "printed_value": stored_money(fund.printed_total_value),
        **check(fund.printed_total_value, total),
        "spending": [spending_data(line) for line in spending],
        "spent": stored_money(added(spending)),
    }


def added(lines):
    """Return the sum of the amounts that are stated, or None where none is."""
    stated = [line.amount for line in lines if line.amount is not None]
    return sum(stated) if stated else None


def stage_data(stage, lines, as_on):
    """Return the lines of one stage (planned or actual) as data, with their totals and shares of the computed total."""
    total, partners = added(lines), added([line for line in lines if line.is_statutory])
    return {
        "stage": stage.label,
        "lines": [line_data(line, total, as_on) for line in lines],
        "total": stored_money(total),
        "not_stated": sum(line.amount is None for line in lines),
        "in_kind": stored_money(added([line for line in lines if line.form == Contribution.Form.IN_KIND])),
        "partners": stored_money(partners),
        "partners_share": share(partners, total),
    }


def line_data(line, total, as_on):
    """Return one contribution as data. A line without a payer is a purpose."""
    return {
        "label": line.label,
        "payer": body_name(line.payer, as_on),
        "is_purpose": line.payer_id is None,
        "form": line.get_form_display(),
        "how_valued": line.how_valued,
        "amount": stored_money(line.amount),
        "share": share(line.amount, total),
        "flexibility": line.get_flexibility_display(),
        "children": stored_money(line.children_share),
        "adults": stored_money(line.adults_share),
        "statutory": line.is_statutory,
        "footnote": line.footnote,
    }


def spending_data(line):
    """Return one line of spending as data."""
    return {
        "heading": line.heading,
        "amount": stored_money(line.amount),
        "shared_with": line.shared_with,
        "footnote": line.footnote,
        "posts": None if line.full_time_posts is None else format(line.full_time_posts.normalize(), "f"),
    }


def check(printed, computed):
    """Compare a printed total with the computed one: agrees, credit (same size, opposite sign), differs or none."""
    if printed is None or computed is None:
        return {"check": NO_TOTAL, "difference": None}
    if printed == computed:
        return {"check": AGREES, "difference": None}
    if printed == -computed:
        return {"check": CREDIT, "difference": None}
    return {"check": DIFFERS, "difference": stored_money(abs(printed - computed))}


def check_words(fund):
    """Say in a sentence how the printed total stands to the lines; empty where no total is printed."""
    printed = fund["printed_total"]
    if not printed:
        return ""
    return {
        AGREES: f"The source prints a total of {printed}, which is what the lines add to.",
        CREDIT: f"The source prints a total of {printed}: the same size as the lines add to, printed as a credit.",
        DIFFERS: f"The source prints a total of {printed}, which does not add up: "
        f"it differs from the lines by {pounds(fund['difference'])}.",
        NO_TOTAL: f"The source prints a total of {printed}. It cannot be checked against the lines.",
    }[fund["check"]]


def missing_words(stage):
    """Say how many lines state no amount; empty where all do."""
    missing = stage["not_stated"]
    if not missing:
        return ""
    left_out = "it" if missing == 1 else "them"
    lines = count(missing, "line states", "lines state")
    return f"{lines} no amount. That is not the same as nothing, and the total leaves {left_out} out."


def line_notes(line):
    """Return what is to be known about one contribution besides its amount, in words."""
    return joined(
        "a purpose, not a payer" if line["is_purpose"] else "",
        "" if line["payer"] in ("", line["label"]) else f"paid by {line['payer']}",
        "" if line["form"] == "Cash" else line["form"].lower(),
        line["how_valued"] and f"valued: {line['how_valued']}",
        "" if line["flexibility"] == NOT_STATED else line["flexibility"].lower(),
        line["children"] and f"children {pounds(line['children'])}",
        line["adults"] and f"adults {pounds(line['adults'])}",
        line["footnote"],
    )


def bars(stage):
    """Return the rows of the bar chart of one stage: (label, Decimal or None, words)."""
    return [
        (x["label"], None if x["amount"] is None else Decimal(x["amount"]), pounds(x["amount"])) for x in stage["lines"]
    ]


def fund_tables(fund):
    """Return the tables of one fund: contributions with their total, and spending where there is some."""
    columns = ["Line", "Payer", "Amount (£)", "Share", "Stage", "Cash or in kind", "Safeguarding partner", "Notes"]
    rows = [contribution_row(line, stage["stage"]) for stage in fund["stages"] for line in stage["lines"]]
    rows += [
        [f"Total, {s['stage'].lower()}", "", s["total"] or NOT_STATED, "", s["stage"], "", "", missing_words(s)]
        for s in fund["stages"]
    ]
    if fund["printed_total"]:
        rows.append(["Total as printed", "", fund["printed_total"], "", "", "", "", check_words(fund)])
    tables = [Table(f"funding-{fund['slug']}", fund["title"], columns, rows)]
    if fund["spending"]:
        spent = [
            [x["heading"], x["amount"] or NOT_STATED, x["posts"] or "", x["shared_with"], x["footnote"]]
            for x in fund["spending"]
        ]
        spent.append(["Total", fund["spent"] or NOT_STATED, "", "", ""])
        tables.append(
            Table(
                f"funding-{fund['slug']}-spending",
                f"{fund['title']}: spending",
                ["Heading", "Amount (£)", "Full-time equivalent posts", "Shared with", "Notes"],
                spent,
            )
        )
    return tables


def contribution_row(line, stage):
    """Return one contribution as a row. A line without a payer says so."""
    return [
        line["label"],
        line["payer"] or "A purpose, not a payer",
        line["amount"] or NOT_STATED,
        percent(line["share"]),
        stage,
        line["form"],
        "Yes" if line["statutory"] else "No",
        line_notes(line),
    ]
