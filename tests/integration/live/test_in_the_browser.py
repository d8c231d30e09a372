"""Someone without script checks a PDF; someone reads a comparison on a narrow phone."""
import pytest
from axe_playwright_python.sync_playwright import Axe

from masa.bundle import assets
from masa.partnerships import scope
from masa.publishing import files
from masa.publishing.models import Record
from tests.factories.published import published_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@pytest.fixture
def pages(live_server):
    """The address of the site, with two published editions on it."""
    from masa.bundle import searching

    with scope.every_partnership(why="the test builds its world"):
        world = published_world()
        searching.rebuild(world.partnership.pk)
    return live_server.url


def dressed(page):
    """Serve the shared files to a browser, as the bundle does in front of Django."""
    shared = assets.shared()[1]

    def answer(route):
        path = route.request.url.split("/assets/")[1]
        route.fulfill(body=shared[f"assets/{path}"], content_type=TYPES[path.rsplit(".", 1)[1]])

    page.route("**/assets/**", answer)
    return page


def test_a_pdf_is_checked_without_script(browser, pages, tmp_path):
    with scope.every_partnership(why="test"):
        (tmp_path / "plan.pdf").write_bytes(files.read(Record.objects.get(edition__number=2).pdf_sha256))
    page = dressed(browser.new_context(java_script_enabled=False).new_page())
    page.goto(f"{pages}/verify/")
    page.get_by_label("Choose a file").set_input_files(tmp_path / "plan.pdf")
    page.get_by_role("button", name="Check the file").click()
    assert page.get_by_role("heading", name="Yes: this was published here").is_visible()
    assert page.get_by_text("This is the PDF of edition 2 of “Test plan”").is_visible()
    assert page.context.cookies() == []


@pytest.mark.parametrize("path", ["/world/plan/compare/1/2/", "/world/search/?q=newwater", "/search/?q=zebra", "/verify/?digest=12"])
@pytest.mark.parametrize("width", [1280, 320])
def test_no_fault_that_a_machine_can_find(page, pages, path, width):
    dressed(page).set_viewport_size({"width": width, "height": 900})
    page.goto(pages + path)
    page.locator("body.js-enabled").wait_for()
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_comparison_reads_on_a_phone_and_on_paper(page, pages):
    dressed(page).set_viewport_size({"width": 320, "height": 900})
    page.goto(f"{pages}/world/plan/compare/1/2/")
    assert page.locator("ins", has_text="Newwater").is_visible() and page.locator("del", has_text="Oldwater").is_visible()
    assert "added:" in page.evaluate("getComputedStyle(document.querySelector('section ins'), '::before').content")
    page.get_by_text("Unchanged: Money").click()
    assert page.get_by_text("We share the cost.").is_visible()
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('section ins'), '::before').position") == "static"
