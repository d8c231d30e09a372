"""The shared assets of the public site: each under a name with its hash, so that it may be kept for ever."""
import hashlib
import re
from functools import cache
from pathlib import PurePosixPath

from django.contrib.staticfiles import finders

#: Logical name, as templates use it, and where the static files keep it.
SHARED = {
    "govuk-frontend.min.css": "govuk/govuk-frontend.min.css",
    "govuk-frontend.min.js": "govuk/govuk-frontend.min.js",
    "site.css": "site.css",
    "site.js": "site.js",
    "favicon.svg": "favicon.svg",
}
_URL = re.compile(rb"url\(\s*(['\"]?)([^)'\"]+)\1\s*\)")


class AssetMissing(Exception):
    """A file that the pages need is not among the static files."""


@cache
def shared():
    """Return ``(addresses, files)``: logical name to address, and path under the site to bytes. Read once a process."""
    addresses, found = {}, {}
    for name, source in SHARED.items():
        data = with_addresses(source, read(source), found) if source.endswith(".css") else read(source)
        addresses[name] = "/" + put(source, data, found)
    return addresses, found


def read(source):
    """Return the bytes of a static file. Raises AssetMissing."""
    path = finders.find(source)
    if path is None:
        raise AssetMissing(f"The file {source} is missing. Run python3 dev.py demo once, which fetches it.")
    with open(path, "rb") as file:
        return file.read()


def put(source, data, found):
    """Add a file under its hashed name and return its path."""
    name = PurePosixPath(source)
    path = f"assets/{name.stem}.{hashlib.sha256(data).hexdigest()[:12]}{name.suffix}"
    found[path] = data
    return path


def with_addresses(source, css, found):
    """Return a style sheet whose url() point at hashed names; what they name is added to ``found``."""

    def hashed(match):
        target = match.group(2).decode()
        if target.startswith(("data:", "#")):
            return match.group(0)
        inner = str(PurePosixPath(source).parent / target)
        return f"url(/{put(inner, read(inner), found)})".encode()

    return _URL.sub(hashed, css)
