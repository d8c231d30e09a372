"""nginx serves the public site from its folder as the application does: tables of addresses and answers, by hand (FT-06, OB-03)."""
import datetime
import gzip
import http.client
import io
import json
import shutil
import socket
import subprocess
import threading
import time
from dataclasses import dataclass
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management import CommandError, call_command
from django.urls import get_resolver

from masa.bundle import nginx, serve, store
from masa.bundle.frame import File
from masa.partnerships.models import RESERVED_SLUGS
from masa.ui.middleware import HEADERS

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
PDF = b"%PDF-1.7 " + bytes(range(256)) * 40


def page(words):
    return f"<!DOCTYPE html><title>{words}</title><p>{words * 20}</p>".encode()


OWN = {
    "index.html": page("Directory"), "404.html": page("Not here"), "50x.html": page("Come back later"), "robots.txt": b"User-agent: *\n",
    "privacy/index.html": page("Privacy"), "footprints/rivers/index.html": page("Rivers"), "assets/site.0123456789ab.css": b"body{color:#000}" * 9,
    "favicon.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>", "sitemap.xml": b"<urlset/>",
}
NORTH = {
    "index.html": page("Northside"), "404.html": page("Not in Northside"), "updates.atom": b"<feed/>", "plan/index.html": page("The plan"),
    "plan/all/index.html": page("All"), "plan/document.pdf": PDF, "plan/content.json": b'{"a": 1}', "plan/funds.csv": b"a,b\r\n1,2\r\n",
    "plan/files/map.png": b"\x89PNG not really", "plan/aims/gone.html": page("Aims were removed"), "plan/old.csv/gone.html": page("A table was removed"),
    "plan/files/plan.docx/gone.html": page("A file was removed"),
}
UNLISTED = {"plan/content.json", "plan/all/index.html"}


def bake(name, files, redirects=None):
    """Write a bundle of ready bytes and switch to it."""
    with store.locked(store.folder(name)):
        writer = store.Writer(store.folder(name))
        for path, data in files.items():
            writer.write(File(path, path, lambda: b"", path in UNLISTED), data)
        writer.switch(json.dumps(redirects or {}).encode())


@pytest.fixture
def bundles(settings, tmp_path):
    """Two bundles: the installation's own and a partnership's."""
    settings.BUNDLE_DIR = tmp_path / "bundles"
    settings.SITE_URL = "http://127.0.0.1"
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    bake("_site", OWN)
    bake("northside", NORTH, {
        "/northside/old-plan/": [301, "/northside/plan/"], "/northside/lately": [302, "/northside/plan/all/"],
        '/northside/a "quoted" one/': [301, "/northside/plan/"],
    })
    return settings.BUNDLE_DIR


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Answer:
    """An answer as it went over the wire. ``headers``: list of pairs, names in small letters."""

    status: int
    headers: list
    body: bytes

    def __getitem__(self, name):
        found = [value for key, value in self.headers if key == name]
        assert len(found) < 2, f"{name} was sent {len(found)} times: {found}"
        return found[0] if found else None


def ask(port, path, method="GET", body=None, **headers):
    """Return the Answer of what listens on a port."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return Answer(response.status, [(name.lower(), value) for name, value in response.getheaders()], response.read())
    finally:
        connection.close()


def ask_application(path, method="GET", encoding=""):
    """Return the application's own Answer for an address of the public site."""
    def behind(environ, start_response):
        start_response("599 Django", [])
        return [b""]

    found = {}
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_HOST": "127.0.0.1", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
        "HTTP_ACCEPT_ENCODING": encoding,
    }
    body = b"".join(serve.Site(behind)(environ, lambda status, headers: found.update(status=status, headers=headers)))
    return Answer(int(found["status"][:3]), [(name.lower(), value) for name, value in found["headers"]], body)


def started(folder, words):
    """Start nginx with these words as its configuration and return its process."""
    file = folder / "nginx.conf"
    file.write_text(words)
    command = [NGINX, "-p", folder, "-e", folder / "error.log", "-c", file]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0 and "warn" not in checked.stderr, checked.stderr
    return subprocess.Popen([*command, "-g", "daemon off;"], stderr=subprocess.DEVNULL)


def wait_for(port):
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("nginx did not answer")


@dataclass
class Mirror:
    """A running nginx, and the port on which it expects the application."""

    port: int
    application: int

    def __call__(self, path, method="GET", **more):
        return ask(self.port, path, method, **more)


