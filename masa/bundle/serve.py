"""Answer the public pages from ready bytes, in front of Django: no query, no template, no cookie.

Only names that a bundle's ``files.json`` lists are ever opened. The number that the link ``current`` names is part of
every key, so a switch is seen at the next request and needs no signal. What is not ours falls through to Django.
"""
import os
import threading
from collections import OrderedDict
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus

from csp.utils import build_policy
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from masa.bundle import store
from masa.bundle.bake import OWN
from masa.ui.middleware import HEADERS

CACHE_BYTES = 48 * 1024 * 1024
LARGEST_CACHED = 2 * 1024 * 1024
CHUNK = 256 * 1024
OWN_WORDS = frozenset(("", "404.html", "50x.html", "accessibility", "assets", "favicon.svg", "footprints", "privacy", "robots.txt", "sitemap.xml"))
DYNAMIC = {"search": 0, "compare": 1}  # words that belong to Django, and how many words of a partnership's address stand before them
FOR_EVER, A_MINUTE = "public, max-age=31536000, immutable", "public, max-age=60"
OVERHEAD = 1024  # bytes that a kept answer takes besides its body, about
STATUS = {code: f"{code} {HTTPStatus(code).phrase}" for code in (200, 206, 301, 302, 304, 404, 405, 410, 416)}


@dataclass
class Ready:
    """An answer with its headers made. ``body`` is None for a file too large to be kept: it is read as it is sent."""

    status: str
    headers: list
    body: bytes | None
    etag: str = ""
    stamp: int = 0  # seconds since 1970, as the header Last-Modified says
    path: str = ""
    size: int = 0


class Bundle:
    """One bundle as it is served: which files there are and where its addresses moved to."""

    def __init__(self, home, number):
        self.place = f"{home}/{number}"
        self.files, self.redirects, _ = store.listed(home, number)
        self.size = sum(2 * len(name) + 800 for name in self.files)


class Kept:
    """Answers kept by key, the least used dropped first when they take more than ``limit`` bytes together."""

    def __init__(self, limit):
        self.limit, self.used = limit, 0
        self.answers, self.sizes, self.lock = OrderedDict(), {}, threading.Lock()

    def get(self, key):
        answer = self.answers.get(key)
        if answer is not None:
            try:
                self.answers.move_to_end(key)
            except KeyError:
                pass  # another thread has just dropped it; the answer itself is still good
        return answer

    def put(self, key, answer, size):
        with self.lock:
            if key in self.answers or size > self.limit:
                return
            self.answers[key] = answer
            self.sizes[key] = size
            self.used += size
            while self.used > self.limit:
                oldest, _ = self.answers.popitem(last=False)
                self.used -= self.sizes.pop(oldest)


