"""Kinds of publication: what each is for, its template of sections, who signs it and whom to tell.

Rooms above register theirs. Signed means agreed by every capacity that the kind names; ``seat_kinds`` narrows the seats
where the law gives a text to some of the partners only.
"""

from dataclasses import dataclass

SIGNERS = ("leads", "delegates", "scrutineer", "publisher")
_registered = {}


@dataclass(frozen=True)
class TemplateSection:
    """A section that a new edition starts with. ``key`` is stable, so that plans of different places compare."""

    key: str
    heading: str
    audience: str = "both"
    blocks: tuple = ()  # keys, or (key, options) pairs
    prompts: tuple = ()  # codes of guiding questions in the guidance files, such as T-04E


@dataclass(frozen=True)
class NoticeRule:
    """A recipient to be told after publication. ``days`` is None where no limit is known."""

    recipient: str  # in words, such as a label of masa.guidance.vocabulary.Recipient
    days: int | None
    source: str


@dataclass(frozen=True)
class Kind:
    """A kind of publication."""

    key: str
    label: str
    slug: str
    signers: str
    guidance_kind: str = ""  # a value of masa.guidance.vocabulary.Kind; empty when no guidance lists its contents
    sections: tuple = ()
    notices: tuple = ()
    explains: bool = False  # whether it explains an edition of another publication to other readers
    about: str = ""  # one sentence for staff who choose a kind
    seat_kinds: tuple = ()  # kinds of seat that sign; empty means every seat
    leads_always: bool = False  # whether guidance itself gives it to the leads (LSP-F3), so that no scheme lowers it
    many: bool = False  # whether a partnership has several, each with the slug as the start of its address
    may_be_at_risk: bool = False  # whether its readers may need to leave the page at once, unseen

    def __post_init__(self):
        """Raise ValueError for unknown signers and for a section key that comes twice."""
        if self.signers not in SIGNERS:
            raise ValueError(f"{self.key}: signers must be one of {', '.join(SIGNERS)}")
        keys = [section.key for section in self.sections]
        if len(keys) != len(set(keys)):
            raise ValueError(f"{self.key}: a section key comes twice")


def register(kind):
    """Register a kind. Raises ValueError if its key is taken by another."""
    if _registered.setdefault(kind.key, kind) != kind:
        raise ValueError(f"two kinds of publication have the key {kind.key}")
    return kind


def get(key):
    """Return the kind with this key; raises KeyError when no room registered it."""
    return _registered[key]


def every():
    """Return all kinds in the order in which they were registered."""
    return list(_registered.values())
