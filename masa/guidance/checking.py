"""Checks guidance files: first each field by itself, then what rows and editions say about one another.

Every mistake is reported, not only the first, each in a sentence that says what to write instead.
"""
import re
import unicodedata
from collections import Counter
from datetime import date
from typing import Callable, NamedTuple

from masa.guidance.calendar import FIRST_DAY, LAST_DAY
from masa.guidance.vocabulary import (
    Anchor, Audience, Basis, Change, Condition, Direction, Force, Kind, Marks, Recipient, Series, Status, Unit,
)

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CODE = re.compile(r"[A-Z0-9]+([.-][A-Z0-9]+)*")
MOST = 10_000
ONLY_SUCCESSORS = "Only an edition that replaces another can say this. Take it out."


class Field(NamedTuple):
    """What a field must hold. ``check`` takes the value and returns a sentence, empty when the value will do."""

    check: Callable
    required: bool = True


def text(longest):
    def check(value):
        if not isinstance(value, str) or not value.strip():
            return "Write some words here."
        if len(value) > longest:
            return f"Write at most {longest} characters; there are {len(value)}."
        if any(unicodedata.category(mark) in ("Cc", "Cf", "Cs") and mark != "\n" for mark in value):
            return "Take out the invisible characters."
        return ""

    return check


def written(pattern, example, longest):
    def check(value):
        if isinstance(value, str) and len(value) <= longest and pattern.fullmatch(value):
            return ""
        return f"Write it like {example}, in at most {longest} characters."

    return check


def choice(choices):
    def check(value):
        if isinstance(value, str) and value in choices.values:
            return ""
        return f"Write one of: {', '.join(choices.values)}."

    return check


def whole(value):
    if isinstance(value, bool) or not isinstance(value, int):
        return "Write a whole number."
    return "" if 1 <= value <= MOST else f"Write a number from 1 to {MOST:,}."


def flag(value):
    return "" if isinstance(value, bool) else "Write true or false."


def day(value):
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return "Write the date as year-month-day, such as 2018-06-29."
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return f"There is no such date as {value}. Check the month and the day."
    if not FIRST_DAY <= found <= LAST_DAY:
        return f"Write a date from {FIRST_DAY.year} to {LAST_DAY.year}."
    return ""


def several(check):
    """A list, of which each value passes ``check`` and none stands twice."""

    def check_list(value):
        if not isinstance(value, list):
            return "Write a list, even of one."
        for item in value:
            if sentence := check(item):
                return sentence
        twice = [item for item, count in Counter(value).items() if count > 1]
        return f"{twice[0]} stands twice in this list. Keep one." if twice else ""

    return check_list


def rows(value):
    """A list of named values; what is in each is checked by itself."""
    if isinstance(value, list) and all(isinstance(row, dict) for row in value):
        return ""
    return "Write a list whose entries each have named values."


def named(value):
    return "" if isinstance(value, dict) else "Write named values here, one a line."


key = written(KEY, "strategic-links", 60)
code = written(CODE, "WT18-PUB-01", 30)
codes = several(code)

EDITION = {
    "key": Field(written(KEY, "wt18", 40)),
    "series": Field(choice(Series)),
    "title": Field(text(200)),
    "short_title": Field(text(60)),
    "release": Field(whole),
    "released_on": Field(day),
    "audience": Field(choice(Audience)),
    "status": Field(choice(Status)),
    "published_on": Field(day, False),
    "in_force_from": Field(day, False),
    "in_force_to": Field(day, False),
    "replaces": Field(written(KEY, "wt18", 40), False),
    "notes": Field(rows, False),
    "sections": Field(rows, False),
    "requirements": Field(rows, False),
    "dropped": Field(rows, False),
}
NOTE = {"about": Field(code, False), "text": Field(text(1000))}
REQUIREMENT = {
    "code": Field(code),
    "kind": Field(choice(Kind)),
    "group": Field(text(60), False),
    "text": Field(text(1000)),
    "force": Field(choice(Force)),
    "status": Field(choice(Status)),
    "force_status": Field(choice(Status), False),
    "source": Field(text(200)),
    "applies_when": Field(choice(Condition), False),
    "commenced": Field(flag, False),
    "valid_from": Field(day, False),
    "valid_to": Field(day, False),
    "recipients": Field(rows, False),
    "deadline": Field(named, False),
    "see_also": Field(codes, False),
    "note": Field(text(1000), False),
    "maps_from": Field(rows, False),
}
RECIPIENT = {"key": Field(choice(Recipient)), "status": Field(choice(Status), False)}
DEADLINE = {
    "anchor": Field(choice(Anchor)),
    "other_anchors": Field(several(choice(Anchor)), False),
    "amount": Field(whole),
    "unit": Field(choice(Unit)),
    "direction": Field(choice(Direction)),
    "basis": Field(choice(Basis)),
    "status": Field(choice(Status)),
    "marks": Field(choice(Marks), False),
    "no_later_than": Field(day, False),
}
MAPS_FROM = {"code": Field(code, False), "change": Field(choice(Change)), "note": Field(text(1000), False)}
DROPPED = {"code": Field(code), "note": Field(text(1000), False)}
SECTION = {
    "code": Field(code),
    "key": Field(key),
    "number": Field(text(10), False),
    "heading": Field(text(200)),
    "parent": Field(key, False),
    "nearest": Field(codes, False),
    "prompts": Field(several(text(1000))),
}


