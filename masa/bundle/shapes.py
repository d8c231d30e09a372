"""What a partnership's public site is made of, as plain data: read once, never read again while the pages are made."""
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

ARRANGEMENTS = "arrangements"  # the kind whose publication comes first wherever publications are listed


@dataclass(frozen=True)
class Removal:
    """The stub of a part that was removed: when, for what kind of reason, and who decided, by role."""

    on: date
    category: str
    words: str
    role: str


@dataclass(frozen=True)
class PartData:
    """One part of an edition. ``body`` is None once it was removed; ``anchor`` is the address that it had, if any."""

    id: str
    kind: str
    digest: str
    text: str | None
    body: dict | None
    removal: Removal | None = None
    anchor: str = ""


@dataclass(frozen=True)
class PdfFile:
    """The PDF kept with an edition. ``is_kept`` is False once the file has been removed or is not on the disk."""

    sha256: str
    size: int
    pages: int
    is_kept: bool


@dataclass(frozen=True)
class EditionData:
    """A public edition: what was agreed, and what became known afterwards."""

    number: int
    state: str  # published, superseded or withdrawn
    origin: str
    digest: str
    manifest_text: str
    manifest: dict
    parts: tuple[PartData, ...]
    as_on: date
    in_force_from: date | None
    ends_on: date | None
    published_on: date | None = None
    superseded_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_reason: str = ""
    archived_on: date | None = None
    record: dict = field(default_factory=dict)
    pdf: PdfFile | None = None

    @property
    def title(self):
        return self.manifest["edition"]["title"]

    @property
    def language(self):
        return self.manifest["edition"]["language"]

    @cached_property
    def about(self):
        """The part about the whole edition; empty once it was removed."""
        return self._only("about")

    @cached_property
    def answers(self):
        return self._only("answers").get("answers", [])

    def _only(self, kind):
        return next((part.body for part in self.parts if part.kind == kind and part.body), {})

    @property
    def sections(self):
        """The parts that are sections, removed ones included, in order."""
        return [part for part in self.parts if part.kind == "section"]

    @property
    def attachments(self):
        return [part for part in self.parts if part.kind == "attachment"]

    @property
    def is_public_text(self):
        """Whether it may be found by search engines: not withdrawn, not superseded."""
        return self.state == "published"

    @property
    def sign_offs(self):
        return self.record.get("sign_offs", [])


@dataclass(frozen=True)
class PublicationData:
    """A publication with its public editions, the newest first."""

    slug: str
    title: str
    kind: str
    label: str
    may_be_at_risk: bool  # whether its readers may need to leave the page at once
    editions: tuple[EditionData, ...]
    is_one_of_many: bool = False  # whether a partnership has several of this kind, so that the menu names none

    @cached_property
    def current(self):
        """The edition at the publication's own address: the published one, or the last that was withdrawn."""
        return next((e for e in self.editions if e.state == "published"), self.editions[0])

    def edition(self, number):
        return next((e for e in self.editions if e.number == number), None)


@dataclass(frozen=True)
class Update:
    """Something that changed on the public site. ``path`` is under the partnership."""

    seq: int
    at: datetime
    on: date
    title: str
    words: str
    path: str


@dataclass(frozen=True)
class SiteData:
    """Everything a partnership's public site is made of."""

    slug: str
    name: str
    short_name: str
    strapline: str
    accent: str
    audience: str
    sample: str
    areas: list[str]
    footprints: list[dict]  # {slug, name}
    host: str
    privacy_note: str
    accessibility_note: str
    controllers: list[dict]  # {organisation, purpose, contact}
    routes: list[dict]  # {kind, name, telephone, address, hours, note, area, checked_on}
    holders_on: date | None
    holders: dict[date, dict]  # {day: {post slug: {name, standing}}}
    publications: tuple[PublicationData, ...]
    updates: tuple[Update, ...]
    redirects: list[tuple[str, str]]
    gone: list[str]
    guidance: dict[str, str]  # {key: title}
    removals: int
    overdue: frozenset  # publications whose review is overdue on the day of the bake
    shelves: tuple[tuple[str, str], ...] = ()  # lists of pages that blocks make: (path, words), for the menu

    @property
    def base(self):
        return f"/{self.slug}/"

    def publication(self, slug):
        return next((p for p in self.publications if p.slug == slug), None)

    @cached_property
    def main(self):
        """The publication that says who the partners are: the arrangements, else the first."""
        return next((p for p in self.publications if p.kind == ARRANGEMENTS), self.publications[0] if self.publications else None)
