"""Each answer of the public site's own server, by a table written by hand."""
import gzip
import os
import time
from dataclasses import dataclass
from io import BytesIO

import brotli
import pytest

from masa.bundle import serve, store
from masa.bundle.frame import File
from masa.ui.middleware import HEADERS

PAGE = b"<p>Hello</p>" * 50
FILES = {
    "index.html": PAGE, "arrangements/index.html": b"contents", "arrangements/aims/index.html": b"aims", "arrangements/secret/gone.html": b"gone",
    "arrangements/document.pdf": bytes(range(256)) * 4, "arrangements/old.pdf/gone.html": b"pdf gone", "arrangements/priorities.csv": b"a,b\r\n",
    "arrangements/content.json": b"{}\n", "arrangements/files/plan.pdf": b"%PDF", "404.html": b"not here", "updates.atom": b"<feed/>",
    "sitemap.xml": b"<urlset/>",
}  # fmt: skip
OWN = {"index.html": b"directory", "404.html": b"lost", "robots.txt": b"User-agent: *\n", "assets/site.0123.css": b"a{}", "footprints/all/index.html": b"all"}


def bake(home, files, redirects, noindex=()):
    """Write a bundle by hand and switch to it."""
    home.mkdir(parents=True, exist_ok=True)
    writer = store.Writer(home)
    for path, data in files.items():
        writer.write(File(path, "key", lambda: b"", path in noindex), data)
    writer.switch(redirects)


@dataclass
class Answer:
    code: int
    headers: dict
    body: bytes


@pytest.fixture
def site(tmp_path, settings):
    settings.BUNDLE_DIR = tmp_path
    bake(tmp_path / "two-rivers", FILES, b'{"/two-rivers/old/": [301, "/two-rivers/arrangements/"]}', noindex={"updates.atom"})
    bake(tmp_path / "_site", OWN, b"{}")

    def django(environ, start_response):
        start_response("200 OK", [("X-From", "Django")])
        return [b"django"]

    return serve.Site(django)


def ask(site, path, method="GET", **headers):
    """Ask a site for an address and return its Answer."""
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": "testserver", "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(), **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    got = {}

    def start_response(status, headers):
        got.update(code=int(status[:3]), headers=headers)

    body = b"".join(site(environ, start_response))
    assert len(got["headers"]) == len({name for name, _ in got["headers"]})
    return Answer(got["code"], dict(got["headers"]), body)


@pytest.mark.parametrize(("path", "code", "body"), [
    ("/", 200, b"directory"),
    ("/robots.txt", 200, b"User-agent: *\n"),
    ("/assets/site.0123.css", 200, b"a{}"),
    ("/assets/none.css", 404, b"lost"),
    ("/footprints/all/", 200, b"all"),
    ("/two-rivers/", 200, PAGE),
    ("/two-rivers/arrangements/", 200, b"contents"),
    ("/two-rivers/arrangements/aims/", 200, b"aims"),
    ("/two-rivers/arrangements/priorities.csv", 200, b"a,b\r\n"),
    ("/two-rivers/arrangements/document.pdf", 200, bytes(range(256)) * 4),
    ("/two-rivers/nothing", 404, b"not here"),
    ("/two-rivers/nothing/at/all/", 404, b"not here"),
    ("/two-rivers/arrangements/secret/", 410, b"gone"),
    ("/two-rivers/arrangements/secret", 410, b"gone"),
    ("/two-rivers/arrangements/secret/gone.html", 404, b"not here"),
    ("/two-rivers/arrangements/old.pdf", 410, b"pdf gone"),
    ("/two-rivers/index.html.gz", 404, b"not here"),
    ("/two-rivers/files.json", 404, b"not here"),
    ("/two-rivers/redirects.json", 404, b"not here"),
    ("/two-rivers/../two-rivers/files.json", 404, b"not here"),
    ("/two-rivers/../../masa.sqlite3", 404, b"not here"),
    ("/two-rivers//etc/passwd", 404, b"not here"),
    ("/two-rivers/\x00", 404, b"not here"),
    # Django's
    ("/workspace/", 200, b"django"),
    ("/admin/", 200, b"django"),
    ("/verify/", 200, b"django"),
    ("/elsewhere/", 200, b"django"),
    ("/../_site/", 200, b"django"),
    ("/_site/", 200, b"django"),
    ("/\x00/", 200, b"django"),
    ("/two-rivers/search/", 200, b"django"),
    ("/two-rivers/arrangements/compare/1/2/", 200, b"django"),
])  # fmt: skip
def test_each_address_has_its_answer(site, path, code, body):
    for _ in ("read from the disk", "kept"):
        answer = ask(site, path)
        assert (answer.code, answer.body) == (code, body)


