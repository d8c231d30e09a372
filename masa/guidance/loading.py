"""Takes guidance files into the database: all of them, or none."""
from pathlib import Path

from django.db import transaction

from masa.guidance.checking import check
from masa.guidance.models import GuidanceEdition, Mapping, Prompt, Release, Requirement, TemplateSection
from masa.guidance.reading import Problem, parse, read
from masa.guidance.vocabulary import Change

SHIPPED = Path(__file__).parent / "editions"
HEADER = [
    "series", "title", "short_title", "audience", "status", "published_on", "in_force_from", "in_force_to",
]
AS_WRITTEN = [
    "code", "kind", "group", "text", "force", "status", "source", "applies_when", "commenced", "valid_from", "valid_to",
    "see_also", "note", "deadline",
]


class GuidanceRefused(Exception):
    """The files were not loaded. ``problems``: every Problem found."""

    def __init__(self, problems):
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def shipped_files():
    """The guidance files that come with the program, in order of name."""
    return sorted(SHIPPED.glob("*.yaml"))


@transaction.atomic
def load_guidance(paths=None):
    """Load the files at ``paths``, or else those that come with the program.

    Returns the Releases made, oldest edition first. Loading a file again changes nothing. Raises
    GuidanceRefused, having changed nothing, if anything at all is wrong.
    """
    documents = [read(path) for path in (shipped_files() if paths is None else paths)]
    keys = {str(document.data.get("key")) for document in documents if document.data}
    held = [
        parse(f"{release.edition.key} as loaded", release.text)
        for release in Release.objects.filter(is_current=True).exclude(edition__key__in=keys).select_related("edition")
    ]
    if problems := check(documents, held):
        raise GuidanceRefused(problems)
    if problems := [problem for document in documents for problem in release_problems(document)]:
        raise GuidanceRefused(problems)
    return write([document for document in documents if not is_loaded(document)])


def loaded_release(document):
    """The Release loaded earlier under this document's edition and number, or None."""
    return Release.objects.filter(edition__key=document.data["key"], number=document.data["release"]).first()


def is_loaded(document):
    return loaded_release(document) is not None


def release_problems(document):
    """Say why the document's release number will not do: a list of at most one Problem."""
    key, number = document.data["key"], document.data["release"]
    newest = Release.objects.filter(edition__key=key, is_current=True).first()
    same = loaded_release(document)
    sentence = ""
    if same and same.digest != document.digest:
        sentence = (
            f"This file has changed since release {number} was loaded, and a released file does not change. "
            f"Give it a new release number, {newest.number + 1}, and load it again."
        )
    elif not same and newest and number < newest.number:
        sentence = f"Release {newest.number} is already loaded. Give this file the number {newest.number + 1}."
    return [Problem(document.file, key, "release", sentence)] if sentence else []


def write(documents):
    """Write each document as a new current release. They have been checked."""
    documents = sorted(documents, key=lambda document: document.data.get("in_force_from", ""))
    for document in documents:
        GuidanceEdition.objects.update_or_create(
            key=document.data["key"],
            defaults={name: document.data.get(name) for name in HEADER} | {"notes": notes(document.data)},
        )
    for document in documents:
        edition = GuidanceEdition.objects.get(key=document.data["key"])
        edition.replaces = GuidanceEdition.objects.filter(key=document.data.get("replaces")).first()
        edition.save(update_fields=["replaces"])
    return [write_release(document) for document in documents]


def notes(data):
    return [{"about": note.get("about", ""), "text": note["text"]} for note in data.get("notes", [])]


def write_release(document):
    data = document.data
    edition = GuidanceEdition.objects.get(key=data["key"])
    edition.releases.filter(is_current=True).update(is_current=False)
    release = Release.objects.create(
        edition=edition, number=data["release"], released_on=data["released_on"],
        digest=document.digest, text=document.text,
    )
    Requirement.objects.bulk_create(
        requirement(release, position, row) for position, row in enumerate(data.get("requirements", []), 1)
    )
    Mapping.objects.bulk_create(mappings(release, data))
    write_sections(release, data.get("sections", []))
    return release


def requirement(release, position, row):
    values = {name: row[name] for name in AS_WRITTEN if name in row}
    recipients = [
        {"key": who["key"], "status": who.get("status", row["status"])} for who in row.get("recipients", [])
    ]
    return Requirement(
        release=release, position=position, force_status=row.get("force_status", row["status"]), recipients=recipients,
        **values,
    )


def mappings(release, data):
    """The Mappings a file states, in the order of its rows, the dropped ones last."""
    if "replaces" not in data:
        return []
    stated = [
        (entry.get("code", ""), row["code"], entry["change"], entry.get("note", ""))
        for row in data.get("requirements", []) for entry in row["maps_from"]
    ]
    stated += [(row["code"], "", Change.DROPPED, row.get("note", "")) for row in data.get("dropped", [])]
    return [
        Mapping(release=release, position=position, from_code=earlier, to_code=later, change=change, note=note)
        for position, (earlier, later, change, note) in enumerate(stated, 1)
    ]


def write_sections(release, rows):
    by_key = {}
    for position, row in enumerate(rows, 1):
        section = TemplateSection.objects.create(
            release=release, position=position, key=row["key"], code=row["code"], number=row.get("number", ""),
            heading=row["heading"], parent=by_key.get(row.get("parent")), nearest=row.get("nearest", []),
        )
        by_key[section.key] = section
        Prompt.objects.bulk_create(
            Prompt(section=section, position=place, text=text) for place, text in enumerate(row["prompts"], 1)
        )