class View:
    """A document's values with whatever is of the wrong shape left out, so that later checks need not ask again."""

    def __init__(self, document):
        self.document = document
        self.data = {
            name: value for name, value in (document.data or {}).items()
            if name in EDITION and not EDITION[name].check(value)
        }
        self.key = self.data.get("key", "")
        self.requirements = [row for row in self.data.get("requirements", []) if self.has_code(row)]
        self.sections = [row for row in self.data.get("sections", []) if self.has_code(row)]
        self.codes = {row["code"] for row in self.requirements}

    def has_code(self, row):
        return not code(row.get("code"))

    def refuse(self, code, field, sentence):
        self.document.refuse(code or self.key, field, sentence)

    def date(self, name):
        return date.fromisoformat(self.data[name]) if name in self.data else None

    def earlier_codes(self):
        """Every (row, entry) of maps_from that names a row of the edition before."""
        for row in self.requirements:
            for entry in maps_from(row):
                if not code(entry.get("code")):
                    yield row, entry


def maps_from(row):
    """The entries of a row's ``maps_from`` that are of the right shape."""
    found = row.get("maps_from")
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def check(documents, held=()):
    """Find every mistake in ``documents``, given those already ``held``: a list of Problem.

    A mistake in a held document (one that a new release leaves pointing at nothing) is reported as well.
    """
    views = [View(document) for document in [*documents, *held]]
    for view in views:
        if view.document.data is not None:
            check_form(view)
            check_codes(view)
            check_dates(view)
            check_sections(view)
    check_keys(views)
    check_references(views)
    check_series(views)
    return [problem for view in views for problem in view.document.problems]


def check_fields(view, about, values, fields, within=""):
    """Report fields that are missing, unknown, or hold the wrong thing. ``within`` goes before each field's name."""
    for name, value in values.items():
        if name not in fields:
            view.refuse(about, f"{within}{name}", f"There is no field of this name. Write one of: {', '.join(fields)}.")
        elif sentence := fields[name].check(value):
            view.refuse(about, f"{within}{name}", sentence)
    for name, wanted in fields.items():
        if wanted.required and name not in values:
            view.refuse(about, f"{within}{name}", "This field is missing. Add it.")


def check_form(view):
    check_fields(view, view.key, view.document.data, EDITION)
    for name, fields in [("notes", NOTE), ("dropped", DROPPED)]:
        for number, row in enumerate(view.data.get(name, []), 1):
            check_fields(view, view.key, row, fields, f"{name} {number}: ")
    for name, fields in [("sections", SECTION), ("requirements", REQUIREMENT)]:
        for number, row in enumerate(view.data.get(name, []), 1):
            check_fields(view, row["code"] if view.has_code(row) else f"{name} {number}", row, fields)
    for row in view.requirements:
        check_parts(view, row)


def check_parts(view, row):
    """The parts of a requirement that have fields of their own."""
    if isinstance(row.get("deadline"), dict):
        check_fields(view, row["code"], row["deadline"], DEADLINE, "deadline: ")
    for name, fields in [("recipients", RECIPIENT), ("maps_from", MAPS_FROM)]:
        found = row.get(name)
        for part in found if isinstance(found, list) else []:
            if isinstance(part, dict):
                check_fields(view, row["code"], part, fields, f"{name}: ")


def check_codes(view):
    counts = Counter(row["code"] for row in [*view.requirements, *view.sections])
    for about, count in counts.items():
        if count > 1:
            view.refuse(about, "code", f"This code is used {count} times in the file. Give each row its own.")


def check_dates(view):
    if out_of_order(view.data, "in_force_from", "in_force_to"):
        view.refuse(view.key, "in_force_to", "This date is before in_force_from. Check both.")
    for row in view.requirements:
        if out_of_order(row, "valid_from", "valid_to"):
            view.refuse(row["code"], "valid_to", "This date is before valid_from. Check both.")


def out_of_order(values, first, last):
    found = values.get(first), values.get(last)
    return not any(map(day, found)) and found[1] < found[0]


def check_sections(view):
    counts = Counter(row.get("key") for row in view.sections if not key(row.get("key")))
    before = set()
    for row in view.sections:
        if counts[row.get("key")] > 1:
            view.refuse(row["code"], "key", "Another section has this key. Give each its own.")
        if not key(row.get("parent")) and row["parent"] not in before:
            view.refuse(row["code"], "parent", f"No section before this one has the key {row['parent']}.")
        before.add(str(row.get("key")))


