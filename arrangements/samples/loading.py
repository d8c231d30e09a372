"""Takes files of samples into the database: all of them, or nothing."""
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from arrangements.samples import editions, people, table
from arrangements.samples.moves import follow
from arrangements.samples.reading import SamplesRefused, read
from arrangements.samples.rows import BROKEN, Names, Reader
from arrangements.samples.values import Refused, moment, shown
from masa.partnerships import scope
from masa.partnerships.models import Partnership

SHIPPED = Path(settings.BASE_DIR) / "fixtures"
#: When rows were entered, unless their file says so itself (``entered_at``). Fixed, so that loading twice gives the same rows.
ENTERED_AT = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
TOP = ["entered_at", "partnership", *table.SHARED_ROWS, *table.PARTNERSHIP_ROWS, "people", "publications"]


@dataclass
class Loaded:
    """What was done: the slugs of the partnerships that are new, and of those left as they were."""

    new: list = field(default_factory=list)
    kept: list = field(default_factory=list)


class NoSuchSample(Exception):
    """A sample that does not come with the program; ``str()`` of it names those that do."""


def shipped(slugs=()):
    """Return the files to load for these partnerships, or for all: first those that several share. Raises NoSuchSample."""
    files = {path.stem: path for path in sorted(SHIPPED.glob("*.yaml"))}
    shared = [name for name, path in files.items() if not read(path).slug]
    partnerships = [name for name in files if name not in shared]
    if unknown := [slug for slug in slugs if slug not in partnerships]:
        raise NoSuchSample(f"There is no sample called {', '.join(unknown)}. The samples are: {', '.join(partnerships)}.")
    return [files[name] for name in [*shared, *(slugs or partnerships)]]


@transaction.atomic
def load(paths):
    """Load these files, those without a partnership first, and return what was Loaded.

    A partnership that the register has already is left exactly as it is, and so is a shared row. Raises SamplesRefused, having
    saved nothing, if anything at all is wrong in any of the files.
    """
    files = sorted((read(path) for path in paths), key=lambda file: bool(file.slug))
    names, loaded = Names(), Loaded()
    with scope.every_partnership(why="samples are loaded before anyone has a scope"):
        for file in files:
            if file.slug and file.slug in loaded.new:
                file.refuse("partnership", "slug", f"Another file describes {file.slug} already. Load one of them.")
                continue
            if file.slug and Partnership.objects.filter(slug=file.slug).exists():
                loaded.kept.append(file.slug)
                continue
            load_file(file, names)
            loaded.new += [file.slug] if file.slug else []
    if problems := [problem for file in files for problem in file.problems]:
        raise SamplesRefused(problems)
    return loaded


def load_file(file, names):
    """Make every row of one file. What is wrong is added to the file's problems."""
    reader = Reader(file, entered_at(file), names)
    for name in file.data:
        if name not in TOP:
            file.refuse("file", shown(name), f"A file has no part of this name. Its parts are: {', '.join(TOP)}.")
    lists(reader, table.SHARED_ROWS)
    if "partnership" in file.data:
        load_partnership(reader)
    elif stray := [name for name in [*table.PARTNERSHIP_ROWS, "people", "publications"] if name in file.data]:
        file.refuse("file", stray[0], "These rows belong to a partnership, and the file describes none. Add “partnership:”.")


def load_partnership(reader):
    """Make the partnership of a file and all that belongs to it."""
    raw = reader.file.data["partnership"]
    if not reader.file.slug:
        reader.file.refuse("partnership", "slug", "The partnership needs a slug: a word of small letters, figures and hyphens.")
    reader.partnership = reader.row("partnership", raw, table.PARTNERSHIP) if reader.file.slug else BROKEN
    if reader.partnership is not BROKEN and not reader.partnership.is_sample:
        reader.file.refuse("partnership", "sample", "Write reconstruction or invented: a file may only hold a sample.")
    if reader.partnership is not BROKEN:
        reader.own_organisations()
    lists(reader, table.PARTNERSHIP_ROWS)
    cast = people.cast(reader)
    follow(reader, cast, editions.drafts(reader))


def lists(reader, shapes):
    """Make the rows of each list that the file has, in the order of the table."""
    for name, shape in shapes.items():
        if reader.file.data.get(name) is not None:
            reader.rows(name, reader.file.data[name], shape)


def entered_at(file):
    """Return the instant that the history of the file's rows gives."""
    if file.data.get("entered_at") is None:
        return ENTERED_AT
    try:
        return moment(file.data["entered_at"])
    except Refused as error:
        file.refuse("file", "entered_at", str(error))
        return ENTERED_AT