@pytest.fixture
def mirror(bundles, tmp_path, capsys):
    """nginx with the printed configuration and no application."""
    folder = tmp_path / "nginx"
    folder.mkdir()
    port, application = free_port(), free_port()
    call_command("nginx_config", standalone=str(folder), listen=f"127.0.0.1:{port}", application=f"127.0.0.1:{application}")
    printed = capsys.readouterr()
    assert printed.err == 'Left out, since it holds characters that are not plain: /northside/a "quoted" one/\n'
    process = started(folder, printed.out)
    try:
        wait_for(port)
        yield Mirror(port, application)
    finally:
        process.terminate()
        process.wait(10)


ADDRESSES = {
    # address: (status, bytes or None, Location)
    "/": (200, OWN["index.html"], None),
    "/privacy/": (200, OWN["privacy/index.html"], None),
    "/privacy": (301, None, "/privacy/"),
    "/footprints/rivers/": (200, OWN["footprints/rivers/index.html"], None),
    "/footprints/": (404, OWN["404.html"], None),
    "/robots.txt": (200, OWN["robots.txt"], None),
    "/favicon.svg": (200, OWN["favicon.svg"], None),
    "/assets/site.0123456789ab.css": (200, OWN["assets/site.0123456789ab.css"], None),
    "/assets/site.css": (404, OWN["404.html"], None),
    "/northside": (301, None, "/northside/"),
    "/northside/": (200, NORTH["index.html"], None),
    "/northside/index.html": (200, NORTH["index.html"], None),
    "/northside/plan": (301, None, "/northside/plan/"),
    "/northside/plan/": (200, NORTH["plan/index.html"], None),
    "/northside/plan/all/": (200, NORTH["plan/all/index.html"], None),
    "/northside/plan/document.pdf": (200, PDF, None),
    "/northside/plan/document.pdf/": (404, NORTH["404.html"], None),
    "/northside/plan/funds.csv": (200, NORTH["plan/funds.csv"], None),
    "/northside/plan/nothing/": (404, NORTH["404.html"], None),
    "/northside/plan/files/": (404, NORTH["404.html"], None),
    # Removed: the address of a page and of a file, with and without the slash.
    "/northside/plan/aims/": (410, NORTH["plan/aims/gone.html"], None),
    "/northside/plan/aims": (410, NORTH["plan/aims/gone.html"], None),
    "/northside/plan/old.csv": (410, NORTH["plan/old.csv/gone.html"], None),
    "/northside/plan/old.csv/": (410, NORTH["plan/old.csv/gone.html"], None),
    "/northside/plan/files/plan.docx": (410, NORTH["plan/files/plan.docx/gone.html"], None),
    "/northside/plan/files/map.png": (200, NORTH["plan/files/map.png"], None),
    "/northside/plan/aims/gone.html": (404, NORTH["404.html"], None),
    # Moved.
    "/northside/old-plan/": (301, None, "/northside/plan/"),
    "/northside/old-plan/?from=a-letter": (301, None, "/northside/plan/"),
    "/northside/lately": (302, None, "/northside/plan/all/"),
    # What stands in the folder and is no page.
    "/northside/files.json": (404, NORTH["404.html"], None),
    "/northside/redirects.json": (404, NORTH["404.html"], None),
    "/northside/index.html.gz": (404, NORTH["404.html"], None),
    "/northside/plan/funds.csv.br": (404, NORTH["404.html"], None),
    "/northside/.lock": (404, NORTH["404.html"], None),
}
NGINX_ALONE = {
    "/files.json": (404, OWN["404.html"], None),
    "/_site/": (404, OWN["404.html"], None),
    "/_site/current/index.html": (404, OWN["404.html"], None),
    "/northside/current/index.html": (404, NORTH["404.html"], None),
    "/northside/1/index.html": (404, NORTH["404.html"], None),
    "/.git/config": (404, OWN["404.html"], None),
    "/.masa-stopped": (404, OWN["404.html"], None),
    "/southside/": (404, OWN["404.html"], None),
    "/NORTHSIDE/": (404, OWN["404.html"], None),
    "/northside/%2e%2e/_site/current/index.html": (404, OWN["404.html"], None),
    "/northside//plan/": (404, NORTH["404.html"], None),
    "/northside/plan/%0d%0aX-Other:%20here": (404, OWN["404.html"], None),
    "/northside/plan%0aX-Other:%20here": (404, OWN["404.html"], None),
    "/northside%0d%0aX-Other:%20here": (404, OWN["404.html"], None),
    "/privacy%0aX-Other:%20here": (404, OWN["404.html"], None),
    "/northside/plan%0a": (404, OWN["404.html"], None),
}


