"""Bundles on the disk: a numbered folder each, written aside, switched to by one rename of the link ``current``.

Whoever is killed at any moment leaves the old bundle whole or the new one whole; what is half done is swept by the next.
"""
import fcntl
import gzip
import hashlib
import json
import os
import shutil
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import brotli
from django.conf import settings

KEPT = 3  # bundles, the present one among them
CURRENT, LIST, REDIRECTS, LOCK, NEW = "current", "files.json", "redirects.json", ".lock", ".new"
TYPES = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml", ".json": "application/json", ".csv": "text/csv; charset=utf-8", ".pdf": "application/pdf",
    ".atom": "application/atom+xml; charset=utf-8", ".xml": "application/xml; charset=utf-8", ".txt": "text/plain; charset=utf-8",
    ".png": "image/png", ".jpg": "image/jpeg", ".ico": "image/x-icon",
}
SMALLER = {".html", ".css", ".js", ".svg", ".json", ".csv", ".atom", ".xml", ".txt"}  # what gzip and brotli make smaller


class BakeFailed(Exception):
    """The public pages could not be made. The sentence says why; the last good bundle still answers."""


@dataclass(frozen=True)
class Stored:
    """One file of a bundle as ``files.json`` lists it."""

    path: str
    sha256: str
    size: int
    type: str
    key: str
    noindex: bool


def folder(name):
    """Return the folder of a partnership's bundles, or of the installation's own."""
    return Path(settings.BUNDLE_DIR) / name


def current_number(home):
    """Return the number of the bundle that readers see, or None before the first."""
    try:
        return int(os.readlink(home / CURRENT))
    except (FileNotFoundError, ValueError):
        return None


def listed(home, number):
    """Return ``(files, redirects, facts)`` of a bundle: ``{path: Stored}``, ``{address: [status, address]}``, plain facts."""
    if number is None:
        return {}, {}, {}
    whole = json.loads((home / str(number) / LIST).read_bytes())
    redirects = json.loads((home / str(number) / REDIRECTS).read_bytes())
    return {row["path"]: Stored(**row) for row in whole["files"]}, redirects, {k: v for k, v in whole.items() if k != "files"}


@contextmanager
def locked(home):
    """Hold the lock of one partnership's bundles; others wait in a queue."""
    home.mkdir(parents=True, exist_ok=True)
    with open(home / LOCK, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def sweep(home, keep=KEPT):
    """Delete what a killed bake left, and all but the last ``keep`` bundles. Call with the lock held."""
    present = current_number(home)
    for path in home.iterdir():
        left = path.name.startswith(NEW)
        number = int(path.name) if path.name.isdigit() else None
        old = number is not None and (present is None or number > present or number <= present - keep)
        if left or old:
            path.unlink() if path.is_symlink() or path.is_file() else shutil.rmtree(path)


class Writer:
    """Writes one bundle aside and switches to it. Use with the lock held."""

    def __init__(self, home):
        self.home, self.last = home, current_number(home)
        self.number = (self.last or 0) + 1
        self.place = home / f"{NEW}-{self.number}"
        self.files, self.rendered, self.linked = [], 0, 0
        self._made = set()
        self.place.mkdir()

    def link(self, stored):
        """Take a file over from the last bundle, with its smaller copies."""
        target = self._ready(stored.path)
        source = self.home / str(self.last) / stored.path
        for suffix in ("", ".gz", ".br") if is_smaller(stored.path) else ("",):
            os.link(f"{source}{suffix}", f"{target}{suffix}")
        self.files.append(stored)
        self.linked += 1

    def write(self, file, data):
        """Write a file and its smaller copies. file: a frame.File."""
        target = self._ready(file.path)
        put(target, data)
        if is_smaller(file.path):
            put(f"{target}.gz", gzip.compress(data, 9, mtime=0))
            put(f"{target}.br", brotli.compress(data, quality=5))
        kind = TYPES.get(os.path.splitext(file.path)[1], "application/octet-stream")
        self.files.append(Stored(file.path, hashlib.sha256(data).hexdigest(), len(data), kind, file.key, file.noindex))
        self.rendered += 1

    def _ready(self, path):
        target = self.place / path
        if target.parent not in self._made:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(target.parent)
        return target

    def switch(self, redirects, **facts):
        """Give the finished bundle its number and make it the one that readers see. Returns the digest of its list."""
        self.files.sort(key=lambda stored: stored.path)
        put(self.place / REDIRECTS, redirects)
        put(self.place / LIST, json.dumps({**facts, "files": [asdict(f) for f in self.files]}, ensure_ascii=False, indent=0).encode())
        os.sync()  # one call for all of the files: each by itself would take longer than to make them
        self.place.rename(self.home / str(self.number))
        link = self.home / f"{NEW}-link"
        link.symlink_to(str(self.number))
        link.rename(self.home / CURRENT)
        sync_folder(self.home)
        return digest_of(self.files)


def put(path, data):
    with open(path, "wb") as file:
        file.write(data)


def sync_folder(path):
    """Have the disk keep the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_smaller(path):
    """Say whether a file has gzip and brotli copies beside it."""
    return os.path.splitext(path)[1] in SMALLER


def digest_of(files):
    """Return the digest of a bundle: of each path and what stands there."""
    lines = "".join(f"{f.sha256}  {f.path}\n" for f in files)
    return hashlib.sha256(lines.encode()).hexdigest()