@pytest.mark.parametrize(("path", "code", "location"), [
    ("/two-rivers", 301, "/two-rivers/"),
    ("/two-rivers/arrangements", 301, "/two-rivers/arrangements/"),
    ("/two-rivers/arrangements/aims", 301, "/two-rivers/arrangements/aims/"),
    ("/two-rivers/old/", 301, "/two-rivers/arrangements/"),
    ("/footprints/all", 301, "/footprints/all/"),
])  # fmt: skip
def test_addresses_that_stand_elsewhere(site, path, code, location):
    answer = ask(site, path)
    assert (answer.code, answer.headers["Location"], answer.body) == (code, location, b"")


@pytest.mark.parametrize("path", ["/two-rivers/", "/two-rivers/nothing", "/two-rivers/arrangements/secret/", "/two-rivers", "/assets/site.0123.css"])
def test_every_answer_has_the_whole_set_of_headers_and_no_cookie(site, path):
    for method in ("GET", "HEAD", "POST"):
        headers = ask(site, path, method).headers
        assert HEADERS.items() <= headers.items()
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "Set-Cookie" not in headers
        assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize(("path", "kind", "kept"), [
    ("/two-rivers/", "text/html; charset=utf-8", "public, max-age=60"),
    ("/two-rivers/arrangements/priorities.csv", "text/csv; charset=utf-8", "public, max-age=60"),
    ("/two-rivers/arrangements/document.pdf", "application/pdf", "public, max-age=60"),
    ("/two-rivers/updates.atom", "application/atom+xml; charset=utf-8", "public, max-age=60"),
    ("/assets/site.0123.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
    ("/two-rivers/nothing", "text/html; charset=utf-8", "no-cache"),
])  # fmt: skip
def test_types_and_how_long_to_keep(site, path, kind, kept):
    headers = ask(site, path).headers
    assert (headers["Content-Type"], headers["Cache-Control"]) == (kind, kept)


def test_what_search_engines_may_not_keep(site):
    assert ask(site, "/two-rivers/updates.atom").headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in ask(site, "/two-rivers/").headers


def test_attachments_are_downloads(site):
    assert ask(site, "/two-rivers/arrangements/files/plan.pdf").headers["Content-Disposition"] == "attachment"
    assert "Content-Disposition" not in ask(site, "/two-rivers/arrangements/document.pdf").headers


@pytest.mark.parametrize(("accepted", "encoding"), [
    ("gzip, deflate, br", "br"), ("gzip", "gzip"), ("GZIP;q=0.5", "gzip"), ("br;q=0, gzip", "gzip"), ("*", "br"), ("br;q=x, gzip", "gzip"),
    ("identity", None), ("", None), ("gzip;q=0", None), ("deflate", None),
])  # fmt: skip
def test_encodings(site, accepted, encoding):
    answer = ask(site, "/two-rivers/", accept_encoding=accepted)
    undo = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert undo(answer.body) == PAGE


def test_each_encoding_has_a_tag_of_its_own(site):
    tags = {ask(site, "/two-rivers/", accept_encoding=name).headers["ETag"] for name in ("br", "gzip", "")}
    assert len(tags) == 3
    assert not any(tag.startswith("W/") for tag in tags)


def test_a_reader_who_has_it_already(site):
    first = ask(site, "/two-rivers/", accept_encoding="br")
    tag, stamp = first.headers["ETag"], first.headers["Last-Modified"]
    for headers in ({"if_none_match": tag}, {"if_none_match": f'"x", W/{tag}'}, {"if_none_match": "*"}, {"if_modified_since": stamp}):
        answer = ask(site, "/two-rivers/", accept_encoding="br", **headers)
        assert (answer.code, answer.body, answer.headers["ETag"]) == (304, b"", tag)
        assert "Content-Length" not in answer.headers
    for headers in (
        {"if_none_match": '"other"'}, {"if_none_match": '"other"', "if_modified_since": stamp}, {"if_modified_since": "Thu, 01 Jan 2015 00:00:00 GMT"},
        {"if_modified_since": "yesterday"},
    ):  # fmt: skip
        assert ask(site, "/two-rivers/", accept_encoding="br", **headers).code == 200


@pytest.mark.parametrize(("span", "code", "length", "words"), [
    ("bytes=0-9", 206, 10, "bytes 0-9/1024"), ("bytes=1020-", 206, 4, "bytes 1020-1023/1024"), ("bytes=-4", 206, 4, "bytes 1020-1023/1024"),
    ("bytes=0-99999", 206, 1024, "bytes 0-1023/1024"), ("bytes=-99999", 206, 1024, "bytes 0-1023/1024"),
    ("bytes=1024-", 416, 0, "bytes */1024"), ("bytes=-0", 416, 0, "bytes */1024"),
    ("bytes=9-0", 200, 1024, None), ("bytes=0-1,4-5", 200, 1024, None), ("lines=0-1", 200, 1024, None), ("bytes=-", 200, 1024, None), ("bytes=a-b", 200, 1024, None),
])  # fmt: skip
def test_ranges(site, span, code, length, words):
    answer = ask(site, "/two-rivers/arrangements/document.pdf", range=span)
    assert (answer.code, len(answer.body), answer.headers.get("Content-Range")) == (code, length, words)
    assert answer.headers["Content-Length"] == str(length)


def test_a_range_of_something_else_is_the_whole(site):
    tag = ask(site, "/two-rivers/arrangements/document.pdf").headers["ETag"]
    assert ask(site, "/two-rivers/arrangements/document.pdf", range="bytes=0-9", if_range=tag).code == 206
    assert ask(site, "/two-rivers/arrangements/document.pdf", range="bytes=0-9", if_range='"older"').code == 200


def test_large_files_are_read_as_they_are_sent(site, monkeypatch):
    monkeypatch.setattr(serve, "LARGEST_CACHED", 100)
    monkeypatch.setattr(serve, "CHUNK", 100)
    whole = bytes(range(256)) * 4
    assert ask(site, "/two-rivers/arrangements/document.pdf").body == whole
    assert ask(site, "/two-rivers/arrangements/document.pdf", range="bytes=300-899").body == whole[300:900]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_are_refused_on_public_addresses_only(site, method):
    answer = ask(site, "/two-rivers/", method)
    assert (answer.code, answer.headers["Allow"], answer.body) == (405, "GET, HEAD", b"")
    assert ask(site, "/two-rivers/search/", method).body == b"django"
    assert ask(site, "/workspace/", method).body == b"django"


def test_head_is_get_without_the_body(site):
    head, get = ask(site, "/two-rivers/", "HEAD"), ask(site, "/two-rivers/")
    assert (head.code, head.headers, head.body) == (get.code, get.headers, b"")


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "", "testserver:80@evil.example"])
def test_other_hosts_are_left_to_django_which_refuses_them(site, host):
    assert ask(site, "/two-rivers/", host=host).body == b"django"


