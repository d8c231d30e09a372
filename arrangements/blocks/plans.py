"""What the partners set out to do: priorities, milestones, what is handed over, and the agreements they made."""

from arrangements.blocks.rows import body_name, named
from arrangements.blocks.words import ABOUT, NOT_STATED, count, day, joined, listed, stored_date
from arrangements.models import Agreement, HandoverItem, Milestone, Priority
from masa.publishing.blocks import Block, Table


class Priorities(Block):
    """What the partners work on first, on the day of the edition."""

    key = "priorities"
    title = "Priorities"
    about = "What the partners have agreed to work on first, and what success looks like."

    def collect(self, context):
        rows = Priority.objects.filter(partnership=context.partnership).on(context.as_on)
        return {
            "audience": context.audience,
            "priorities": [{"title": p.title, "success": p.success, "audience": p.audience} for p in rows],
        }

    def tables(self, data, schema):
        rows = [[p["title"], p["success"] or NOT_STATED, ABOUT[p["audience"]]] for p in data["priorities"]]
        return [Table("priorities", "Priorities", ["Priority", "What success looks like", "About"], rows)]


def due_words(item):
    """Return when something is due, in words: the date, as printed, or within so many months of the start."""
    within = item.get("due_months")
    words = (
        item.get("due_words")
        or day(item["due_on"])
        or (f"within {count(within, 'month')} of the start" if within else "")
    )
    return words or NOT_STATED


def done_words(item):
    """Return when something was done, in words; "Not recorded as done" where no date says so."""
    return day(item["done_on"]) or "Not recorded as done"


class Milestones(Block):
    """What is to be done by when, and what shows that it was."""

    key = "milestones"
    title = "Milestones"
    about = "What is to be done by which date, whether it was done, and the evidence."

    def collect(self, context):
        rows = Milestone.objects.filter(partnership=context.partnership)
        return {"audience": context.audience, "milestones": [milestone_data(m) for m in rows]}

    def tables(self, data, schema):
        rows = [[m["event"], due_words(m), done_words(m), m["evidence"], m["note"]] for m in data["milestones"]]
        return [Table("milestones", "Milestones", ["What", "Due", "Done", "Evidence", "Note"], rows)]


def milestone_data(milestone):
    """Return a milestone as data."""
    return {
        "event": milestone.event,
        "due_on": stored_date(milestone.due_on),
        "due_words": milestone.due_words,
        "done_on": stored_date(milestone.done_on),
        "evidence": milestone.evidence,
        "note": milestone.note,
    }


class Handover(Block):
    """What passes from one body to another: from, to, by when, and what shows that it did."""

    key = "handover"
    title = "What is handed over"
    about = "Open reviews, records and actions that pass from one body to another, and by when."

    def collect(self, context):
        rows = HandoverItem.objects.filter(partnership=context.partnership)
        return {"audience": context.audience, "items": [handover_data(item) for item in rows]}

    def tables(self, data, schema):
        columns = ["What", "Kind", "From", "To", "Due", "Done", "Evidence", "Note"]
        rows = [
            [i["what"], i["kind"], i["from"], i["to"], due_words(i), done_words(i), i["evidence"], i["note"]]
            for i in data["items"]
        ]
        return [Table("handover", "What is handed over", columns, rows)]


def handover_data(item):
    """Return something to be handed over as data."""
    return {
        "what": item.what,
        "kind": item.get_kind_display(),
        "from": item.from_body,
        "to": item.to_body,
        "due_on": stored_date(item.due_on),
        "due_months": item.due_months,
        "done_on": stored_date(item.done_on),
        "evidence": item.evidence,
        "note": item.note,
    }


class Agreements(Block):
    """Memoranda, protocols and information-sharing agreements."""

    key = "agreements"
    title = "Agreements between the organisations"
    about = "Memoranda, protocols and information-sharing agreements: who made them, when, and when they are reviewed."

    def collect(self, context):
        rows = Agreement.objects.filter(partnership=context.partnership).prefetch_related(named("parties"), "governs")
        return {"audience": context.audience, "agreements": [agreement_data(a, context.as_on) for a in rows]}

    def tables(self, data, schema):
        columns = [
            "Agreement",
            "Kind",
            "State",
            "Between",
            "Groups it covers",
            "Signed",
            "Review by",
            "Where to read it",
        ]
        rows = [
            [
                a["title"],
                a["kind"],
                a["state"],
                parties_words(a),
                listed(a["groups"]),
                signed_words(a),
                day(a["review_on"]) or NOT_STATED,
                a["link"],
            ]
            for a in data["agreements"]
        ]
        return [Table("agreements", self.title, columns, rows)]


def agreement_data(agreement, as_on):
    """Return an agreement as data, its parties called as they were on the day."""
    return {
        "title": agreement.title,
        "kind": agreement.get_kind_display(),
        "state": agreement.get_state_display(),
        "parties": [body_name(body, as_on) for body in agreement.parties.all()],
        "parties_note": agreement.parties_note,
        "groups": [group.name for group in agreement.governs.all()],
        "signed_on": stored_date(agreement.signed_on),
        "signed_words": agreement.signed_words,
        "review_on": stored_date(agreement.review_on),
        "link": agreement.link,
    }


def parties_words(agreement):
    """Return who made an agreement, in words."""
    return joined(listed(agreement["parties"]), agreement["parties_note"]) or NOT_STATED


def signed_words(agreement):
    """Return when an agreement was signed, in words: as printed where the day is not known."""
    return day(agreement["signed_on"]) or agreement["signed_words"] or NOT_STATED
