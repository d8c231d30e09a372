"""Compare what a live address answers with the bundles on this disk, file by file: FT-06."""
import hashlib
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.conf import settings

from masa.bundle import serve, store
from masa.bundle.bake import OWN

SECONDS = 20
NOWHERE = "no-such-page-here/"


class Live:
    """A live address, asked over one connection that is made anew when it breaks."""

    def __init__(self, address):
        parts = urlsplit(address)
        self.make = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self.host, self.connection = parts.netloc, None

    def ask(self, path):
        """Return ``(status, Location or "", SHA-256 of the body)``, or a sentence when there is no answer."""
        for _ in range(2):
            try:
                self.connection = self.connection or self.make(self.host, timeout=SECONDS)
                self.connection.request("GET", quote(path), headers={"Accept-Encoding": "identity"})
                answer = self.connection.getresponse()
                return answer.status, answer.headers.get("Location", ""), hashlib.sha256(answer.read()).hexdigest()
            except (OSError, HTTPException) as error:
                self.close()
                said = f"there is no answer: {error}"
        return said

    def close(self):
        """Give the connection up."""
        if self.connection:
            self.connection.close()
        self.connection = None


def names(slugs=()):
    """Return the bundles on this disk, or those named: the installation's own first."""
    found = sorted(path.name for path in Path(settings.BUNDLE_DIR).glob("*") if store.current_number(path) is not None)
    return [name for name in found if not slugs or name in slugs]


def expected(name):
    """Yield ``(address, status, address it leads to, SHA-256 or "")`` for each answer of a bundle."""
    home = store.folder(name)
    files, redirects, _ = store.listed(home, store.current_number(home))
    base = "/" if name == OWN else f"/{name}/"
    for address, (status, end) in redirects.items():
        yield address, status, end, ""
    for path, stored in files.items():
        address, status = base + path, 200
        if path.rpartition("/")[2] == "index.html":
            address = address.removesuffix("index.html")
        elif path.endswith("/gone.html"):
            address, status = address.removesuffix("gone.html"), 410
        if address not in redirects and is_served(address):
            yield address, status, "", stored.sha256
    if "404.html" in files:
        yield base + NOWHERE if name != OWN else f"/{OWN.strip('_')}-{NOWHERE}", 404, "", files["404.html"].sha256


def is_served(address):
    """Say whether an address under the root belongs to a bundle: the installation's own pages have few first words."""
    first = address.split("/")[1]
    return first in serve.OWN_WORDS or "." not in first


def differences(live, name):
    """Yield ``(address, sentence or "")`` for each answer of a bundle; the sentence says how the live answer differs."""
    for address, status, end, sha256 in expected(name):
        answer = live.ask(address)
        yield address, answer if isinstance(answer, str) else difference(answer, status, end, sha256)


def difference(answer, status, end, sha256):
    """Say how an answer differs from what it should be, or nothing."""
    if answer[0] != status:
        return f"the answer is {answer[0]} and should be {status}."
    if end and urlsplit(answer[1]).path != urlsplit(end).path:
        return f"it leads to {answer[1] or 'nowhere'} and should lead to {end}."
    if sha256 and answer[2] != sha256:
        return "the content is another."
    return ""
