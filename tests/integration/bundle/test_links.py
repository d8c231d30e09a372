"""Every internal link of a baked site leads to a file of the bundle, to a moved address, or to a page that Django answers."""
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.urls import Resolver404, resolve

from masa.bundle import bake, store
from masa.partnerships import scope
from masa.partnerships.models import Partnership
from tests.factories.editions import later

SAMPLE = "trafford"
HEADINGS = {f"h{level}": level for level in range(1, 7)}


class Page(HTMLParser):
    """What a page leads to, its ids, and the levels of the headings in its main part."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.levels, self.is_main = [], [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        self.is_main = self.is_main or tag == "main"
        self.links += [facts[name] for name in ("href", "src", "action") if facts.get(name)]
        self.ids += [facts["id"]] if facts.get("id") else []
        if tag in HEADINGS and self.is_main:
            self.levels.append(HEADINGS[tag])

    def handle_endtag(self, tag):
        self.is_main = self.is_main and tag != "main"


def addresses(name, base):
    """Return ``{address: text, or None for what is no page}`` of a bundle that readers see."""
    home, found = store.folder(name) / store.CURRENT, {}
    for path in home.rglob("*"):
        if path.is_file() and path.suffix not in {".gz", ".br"}:
            address = base + path.relative_to(home).as_posix().removesuffix("index.html")
            found[address] = path.read_text() if path.suffix == ".html" else None
    return found


@pytest.fixture
def bundle(db, tmp_path, settings, capsys):
    """A sample and the installation's own pages, baked."""
    settings.BUNDLE_DIR, settings.MEDIA_ROOT = tmp_path / "bundles", tmp_path / "files"
    call_command("load_samples", SAMPLE)
    with scope.every_partnership(why="a test of links"):
        key = Partnership.objects.get(slug=SAMPLE).pk
    bake.bake(key, now=later(60))
    bake.bake_site(now=later(60))
    return addresses("_site", "/") | addresses(SAMPLE, f"/{SAMPLE}/")


def is_answered(address):
    """Say whether Django answers an address."""
    try:
        resolve(address)
    except Resolver404:
        return False
    return True


def test_every_page_is_sound_and_every_link_leads_somewhere(bundle):
    pages = {address: Page(text) for address, text in bundle.items() if text is not None}
    assert len(pages) > 50
    for address, page in pages.items():
        assert [name for name, many in Counter(page.ids).items() if many > 1] == [], address
        assert page.levels[0] == page.levels.count(1) == 1, address
        assert all(after <= before + 1 for before, after in zip(page.levels, page.levels[1:], strict=False)), (address, page.levels)
        for link in page.links:
            whole = urlsplit(urljoin(address, link))
            if whole.scheme or whole.netloc:
                continue
            assert whole.path in bundle or is_answered(whole.path), (address, link)
            if whole.fragment and whole.path in pages:
                assert whole.fragment in pages[whole.path].ids, (address, link)