class Site:
    """A WSGI application: the public pages, and for everything else the application behind it."""

    def __init__(self, behind, cache_bytes=CACHE_BYTES):
        self.behind, self.kept = behind, Kept(cache_bytes)
        self.hosts = {}
        self.root = str(settings.BUNDLE_DIR)
        self.common = common_headers()

    def __call__(self, environ, start_response):
        words = environ.get("PATH_INFO", "/").split("/", 2)
        first = words[1] if len(words) > 1 else ""
        name, path = (OWN, environ["PATH_INFO"][1:]) if first in OWN_WORDS else (first, words[2] if len(words) > 2 else None)
        try:
            number = os.readlink(f"{self.root}/{name}/current") if is_name(name, first) else None
        except OSError:
            number = None
        if number is None or not self.is_ours(environ) or (name != OWN and is_dynamic(path)):
            return self.behind(environ, start_response)
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return self.plain(405, start_response, [("Allow", "GET, HEAD")])
        encoding = best_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        key = (name, number, path, encoding)
        answer = self.kept.get(key) if path is not None else None
        if answer is None:
            answer = self.find(name, number, path, encoding)
            if answer is None:
                return self.behind(environ, start_response)
            if answer.etag or answer.status == STATUS[410]:  # addresses that lead nowhere are without number
                self.keep(key, answer)
        return self.send(answer, environ, start_response, method)

    def is_ours(self, environ):
        """Say whether the host is one of this site's and the scheme is as it must be; Django answers the others."""
        host = environ.get("HTTP_HOST", "")
        allowed = self.hosts.get(host)
        if allowed is None:
            names = settings.ALLOWED_HOSTS or ([".localhost", "127.0.0.1", "[::1]"] if settings.DEBUG else [])
            domain, _ = split_domain_port(host)
            allowed = bool(domain) and validate_host(domain, names)
            if len(self.hosts) < 256:
                self.hosts[host] = allowed
        return allowed and (not settings.SECURE_SSL_REDIRECT or is_secure(environ))

    # Finding ---------------------------------------------------------------------------------------------------------

    def bundle(self, name, number):
        """Return the Bundle of this number, kept beside the answers."""
        key = (name, number)
        bundle = self.kept.get(key)
        if bundle is None:
            bundle = Bundle(store.folder(name), number)
            self.kept.put(key, bundle, bundle.size)
        return bundle

    def find(self, name, number, path, encoding):
        """Return the answer to an address, or None when it is Django's. path: after the partnership's word; None without a slash."""
        try:
            bundle = self.bundle(name, number)
        except (OSError, ValueError, KeyError):
            return None
        base = "/" if name == OWN else f"/{name}/"
        if path is None:
            return self.moved(301, base)
        if base + path in bundle.redirects:
            return self.moved(*bundle.redirects[base + path])
        wanted = f"{path}index.html" if path == "" or path.endswith("/") else path
        if wanted in bundle.files and not wanted.endswith("gone.html"):
            return self.ready(200, bundle, wanted, encoding)
        folder = path if path.endswith("/") else f"{path}/"
        if f"{folder}gone.html" in bundle.files:
            return self.ready(410, bundle, f"{folder}gone.html", encoding)
        if not path.endswith("/") and f"{folder}index.html" in bundle.files:
            return self.moved(301, f"{base}{folder}")
        return self.lost(name, number, bundle, encoding)

    def lost(self, name, number, bundle, encoding):
        """Return the page for addresses that lead nowhere: one for all of them."""
        key = (name, number, None, encoding)
        answer = self.kept.get(key)
        if answer is None and "404.html" in bundle.files:
            answer = self.ready(404, bundle, "404.html", encoding)
            self.keep(key, answer)
        return answer

    def keep(self, key, answer):
        """Keep an answer, unless it is one that is read as it is sent."""
        if answer.body is not None:
            self.kept.put(key, answer, len(answer.body) + len(answer.path) + OVERHEAD)

    def ready(self, code, bundle, path, encoding):
        """Return a file as an answer, in the encoding if it has a copy in it."""
        stored = bundle.files[path]
        smaller = store.is_smaller(path)
        suffix = encoding if smaller else ""
        where = f"{bundle.place}/{path}{suffix}"
        facts = os.stat(where)
        body = None
        if facts.st_size <= LARGEST_CACHED:
            with open(where, "rb") as file:
                body = file.read()
        etag = f'"{stored.sha256[:32]}{suffix.replace(".", "-")}"'
        stamp = int(os.stat(f"{bundle.place}/{path}").st_mtime)
        headers = [("Content-Type", stored.type), ("Content-Length", str(facts.st_size)), *self.common]
        if code == 200:
            headers += [("ETag", etag), ("Last-Modified", formatdate(stamp, usegmt=True)), ("Cache-Control", FOR_EVER if is_for_ever(bundle, path) else A_MINUTE)]
            headers += [] if suffix else [("Accept-Ranges", "bytes")]
        else:
            headers += [("Cache-Control", "no-cache")]
        headers += [("Vary", "Accept-Encoding")] if smaller else []
        headers += [("Content-Encoding", {".br": "br", ".gz": "gzip"}[suffix])] if suffix else []
        headers += [("X-Robots-Tag", "noindex")] if stored.noindex or code != 200 else []
        headers += [("Content-Disposition", "attachment")] if code == 200 and "/files/" in path else []
        return Ready(STATUS[code], headers, body, etag if code == 200 else "", stamp, where, facts.st_size)

    def moved(self, code, location):
        """Return an answer that sends the reader on."""
        headers = [("Location", location), ("Content-Length", "0"), ("Cache-Control", A_MINUTE), *self.common]
        return Ready(STATUS[code], headers, b"")

    def plain(self, code, start_response, headers):
        """Send an answer without a body."""
        start_response(STATUS[code], [*headers, ("Content-Length", "0"), ("Cache-Control", "no-store"), *self.common])
        return [b""]

    # Sending ---------------------------------------------------------------------------------------------------------

    def send(self, answer, environ, start_response, method):
        """Send an answer: whole, in part, or only that the reader has it already."""
        if answer.etag:
            if not_modified(answer, environ):
                start_response(STATUS[304], [h for h in answer.headers if h[0] not in ("Content-Type", "Content-Length", "Content-Encoding", "Accept-Ranges")])
                return [b""]
            if "HTTP_RANGE" in environ and method == "GET" and ("Accept-Ranges", "bytes") in answer.headers:
                part = wanted_range(environ, answer)
                if part is not None:
                    return self.send_part(answer, part, start_response)
        start_response(answer.status, answer.headers.copy())
        if method == "HEAD":
            return [b""]
        return [answer.body] if answer.body is not None else chunks(answer.path, 0, answer.size)

    def send_part(self, answer, part, start_response):
        """Send bytes ``first`` to ``last`` of an answer, or say that there are no such bytes."""
        others = [h for h in answer.headers if h[0] not in ("Content-Length", "Accept-Ranges")]
        if part == ():
            start_response(STATUS[416], [*[h for h in others if h[0] != "Content-Type"], ("Content-Range", f"bytes */{answer.size}"), ("Content-Length", "0")])
            return [b""]
        first, last = part
        length = last - first + 1
        start_response(STATUS[206], [*others, ("Accept-Ranges", "bytes"), ("Content-Range", f"bytes {first}-{last}/{answer.size}"), ("Content-Length", str(length))])
        return [answer.body[first : last + 1]] if answer.body is not None else chunks(answer.path, first, length)


