"""The plan of a partnership's site: which addresses there are, what they depend on, and that they are sound HTML."""
import os
import pickle
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from masa.bundle import editions, pages
from masa.bundle.pages import PlanRefused
from masa.bundle.shapes import PublicationData
from tests.unit.bundle.site_data import edition, make_site, section

ROOT = Path(__file__).parents[3]
ADDRESSES = """
404.html accessibility/index.html arrangements/aims/index.html arrangements/all/index.html arrangements/content.json
arrangements/document.pdf/gone.html arrangements/editions/1/aims/index.html arrangements/editions/1/all/index.html
arrangements/editions/1/content.json arrangements/editions/1/guidance/index.html arrangements/editions/1/index.html
arrangements/editions/1/record.json arrangements/editions/1/secret/gone.html arrangements/editions/2/aims/index.html
arrangements/editions/2/all/index.html arrangements/editions/2/content.json arrangements/editions/2/document.pdf/gone.html
arrangements/editions/2/guidance/index.html arrangements/editions/2/index.html arrangements/editions/2/priorities.csv
arrangements/editions/2/priorities/index.html arrangements/editions/2/record.json arrangements/editions/2/secret/gone.html
arrangements/editions/index.html arrangements/guidance/index.html arrangements/index.html arrangements/lost.csv/gone.html
arrangements/priorities.csv arrangements/priorities/index.html arrangements/record.json arrangements/secret/gone.html documents/index.html
for-you/all/index.html for-you/content.json for-you/editions/1/all/index.html for-you/editions/1/content.json
for-you/editions/1/index.html for-you/editions/1/record.json for-you/editions/1/you/index.html for-you/editions/index.html
for-you/index.html for-you/record.json for-you/you/index.html index.html privacy/index.html sitemap.xml updates.atom updates/index.html
""".split()


def made(site):
    """Return ``{path: text}`` of every file of a site."""
    return {file.path: file.make().decode() for file in pages.plan(site)}


@pytest.fixture(scope="module")
def texts():
    return made(make_site())


def test_every_address_is_there_and_no_other():
    assert [file.path for file in pages.plan(make_site())] == sorted(ADDRESSES)