def test_a_port_does_not_make_another_host(site):
    assert ask(site, "/two-rivers/", host="testserver:8000").body == PAGE


def test_https_where_it_is_asked_for(site, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert ask(site, "/two-rivers/").body == b"django"
    assert ask(site, "/two-rivers/", x_forwarded_proto="https").body == b"django"
    settings.BEHIND_PROXY = True
    assert ask(site, "/two-rivers/", x_forwarded_proto="https").body == PAGE
    settings.SECURE_HSTS_SECONDS = 63072000
    secure = serve.Site(lambda environ, start: [b""])
    assert ask(secure, "/two-rivers/", x_forwarded_proto="https").headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_a_switch_is_seen_at_once(site, tmp_path):
    assert ask(site, "/two-rivers/").body == PAGE
    bake(tmp_path / "two-rivers", {**FILES, "index.html": b"new"}, b"{}")
    assert ask(site, "/two-rivers/").body == b"new"
    assert ask(site, "/two-rivers/old/").code == 404


def test_what_is_kept_stays_within_its_limit(site, tmp_path):
    bake(tmp_path / "large", {f"{n}.pdf": os.urandom(50_000) for n in range(40)}, b"{}")
    small = serve.Site(site.behind, cache_bytes=500_000)
    for _ in range(2):
        for n in range(40):
            assert len(ask(small, f"/large/{n}.pdf").body) == 50_000
            assert small.kept.used <= 500_000
    assert small.kept.used == sum(small.kept.sizes.values())
    assert small.kept.sizes.keys() == small.kept.answers.keys()


def test_strange_addresses_fill_nothing(site):
    for n in range(3000):
        assert ask(site, f"/two-rivers/{n}").code == 404
    assert site.kept.used < 200_000


def test_an_answer_that_is_kept_costs_little(site):
    """Well under a millisecond; the bench measures it exactly."""
    ask(site, "/two-rivers/")
    start = time.process_time()
    for _ in range(1000):
        ask(site, "/two-rivers/")
    assert time.process_time() - start < 0.5