def common_headers():
    """Return the headers that every answer carries: those of the workspace's answers, made once (OB-03)."""
    headers = [*HEADERS.items(), ("Content-Security-Policy", build_policy())]
    if settings.SECURE_HSTS_SECONDS:
        words = [f"max-age={settings.SECURE_HSTS_SECONDS}"]
        words += ["includeSubDomains"] if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else []
        words += ["preload"] if settings.SECURE_HSTS_PRELOAD else []
        headers.append(("Strict-Transport-Security", "; ".join(words)))
    return headers


def is_secure(environ):
    """Say whether the request came by https, believing the proxy only when told to."""
    if settings.BEHIND_PROXY:
        return environ.get("HTTP_X_FORWARDED_PROTO", "") == "https"
    return environ.get("wsgi.url_scheme") == "https"


def is_name(name, first):
    """Say whether a folder of bundles may have this name: a plain word, or the installation's own, which nobody asks for by name."""
    return name == OWN and first != OWN or (name[:1].isalnum() and "." not in name and "\0" not in name)


def is_dynamic(path):
    """Say whether an address under a partnership is made by Django: search and compare."""
    if path is None:
        return False
    words = path.split("/", 2)
    return DYNAMIC.get(words[0]) == 0 or (len(words) > 1 and DYNAMIC.get(words[1]) == 1)


def is_for_ever(bundle, path):
    """Say whether a file has its hash in its name: the shared assets of the installation."""
    return path.startswith("assets/") and bundle.place.rsplit("/", 2)[1] == OWN


def best_encoding(accepted):
    """Return the suffix of the smallest copy that the reader takes: ".br", ".gz" or "" for the file itself."""
    if accepted in _ENCODINGS:
        return _ENCODINGS[accepted]
    wanted = {}
    for item in accepted.lower().split(","):
        name, _, rest = item.strip().partition(";")
        wanted[name.strip()] = quality(rest)
    anything = wanted.get("*", 0)
    suffix = next((suffix for name, suffix in (("br", ".br"), ("gzip", ".gz")) if wanted.get(name, anything) > 0), "")
    if len(_ENCODINGS) < 256:
        _ENCODINGS[accepted] = suffix
    return suffix


_ENCODINGS = {}


def quality(rest):
    """Return the weight that follows a name in a header; 1 when there is none, 0 when it makes no sense."""
    name, _, value = rest.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name.strip() == "q" else 0.0
    except ValueError:
        return 0.0


def not_modified(answer, environ):
    """Say whether the reader has this answer already. A tag goes before a date."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return tags.strip() == "*" or answer.etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    since = seconds(environ.get("HTTP_IF_MODIFIED_SINCE", ""))
    return since is not None and answer.stamp <= since


def seconds(words):
    """Return the seconds since 1970 of a date in a header, or None when it is none."""
    try:
        return int(parsedate_to_datetime(words).timestamp()) if words else None
    except (ValueError, OverflowError):
        return None


def wanted_range(environ, answer):
    """Return (first, last) of the single range asked for, () when it lies outside, None when the whole is to be sent."""
    condition = environ.get("HTTP_IF_RANGE")
    if condition is not None and condition.strip() != answer.etag and seconds(condition) != answer.stamp:
        return None
    unit, _, span = environ["HTTP_RANGE"].partition("=")
    first, dash, last = span.strip().partition("-")
    numbers = [word for word in (first, last) if word]
    if unit.strip() != "bytes" or not dash or not numbers or not all(word.isascii() and word.isdigit() and len(word) < 19 for word in numbers):
        return None
    if not first:
        length = min(int(last), answer.size)
        return (answer.size - length, answer.size - 1) if length else ()
    if last and int(last) < int(first):
        return None
    return (int(first), min(int(last or answer.size), answer.size - 1)) if int(first) < answer.size else ()


def chunks(path, first, length):
    """Yield ``length`` bytes of a file from ``first``."""
    with open(path, "rb") as file:
        file.seek(first)
        while length > 0 and (data := file.read(min(CHUNK, length))):
            length -= len(data)
            yield data