def check_keys(views):
    counts = Counter(view.key for view in views if view.key)
    for view in views:
        if counts[view.key] > 1:
            view.refuse(view.key, "key", "Two of these files are for this edition. Load one of them.")


def check_references(views):
    by_key = {view.key: view for view in views if view.key}
    known = {about for view in views for about in view.codes}
    for view in views:
        for row in view.requirements:
            check_known(view, row, "see_also", known)
        for row in view.sections:
            check_known(view, row, "nearest", known)
        check_replaces(view, by_key)
        check_mappings(view, by_key.get(view.data.get("replaces")))


def check_known(view, row, name, known):
    named = row.get(name)
    for about in named if isinstance(named, list) else []:
        if not code(about) and about not in known:
            view.refuse(row["code"], name, f"No file has a requirement {about}. Correct it, or load its file too.")


def check_replaces(view, by_key):
    earlier = by_key.get(view.data.get("replaces"))
    if "replaces" not in view.data:
        return
    if earlier is None:
        view.refuse(view.key, "replaces", f"No file is for the edition {view.data['replaces']}. Load that one too.")
    elif earlier is view:
        view.refuse(view.key, "replaces", "An edition cannot replace itself.")
    elif earlier.data.get("series") != view.data.get("series"):
        view.refuse(view.key, "replaces", "An edition replaces one of its own series.")


def check_mappings(view, earlier):
    if "replaces" not in view.data:
        for row in view.requirements:
            if "maps_from" in row:
                view.refuse(row["code"], "maps_from", ONLY_SUCCESSORS)
        if "dropped" in view.data:
            view.refuse(view.key, "dropped", ONLY_SUCCESSORS)
        return
    check_entries(view)
    if earlier is not None:
        check_earlier(view, earlier)


def check_entries(view):
    """Each row says where it comes from, and the words used fit how many rows stand at either end."""
    feeds = Counter(entry["code"] for _, entry in view.earlier_codes())
    for row in view.requirements:
        entries = maps_from(row)
        if not entries:
            view.refuse(row["code"], "maps_from", "Say which earlier row this comes from, or that it is new.")
        for entry in entries:
            if sentence := misfit(entry, len(entries), feeds):
                view.refuse(row["code"], "maps_from", sentence)


def misfit(entry, sources, feeds):
    """Say why an entry's ``change`` does not fit; empty when it does.

    sources: how many entries the row has. feeds: how many rows each earlier code goes to.
    """
    change, about = entry.get("change"), entry.get("code")
    if change == Change.DROPPED:
        return "List a dropped row under “dropped” at the end of the file, not here."
    if change == Change.NEW:
        return "A new row comes from nothing: take out the other codes." if about or sources > 1 else ""
    if about is None:
        return "Add the code of the row it comes from."
    if change in (Change.SAME, Change.REWORDED) and (sources > 1 or feeds[about] > 1):
        return f"{about} and this row are not one to one: write split or merged."
    if change == Change.SPLIT and feeds[about] < 2:
        return f"Only this row comes from {about}, so it was not split: write same or reworded."
    if change == Change.MERGED and sources < 2:
        return "This row comes from one row only, so nothing was merged: write same, reworded or split."
    return ""


def check_earlier(view, earlier):
    """Every row of the edition before is accounted for, once, and nothing else is."""
    used = set()
    for row, entry in view.earlier_codes():
        used.add(entry["code"])
        if entry["code"] not in earlier.codes:
            view.refuse(row["code"], "maps_from", f"The edition before ({earlier.key}) has no {entry['code']}.")
    dropped = {row["code"] for row in view.data.get("dropped", []) if view.has_code(row)}
    for about in sorted(dropped - earlier.codes):
        view.refuse(about, "dropped", f"The edition before ({earlier.key}) has no such row.")
    for about in sorted(dropped & used):
        view.refuse(about, "dropped", "A row here says it comes from this one, so it was not dropped.")
    for about in sorted(earlier.codes - used - dropped):
        view.refuse(about, "dropped", f"Say what became of this row of {earlier.key}: map it, or list it as dropped.")


def check_series(views):
    """Editions of a series are in force one at a time."""
    dated = sorted((view for view in views if view.date("in_force_from")), key=lambda view: view.date("in_force_from"))
    for number, view in enumerate(dated):
        for later in dated[number + 1:]:
            ends = view.date("in_force_to") or LAST_DAY
            if view.data.get("series") == later.data.get("series") and ends >= later.date("in_force_from"):
                sentence = f"{view.key} of the same series is still in force then. Give it an in_force_to."
                later.refuse(later.key, "in_force_from", sentence)
