"""Someone reads the pages on a wide screen, on a phone, with a keyboard, and without script.

The gallery holds every component, so what holds there holds for the parts of every page.
"""
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def gallery(live_server, settings):
    settings.DEMO = True
    return live_server.url + reverse("ui:gallery")


@pytest.mark.parametrize("width", [1280, 320])
def test_gallery_has_no_fault_that_a_machine_can_find(page, gallery, width):
    faults = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda response: response.status >= 400 and faults.append(f"{response.status} {response.url}"))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(gallery)
    page.locator("body.js-enabled").wait_for()
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults == []


def test_the_audience_switch_works_without_script(browser, gallery):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(gallery)
    children, adults = page.locator("p[data-scope=children]"), page.locator("li[data-scope=adults]")
    assert children.is_visible() and adults.is_visible()
    page.get_by_label("Children only").check()
    assert children.is_visible() and not adults.is_visible()
    assert page.get_by_text("Evening classes are held in six branches.").is_visible()  # never words inside a paragraph
    page.get_by_label("Adults only").check()
    assert adults.is_visible() and not children.is_visible()
    page.context.close()


def test_links_of_an_error_summary_move_the_focus(page, gallery):
    page.goto(gallery)
    page.locator("body.js-enabled").wait_for()
    for words, ident in [("Choose one: how should we answer.", "id_wrong-how_0"), ("February 2026 has no day 31.", "id_wrong-met_on_0")]:
        page.get_by_role("link", name=words).click()
        assert page.evaluate("document.activeElement.id") == ident
