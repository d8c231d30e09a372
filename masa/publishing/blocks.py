"""Blocks: views of the register inside a section. Rooms above register theirs; nothing here knows one by name.

A block collects plain data once, when an edition is composed. From then on its HTML, its CSV, its redline and its pages
are all made from that data and its schema number alone, so that what is shown is what was agreed.
"""

from dataclasses import dataclass, field
from datetime import date

from django.apps import apps

_registered = {}


@dataclass(frozen=True)
class BlockContext:
    """What a block may read while it collects: whose register, on which day, for whom, under which guidance."""

    partnership: object
    as_on: date
    audience: str = "children"  # children, adults or both, as the edition says
    guidance: list[str] = field(default_factory=list)  # editions of guidance that the edition answers, such as wt23
    options: dict = field(default_factory=dict)  # what the section asks of this block


@dataclass(frozen=True)
class Table:
    """One table of a block: for CSV, for the redline row by row and for search. The first column names the row."""

    slug: str
    title: str
    columns: list[str]
    rows: list[list[str]]

    def __post_init__(self):
        """Raise ValueError for a row that is not as wide as the head, or that holds anything but text."""
        for row in self.rows:
            if len(row) != len(self.columns) or not all(isinstance(cell, str) for cell in row):
                raise ValueError(f"{self.slug}: each row needs {len(self.columns)} cells of text, not {row!r}")


@dataclass(frozen=True)
class SubPage:
    """A page that a block makes besides its place in a section. ``path`` is below the partnership's address.

    Lists name it by ``name`` (its title, where that is empty), under ``group``, with the line ``about``.
    """

    path: str
    title: str
    template: str
    context: dict
    name: str = ""
    group: str = ""
    about: str = ""


class Block:
    """The base of every block. ``key`` stands in content and in addresses; ``schema`` counts shapes of the data."""

    key = ""
    title = ""
    about = ""  # one sentence for staff who choose a block
    schema = 1

    def collect(self, context):
        """Return plain JSON data for ``context``; decimals and dates as strings. The number of queries is constant."""
        raise NotImplementedError(f"{type(self).__name__} does not collect")

    def template(self, schema):
        """Return the name of the template that renders data of ``schema``."""
        app = apps.get_containing_app_config(type(self).__module__)
        return f"{app.label}/blocks/{self.key}_{schema}.html"

    def tables(self, data, schema):
        """Return the Tables in ``data``."""
        return []

    def pages(self, data, schema):
        """Return the SubPages made from ``data``."""
        return []


def register(block):
    """Register a block under its key. Raises ValueError if another class has the key."""
    before = _registered.get(block.key)
    if not block.key or (before is not None and type(before) is not type(block)):
        raise ValueError(f"a block needs a key of its own: {block.key!r}")
    _registered[block.key] = block
    return block


def get(key):
    """Return the block with this key; raises KeyError when no room registered it."""
    return _registered[key]


def every():
    """Return all blocks in order of their titles."""
    return sorted(_registered.values(), key=lambda block: block.title)