class Outline(HTMLParser):
    """Collects ids, headings, links within the page and references to ids."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.headings, self.wanted = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self.headings.append(int(tag[1]))
        if attrs.get("href", "").startswith("#"):
            self.wanted.append(attrs["href"][1:])
        self.wanted += (attrs.get("aria-labelledby") or "").split()


@pytest.mark.parametrize("path", [path for path in ADDRESSES if path.endswith(".html")])
def test_ids_are_unique_and_headings_in_order(texts, path):
    outline = Outline(texts[path])
    assert [name for name, count in Counter(outline.ids).items() if count > 1] == []
    assert outline.headings.count(1) == 1
    main = outline.headings[: outline.headings.index(1)] + outline.headings[outline.headings.index(1):]
    assert all(after <= before + 1 for before, after in zip(main[main.index(1):], main[main.index(1) + 1 :], strict=False)), main
    assert set(outline.wanted) <= set(outline.ids)


def test_links_within_the_site_lead_somewhere(texts):
    there = {"/two-rivers/" + path.removesuffix("index.html") for path in texts}
    for path, text in texts.items():
        for address in Links(text).found if path.endswith(".html") else []:
            if address.startswith("/two-rivers/") and "/compare/" not in address:
                assert address.split("#")[0] in there, (path, address)


class Links(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name == "href"]


# What the pages say


def test_what_people_wrote_is_escaped(texts):
    assert "Two Rivers &amp; Co" in texts["index.html"]
    assert "A &lt;new&gt; beginning." in texts["updates/index.html"]
    assert "<summary>A &lt;new&gt; beginning.</summary>" in texts["updates.atom"]


def test_prose_is_cleaned_again_on_its_way_out():
    sly = section("aims", "Aims", '<p onclick="x()">Hello<script>steal()</script></p>')
    site = make_site(publications=(PublicationData("p", "P", "arrangements", "P", False, (edition(1, "published", [sly], slug="p"),)),))
    page = made(site)["p/aims/index.html"]
    assert "Hello" in page
    assert "steal()" not in page
    assert "onclick" not in page


def test_an_agreement_recorded_elsewhere_says_so(texts):
    words = " ".join(texts["arrangements/index.html"].split())
    assert "<strong>Chief Executive, Two Rivers ICB</strong><br>agreed on 27 February 2026, at a meeting or by letter, recorded here" in words


def test_holders_stand_beside_their_posts_with_the_date(texts):
    for path in ("index.html", "arrangements/index.html"):
        assert "Ann Example</span> (interim)" in texts[path]
        assert "correct as at 1 March 2026" in texts[path]


def test_a_superseded_edition_says_so_and_leads_to_the_current_one(texts):
    for path in ("index.html", "aims/index.html", "all/index.html", "guidance/index.html"):
        page = texts[f"arrangements/editions/1/{path}"]
        assert "A later edition has replaced this one" in page
        assert 'href="/two-rivers/arrangements/">Read the edition now in force' in page
        assert '<meta name="robots" content="noindex">' in page


def test_the_same_edition_under_its_number_points_to_its_own_address(texts):
    assert '<link rel="canonical" href="http://testserver/two-rivers/arrangements/aims/">' in texts["arrangements/editions/2/aims/index.html"]
    assert "editions/2" not in texts["sitemap.xml"]
    assert "http://testserver/two-rivers/arrangements/aims/" in texts["sitemap.xml"]


def test_a_version_that_explains_an_older_edition_says_so_on_both_sides(texts):
    assert "This explains edition 1 of Our arrangements, which has since been replaced." in texts["for-you/you/index.html"]
    assert "It explains edition 1, which this edition has replaced" in texts["arrangements/index.html"]


def test_pages_for_readers_at_risk_have_the_way_out(texts):
    assert "Exit this page" in texts["for-you/you/index.html"]
    assert "Exit this page" not in texts["arrangements/aims/index.html"]


def test_a_removed_section_leaves_its_stub(texts):
    page = texts["arrangements/all/index.html"]
    assert "This section was removed on 9 March 2026. Reason: a court order. Decided by: Publisher." in page
    last = texts["arrangements/content.json"].splitlines()[-1]
    assert last == '{"digest":"' + "a" * 64 + '","id":"id-secret","kind":"section","removed":{"category":"court_order","on":"2026-03-09","role":"Publisher"}}'


def test_guidance_is_the_partnerships_own_view(texts):
    page = texts["arrangements/guidance/index.html"]
    assert "It is not a legal opinion." in page
    assert "One requirement: partly." in page
    assert 'href="#wt23-wt23-01">Say who the partners are.' in page
    assert "None of these requirements has yet been checked against the published text of the guidance." in page
    assert 'href="/two-rivers/arrangements/aims/">Aims' in page
    assert "To be met by 1 December 2026." in page


def test_a_withdrawn_publication_is_explained_and_not_indexed():
    gone = edition(1, "withdrawn", [section("aims", "Aims")], slug="p", title="P", withdrawn_at=make_site().updates[0].at, withdrawn_reason="Wrong area.")
    texts = made(make_site(publications=(PublicationData("p", "P", "arrangements", "P", False, (gone,)),)))
    assert "This document has been withdrawn" in texts["p/aims/index.html"]
    assert "Withdrawn on 2 March 2026. Wrong area." in texts["p/index.html"]
    assert '<meta name="robots" content="noindex">' in texts["p/index.html"]
    assert "/p/" not in texts["sitemap.xml"]


@pytest.mark.parametrize(("sample", "words"), [
    ("invented", "This is a sample: the partnership, people and events are invented."),
    ("reconstruction", "Not published or agreed by the bodies named here."),
])  # fmt: skip
def test_every_page_of_a_sample_says_so_and_asks_not_to_be_indexed(sample, words):
    for path, text in made(make_site(sample=sample)).items():
        if path.endswith(".html"):
            assert words in text, path
            assert '<meta name="robots" content="noindex">' in text, path


def test_a_section_cannot_take_an_address_that_the_pages_need():
    site = make_site(publications=(PublicationData("p", "P", "arrangements", "P", False, (edition(1, "published", [section("all", "All of us")], slug="p"),)),))
    texts = made(site)
    assert "All of us" in texts["p/all-section/index.html"]
    assert "Everything on one page" in texts["p/all/index.html"]


def test_two_claims_on_one_address_are_refused_with_a_sentence():
    site = make_site()
    clash = replace(site, publications=(*site.publications, replace(site.publications[1], slug="updates")))
    with pytest.raises(PlanRefused, match="Two pages would stand at the address updates/. Change one of the address words."):
        pages.plan(clash)


# What the keys depend on


def changed(before, after):
    keys = {file.path: file.key for file in pages.plan(before)}
    return {file.path for file in pages.plan(after) if keys.get(file.path) != file.key}


def test_nothing_changes_without_a_reason():
    assert changed(make_site(), make_site()) == set()


def test_a_new_holder_touches_only_the_pages_that_name_the_post():
    site = make_site()
    other = replace(site, holders={site.holders_on: {"icb-chief": {"name": "Bea Example", "standing": "substantive"}}})
    assert changed(site, other) == {
        "index.html", "arrangements/index.html", "arrangements/editions/1/index.html", "arrangements/editions/2/index.html",
        "for-you/index.html", "for-you/editions/1/index.html",
    }  # fmt: skip


def test_a_contact_route_touches_only_the_home_page():
    site = make_site()
    other = replace(site, routes=[{**site.routes[0], "telephone": "0191 498 0001"}])
    assert changed(site, other) == {"index.html"}


def test_an_overdue_review_touches_what_says_so():
    site = make_site()
    assert changed(site, replace(site, overdue=frozenset({"arrangements"}))) == {
        "index.html", "arrangements/index.html", "arrangements/editions/2/index.html"
    }


# The same in every process

RENDER = """
import django, hashlib, pickle, sys
django.setup()
from masa.bundle import pages
for file in pages.plan(pickle.load(sys.stdin.buffer)):
    print(file.path, file.key, hashlib.sha256(file.make()).hexdigest())
"""


def rendered_with(seed, zone):
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "DJANGO_SETTINGS_MODULE": "masa.settings"}
    done = subprocess.run([sys.executable, "-c", RENDER], input=pickle.dumps(make_site()), capture_output=True, cwd=ROOT, env=environment, check=True)
    return done.stdout.decode()


def test_the_same_data_gives_the_same_bytes_in_any_process():
    first = rendered_with("1", "UTC")
    assert first.count("\n") == len(ADDRESSES)
    assert rendered_with("77", "Pacific/Auckland") == first


@pytest.mark.parametrize(("short", "whole"), [
    ("CA04 s.16E(2); WT26, carried from WT23 ch.2", "Children Act 2004 section 16E(2); Working Together 2026, carried from Working Together 2023 chapter 2"),
    ("CARE14 Sch.2", "Care Act 2014 Schedule 2"),
    ("Chapter 2", "Chapter 2"),
    ("", ""),
])  # fmt: skip
def test_sources_are_written_out_for_readers(short, whole):
    assert editions.source_words(short) == whole