def test_each_address_has_its_answer(mirror):
    for address, (status, body, location) in {**ADDRESSES, **NGINX_ALONE}.items():
        answer = mirror(address)
        assert (answer.status, answer["location"]) == (status, location), address
        assert body is None or answer.body == body, address
        assert answer["x-other"] is None


def test_the_application_gives_the_same_answers(bundles, mirror):
    for address in ADDRESSES:
        path = address.partition("?")[0]
        ours, theirs = mirror(path), ask_application(path)
        assert (ours.status, ours["location"]) == (theirs.status, theirs["location"]), address
        assert ours.status in (301, 302) or ours.body == theirs.body, address
        for name in ("content-type", "cache-control", "content-disposition", *(key.lower() for key in HEADERS)):
            assert ours.status in (301, 302) and name == "content-type" or ours[name] == theirs[name], (address, name)
        policies = [set(answer["content-security-policy"].split("; ")) for answer in (ours, theirs)]
        assert policies[0] == policies[1] and "default-src 'none'" in policies[0]


def test_every_file_is_the_same_zipped_too(bundles, mirror):
    for base, name, files in (("/", "_site", OWN), ("/northside/", "northside", NORTH)):
        for path in files:
            if not path.endswith("gone.html"):
                address = base + path.removesuffix("index.html")
                ours, theirs = mirror(address, Accept_Encoding="gzip"), ask_application(address, encoding="gzip")
                assert ours.status == theirs.status == 200 and ours.body == theirs.body and ours["content-encoding"] == theirs["content-encoding"], path
                assert ours["vary"] == theirs["vary"], path
    zipped = mirror("/northside/", Accept_Encoding="gzip")
    assert gzip.decompress(zipped.body) == NORTH["index.html"] and zipped["content-encoding"] == "gzip"
    assert mirror("/northside/plan/document.pdf", Accept_Encoding="gzip")["content-encoding"] is None


def test_files_are_kept_and_pages_are_shown(mirror):
    assert mirror("/northside/plan/files/map.png")["content-disposition"] == "attachment"
    assert mirror("/northside/plan/files/plan.docx")["content-disposition"] is None
    assert mirror("/northside/plan/document.pdf")["content-disposition"] is None


def test_search_engines_are_told_what_to_leave_out(mirror):
    assert mirror("/northside/plan/content.json")["x-robots-tag"] == "noindex"
    assert mirror("/northside/plan/funds.csv")["x-robots-tag"] is None
    assert mirror("/northside/nothing")["x-robots-tag"] == "noindex"
    assert mirror("/northside/plan/aims/")["x-robots-tag"] == "noindex"


def test_caches_are_told_how_long(mirror):
    assert mirror("/assets/site.0123456789ab.css")["cache-control"] == "public, max-age=31536000, immutable"
    assert mirror("/northside/")["cache-control"] == "public, max-age=60"
    assert mirror("/assets/none.css")["cache-control"] == mirror("/northside/none")["cache-control"] == "no-cache"


def test_a_reader_who_has_it_is_told_so(mirror):
    for encoding in ("", "gzip"):
        first = mirror("/northside/plan/", Accept_Encoding=encoding)
        assert first["etag"].startswith('"')
        again = mirror("/northside/plan/", Accept_Encoding=encoding, If_None_Match=first["etag"])
        assert (again.status, again.body, again["etag"]) == (304, b"", first["etag"])
        assert again["x-frame-options"] == "DENY" and again["cache-control"] == "public, max-age=60"
    plain, zipped = mirror("/northside/plan/")["etag"], mirror("/northside/plan/", Accept_Encoding="gzip")["etag"]
    assert plain != zipped


def test_parts_of_a_file(mirror):
    part = mirror("/northside/plan/document.pdf", Range="bytes=2-5")
    assert (part.status, part.body, part["content-range"]) == (206, PDF[2:6], f"bytes 2-5/{len(PDF)}")
    assert mirror("/northside/plan/document.pdf", Range="bytes=-3").body == PDF[-3:]
    assert mirror("/northside/plan/document.pdf", Range=f"bytes={len(PDF)}-").status == 416


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_public_pages_are_only_read(mirror, method):
    answer = mirror("/northside/plan/", method)
    assert (answer.status, answer["allow"], answer["cache-control"]) == (405, "GET, HEAD", "no-store")
    assert answer["x-content-type-options"] == "nosniff"


