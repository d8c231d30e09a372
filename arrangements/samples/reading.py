"""Reads a file of samples: plain YAML in its narrow form, and the problems found in it."""
from dataclasses import dataclass, field
from pathlib import Path

from masa.guidance.reading import taken_in

MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class Problem:
    """Something wrong in a file, printed as ``file: row: field: sentence``."""

    file: str
    row: str
    field: str
    sentence: str

    def __str__(self):
        return f"{self.file}: {self.row}: {self.field}: {self.sentence}"


@dataclass
class SampleFile:
    """A file as read. ``data`` is empty when it could not be read; ``problems`` grow while it is loaded."""

    name: str
    data: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)

    def refuse(self, row, field, sentence):
        """Note a problem, once."""
        problem = Problem(self.name, row, field, sentence)
        if problem not in self.problems:
            self.problems.append(problem)

    @property
    def slug(self):
        """The address word of the partnership that the file describes; empty for a file that several share."""
        partnership = self.data.get("partnership")
        slug = partnership.get("slug") if isinstance(partnership, dict) else ""
        return slug if isinstance(slug, str) else ""


class SamplesRefused(Exception):
    """Nothing was loaded. ``problems``: every Problem found, in the order of the files."""

    def __init__(self, problems):
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def read(path):
    """Return the SampleFile at ``path``. A file that is missing, too big or not text is a problem, not an exception."""
    path = Path(path)
    try:
        raw = path.read_bytes()
        if len(raw) <= MAX_BYTES:
            return parse(path.name, raw.decode("utf-8"))
        sentence = f"The file is over {MAX_BYTES:,} bytes, too big for a file of samples."
    except OSError:
        sentence = "The file cannot be opened. Check its name and that it may be read."
    except UnicodeDecodeError:
        sentence = "The file is not text in UTF-8. Save it as UTF-8."
    file = SampleFile(path.name)
    file.refuse("file", "file", sentence)
    return file


def parse(name, text):
    """Read ``text`` as the file called ``name``. No name may stand twice in one place, and no row may point at another's text."""
    otherwise = "A file of samples is a list of named values, such as “partnership:” and “groups:”."
    return taken_in(SampleFile(name), text.replace("\r\n", "\n"), otherwise)
