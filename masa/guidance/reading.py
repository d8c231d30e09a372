"""Reads a guidance file: plain YAML, narrowed so that nothing in it means other than it says.

No name may stand twice in one place, nothing may point elsewhere in the file, and dates stay as written until they are
checked. Only ``true``, ``false``, ``null`` and whole numbers are anything but text, so ``no`` or ``12:30``
is the word itself.
"""
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

MAX_BYTES = 1_000_000
MAX_DEPTH = 20


@dataclass(frozen=True)
class Problem:
    """Something wrong in a file, printed as ``file: code: field: sentence``."""

    file: str
    code: str
    field: str
    sentence: str

    def __str__(self):
        return f"{self.file}: {self.code}: {self.field}: {self.sentence}"


@dataclass
class Document:
    """A guidance file as read. ``data`` is None when it could not be read at all."""

    file: str
    text: str
    data: dict | None = None
    problems: list = field(default_factory=list)

    @property
    def digest(self):
        """SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def refuse(self, code, field, sentence):
        self.problems.append(Problem(self.file, code or "file", field, sentence))


class StrictLoader(yaml.SafeLoader):
    """SafeLoader without YAML's guesses about dates, fractions and yes or no, and without aliases."""

    yaml_implicit_resolvers = {}

    def __init__(self, stream):
        super().__init__(stream)
        self.twice = []
        self.depth = 0

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()
            raise yaml.MarkedYAMLError(problem="an alias is used", problem_mark=event.start_mark)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise yaml.MarkedYAMLError(problem="it is nested too deeply", problem_mark=self.peek_event().start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                self.twice.append((key.start_mark.line + 1, str(key.value)))
            if isinstance(key, yaml.ScalarNode):
                seen.add(key.value)
        return super().construct_mapping(node, deep)


for tag, pattern, first in [
    ("bool", r"true|false", "tf"), ("int", r"-?(0|[1-9][0-9]{0,8})", "-0123456789"), ("null", r"null|", ["n", ""]),
]:
    StrictLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"^(?:{pattern})$"), list(first))


def values_in(text):
    """Return what ``text`` says as YAML, and its problems as (where, field, sentence). No name may stand twice in one place."""
    loader = StrictLoader(text)
    try:
        data = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return None, [(f"line {line}", "file", f"This is not YAML that can be read here: {error.problem}.")]
    return data, [(f"line {line}", name, "This name stands twice in the same place. Keep one of them.") for line, name in loader.twice]


def taken_in(file, text, otherwise):
    """Fill ``file`` (a Document, or the like of one) with what ``text`` says; note as its problems whatever cannot be read.

    otherwise: the sentence for text that is YAML and no list of named values.
    """
    try:
        data, problems = values_in(text)
    except (yaml.YAMLError, ValueError, TypeError):
        data, problems = None, [("file", "file", "This is not YAML that can be read here. Save it as plain text in UTF-8.")]
    for problem in problems:
        file.refuse(*problem)
    if isinstance(data, dict):
        file.data = data
    elif data is not None or not problems:
        file.refuse("file", "file", otherwise)
    return file


def parse(file, text):
    """Read ``text`` as a guidance file called ``file``: a Document, whose problems say what could not be read."""
    document = Document(file, text.replace("\r\n", "\n"))
    return taken_in(document, document.text, "A guidance file is a list of named values. See docs/guidance.md for the form.")


def read(path):
    """Read the file at ``path``: a Document, whose problems say if the file is missing, too big or not text."""
    path = Path(path)
    try:
        raw = path.read_bytes()
        if len(raw) <= MAX_BYTES:
            return parse(path.name, raw.decode("utf-8"))
        sentence = f"The file is over {MAX_BYTES:,} bytes, too big for a guidance file."
    except OSError:
        sentence = "The file cannot be opened. Check its name and that it may be read."
    except UnicodeDecodeError:
        sentence = "The file is not text in UTF-8. Save it as UTF-8."
    document = Document(path.name, "")
    document.refuse("file", "file", sentence)
    return document