def test_head_has_the_headers_alone(mirror):
    answer = mirror("/northside/plan/document.pdf", "HEAD")
    assert (answer.status, answer["content-length"], answer.body) == (200, str(len(PDF)), b"")
    assert mirror("/northside/plan/aims/", "HEAD").status == 410


BEHIND = [
    "/admin/", "/admin", "/workspace/editions/4/", "/account/login/", "/static/site.css", "/search/?q=x", "/verify/",
    "/northside/search/?q=x", "/northside/plan/compare/1/2/",
]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_without_the_application_its_addresses_say_so(mirror, method):
    for address in BEHIND:
        answer = mirror(address, method)
        assert (answer.status, answer["cache-control"], answer["retry-after"]) == (503, "no-store", "60"), address
        assert answer.body == (b"" if method == "HEAD" else OWN["50x.html"])
        assert answer["x-frame-options"] == "DENY"


def test_the_application_gets_its_requests_and_keeps_its_headers(mirror):
    seen = []

    def application(environ, start_response):
        seen.append(environ)
        start_response("200 OK", [
            ("Content-Type", "text/plain"), ("X-Frame-Options", "SAMEORIGIN"), ("Cache-Control", "no-store"),
            ("Content-Security-Policy", "default-src 'none'; script-src 'nonce-1'"), ("Allow", "GET"),
        ])
        return [environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or b"from behind"]

    class Quiet(WSGIRequestHandler):
        def log_message(self, *words):
            pass

    with make_server("127.0.0.1", mirror.application, application, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            answers = [
                mirror(path, X_Forwarded_For="9.9.9.9", X_Forwarded_Proto="https", X_Forwarded_Host="evil.example", Forwarded="for=9.9.9.9")
                for path in BEHIND
            ]
            posted = mirror("/workspace/", "POST", body=b"a=1")
        finally:
            server.shutdown()
            thread.join()
    assert [answer.body for answer in answers] == [b"from behind"] * len(BEHIND) and posted.body == b"a=1"
    assert [request["PATH_INFO"] for request in seen] == [path.partition("?")[0] for path in [*BEHIND, "/workspace/"]]
    for request in seen:
        assert (request["HTTP_X_FORWARDED_FOR"], request["HTTP_X_FORWARDED_PROTO"]) == ("127.0.0.1", "http")
        assert "HTTP_X_FORWARDED_HOST" not in request and "HTTP_FORWARDED" not in request
        assert request["HTTP_HOST"] == f"127.0.0.1:{mirror.port}"
    for answer in answers:
        assert (answer["x-frame-options"], answer["cache-control"], answer["allow"]) == ("SAMEORIGIN", "no-store", "GET")
        assert answer["content-security-policy"] == "default-src 'none'; script-src 'nonce-1'"
        assert answer["referrer-policy"] == "same-origin"  # the application did not set it


def test_a_new_partnership_needs_no_reload(mirror):
    assert mirror("/southside/").status == 404
    bake("southside", {"index.html": page("Southside"), "404.html": page("Not in Southside")})
    assert mirror("/southside/").body == page("Southside")
    assert mirror("/southside/none").body == page("Not in Southside")


def test_a_reader_sees_the_old_or_the_new_never_a_mixture(mirror):
    """Read two files in a loop while bundles are switched: each answer is one of the whole versions."""
    versions = [page(f"Version {number}.") * 400 for number in range(6)]
    bake("northside", {**NORTH, "plan/index.html": versions[0]})
    seen, wrong, done = set(), [], threading.Event()

    def read(encoding):
        while not done.is_set():
            answer = mirror("/northside/plan/", Accept_Encoding=encoding)
            body = gzip.decompress(answer.body) if answer["content-encoding"] else answer.body
            if answer.status != 200 or body not in versions:
                wrong.append((answer.status, body[:80]))
                return
            seen.add(versions.index(body))

    readers = [threading.Thread(target=read, args=(encoding,)) for encoding in ("", "gzip", "")]
    for reader in readers:
        reader.start()
    for version in versions[1:]:
        bake("northside", {**NORTH, "plan/index.html": version})
        time.sleep(0.1)
    done.set()
    for reader in readers:
        reader.join()
    assert not wrong and {0, 5} <= seen
    assert mirror("/northside/plan/").body == versions[5]


def test_the_application_has_every_word_that_is_passed_on(bundles):
    """What Django answers is reserved, or is one of the words under a partnership, so that nginx passes it on."""
    firsts = {str(pattern.pattern).strip("^").split("/")[0] for pattern in flat(get_resolver())}
    assert {word for word in firsts if not word.startswith("<")} <= RESERVED_SLUGS - serve.OWN_WORDS
    for pattern in flat(get_resolver()):
        if str(pattern.pattern).startswith("<"):
            assert set(str(pattern.pattern).split("/")) & serve.DYNAMIC.keys()


def flat(resolver):
    """Yield the patterns whose address begins with a word, from the includes without one too."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns") and not str(pattern.pattern):
            yield from flat(pattern)
        else:
            yield pattern


# Https, and the files as an administrator gets them ------------------------------------------------------------------


def certificate(folder):
    """Write a certificate that signs itself, and its key; return their files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "masa.example.org")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1)).sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return folder / "cert.pem", folder / "key.pem"


