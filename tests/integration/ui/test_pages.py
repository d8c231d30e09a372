"""The gallery and the pages for errors."""
import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from masa.ui.middleware import HEADERS, SecurityHeaders
from masa.ui.templatetags.ui import beside


def test_gallery_is_shown_only_to_those_who_build(client, settings):
    assert client.get(reverse("ui:gallery")).status_code == 404
    settings.DEMO = True
    answer = client.get(reverse("ui:gallery"))
    assert answer.status_code == 200
    assert "In an emergency call" in answer.text
    assert client.post(reverse("ui:gallery")).status_code == 405


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "503"])
def test_error_pages_need_nothing_and_say_what_to_do(name):
    page = render_to_string(f"{name}.html")
    assert page.count("<h1") == 1
    assert "In an emergency call" in page
    assert "<script" not in page and "style=" not in page


def test_headers_are_set_unless_the_answer_has_its_own(rf):
    plain = SecurityHeaders(lambda request: HttpResponse())(rf.get("/"))
    assert {name: plain[name] for name in HEADERS} == HEADERS
    assert plain["Cache-Control"] == "no-store"
    own = SecurityHeaders(lambda request: HttpResponse(headers={"Cache-Control": "max-age=60", "Referrer-Policy": "no-referrer"}))(rf.get("/"))
    assert (own["Cache-Control"], own["Referrer-Policy"]) == ("max-age=60", "no-referrer")


def test_public_page_says_whether_it_may_be_indexed():
    site = {"name": "N", "home": "/n/", "accent": "plum", "nav": [], "worried": {"text": "Worried?", "href": "/n/help/"}, "footer": []}
    asset = dict.fromkeys(["site.css", "govuk-frontend.min.css", "site.js", "govuk-frontend.min.js", "favicon.svg"], "/x")
    open_page = render_to_string("layouts/public.html", {"site": site, "asset": asset})
    hidden = render_to_string("layouts/public.html", {"site": site, "asset": asset, "noindex": True, "exit_page": True})
    assert "noindex" not in open_page and "Exit this page" not in open_page
    assert '<meta name="robots" content="noindex">' in hidden
    assert "does not clear your browsing history" in hidden
    assert open_page.index("In an emergency call") < open_page.index("<main")


def test_a_row_with_a_missing_cell_is_refused():
    with pytest.raises(ValueError, match="longer"):
        beside(["a"], ["A", "B"])