def test_the_two_files_of_a_real_installation(bundles, settings, tmp_path, capsys):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://masa.example.org", ["masa.example.org"]
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS, settings.SECURE_HSTS_PRELOAD = 63_072_000, True, True
    cert, key = certificate(tmp_path)
    call_command("nginx_config", "--addresses")
    (tmp_path / "addresses.conf").write_text(capsys.readouterr().out)
    call_command("nginx_config", addresses_file=str(tmp_path / "addresses.conf"), certificate=str(cert), key=str(key))
    words = capsys.readouterr().out
    assert "return 301 https://masa.example.org$request_uri;" in words
    assert 'map $upstream_http_strict_transport_security $masa_strict_transport_security ' \
        '{ default ""; "" "max-age=63072000; includeSubDomains; preload"; }' in words
    assert "client_max_body_size 30m;" in words
    whole = f"pid {tmp_path}/pid; events {{}} http {{ {words.replace('/var/log/nginx', str(tmp_path))} }}"
    (tmp_path / "nginx.conf").write_text(whole)
    checked = subprocess.run([NGINX, "-t", "-p", tmp_path, "-e", tmp_path / "e", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


def test_a_folder_that_is_not_there_is_said(bundles):
    with pytest.raises(CommandError, match="The folder /nowhere/at/all is not there. Make it first."):
        call_command("nginx_config", standalone="/nowhere/at/all")


def test_what_is_printed_stays_the_same(bundles):
    assert nginx.site(nginx.Wish()) == nginx.site(nginx.Wish())


# Drift between a mirror and the bundles --------------------------------------------------------------------------------


def compared(port, *slugs):
    """Return what check_mirror says."""
    said = io.StringIO()
    try:
        call_command("check_mirror", f"http://127.0.0.1:{port}", *slugs, stdout=said)
    except CommandError as error:
        said.write(str(error))
    return said.getvalue().strip()


def test_a_mirror_that_agrees(mirror):
    bake("northside", NORTH, {"/northside/old-plan/": [301, "/northside/plan/"], "/northside/lately": [302, "/northside/plan/all/"]})
    # Nine files of the installation's own and twelve of Northside, two addresses that moved, and in each of the two one that is nowhere.
    assert compared(mirror.port) == "25 addresses compared, none differs."
    assert compared(mirror.port, "northside") == "15 addresses compared, none differs."


def test_each_difference_is_named(mirror, bundles):
    bake("northside", NORTH, {"/northside/new/": [301, "/northside/plan/"]})
    place = bundles / "northside" / "current"
    (place / "plan/index.html").write_bytes(page("Something else"))
    (place / "plan/funds.csv").unlink()
    (place / "plan/aims/gone.html").rename(place / "plan/aims/index.html")
    said = compared(mirror.port, "northside")
    assert said.splitlines() == [
        "/northside/new/: the answer is 404 and should be 301.",
        "/northside/plan/aims/: the answer is 200 and should be 410.",
        "/northside/plan/funds.csv: the answer is 404 and should be 200.",
        "/northside/plan/: the content is another.",
        "4 of 14 addresses differ.",
    ]


def test_a_mirror_that_does_not_answer(bundles):
    said = compared(free_port(), "northside")
    assert "/northside/plan/: there is no answer: [Errno 111] Connection refused" in said and said.endswith("16 of 16 addresses differ.")


@pytest.mark.parametrize("words", [["masa.example.org"], ["ftp://127.0.0.1"], ["http://127.0.0.1/northside/"]])
def test_an_address_that_is_none(bundles, words):
    with pytest.raises(CommandError, match="is no address of a site. Write one such as https://masa.example.org."):
        call_command("check_mirror", *words)


def test_a_bundle_that_is_not_there(bundles):
    with pytest.raises(CommandError, match="There is no bundle of nowhere. Bake it first."):
        call_command("check_mirror", "http://127.0.0.1", "nowhere")
