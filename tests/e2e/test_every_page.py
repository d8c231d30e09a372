"""Whoever comes, on whatever: one page of each kind, wide and at 320 pixels, with a machine's eye for faults, and on paper."""
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import enter_code, enter_password, fits

pytestmark = pytest.mark.browser
SAM = "sam.exampleton@northside-council.example"
PUBLIC = [
    "/",
    "/footprints/two-rivers/",
    "/accessibility/",
    "/privacy/",
    "/search/?q=school",
    "/verify/",
    "/northside/",
    "/northside/updates/",
    "/northside/accessibility/",
    "/northside/privacy/",
    "/northside/search/?q=school",
    "/northside/agencies/",
    "/northside/agencies/primary-schools/",
    "/northside/children-and-families/",
    "/northside/children-and-families/thresholds/",
    "/northside/arrangements/",
    "/northside/arrangements/partners-and-agencies/",
    "/northside/arrangements/leadership-and-governance/",
    "/northside/arrangements/funding/",
    "/northside/arrangements/disputes/",
    "/northside/arrangements/implementation/",
    "/northside/arrangements/guidance/",
    "/northside/arrangements/all/",
    "/northside/arrangements/editions/",
    "/northside/arrangements/editions/1/",
    "/northside/arrangements/compare/1/2/",
    "/far-hills/",
]
SIGNING_IN = ["/account/login/", "/account/password/forgotten/", "/account/demo-code/"]
INSIDE = [
    "/workspace/",
    "/account/",
    "/account/password/",
    "/admin/",
    "/admin/partnerships/contactroute/",
    "/admin/partnerships/contactroute/1/change/",
    "/admin/partnerships/contactroute/1/history/",
    "/admin/arrangements/relevantagency/",
    "/admin/arrangements/group/add/",
    "/admin/tables/",
    "/admin/tables/agencies/import/",
]
AXE = {"resultTypes": ["violations"], "preload": False}  # without fetching style sheets again, which the page itself does not do
# Levels of the headings that are there for everybody, hidden by sight or not, in order; and ids that stand there twice.
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(h => h.checkVisibility()).map(h => +h.tagName[1])"""
DOUBLE_IDS = """() => [...document.querySelectorAll("[id]")].map(e => e.id).filter((id, at, all) => all.indexOf(id) !== at)"""


def faults_of(page):
    """Return what a machine finds wrong with the page as it stands."""
    found = [f"axe {fault['id']}: {node['html'][:160]}" for fault in Axe().run(page, options=AXE).response["violations"] for node in fault["nodes"]]
    levels = page.evaluate(HEADINGS)
    if levels.count(1) != 1:
        found.append(f"headings of the first level: {levels.count(1)}")
    found += [f"a heading {after} follows a heading {before}" for before, after in zip(levels, levels[1:], strict=False) if after > before + 1]
    found += [f"the id {ident} twice" for ident in page.evaluate(DOUBLE_IDS)]
    return found


def assert_fit_for_everyone(page, path):
    """Open a page wide and on a narrow phone; neither has a fault, and nobody needs to scroll sideways."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(path)
    page.wait_for_load_state("networkidle")
    faults = faults_of(page)
    page.set_viewport_size({"width": 320, "height": 640})
    faults += [f"at 320 pixels: {fault}" for fault in faults_of(page)]
    if not fits(page):
        faults.append("at 320 pixels: the page is wider than the screen")
    assert faults == []


@pytest.mark.parametrize("path", [*PUBLIC, *SIGNING_IN])
def test_pages_that_everybody_reaches(someone, path):
    """A reader with a screen reader, a reader who zooms until a line holds thirty letters, and one who does neither, all read."""
    assert_fit_for_everyone(someone(), path)


def test_an_address_that_leads_nowhere(someone):
    """A letter has an old address. The page says so, and whom to call all the same."""
    page = someone(may_meet={404})
    for path in ("/northside/no-such-page/", "/no-such-place/"):
        assert_fit_for_everyone(page, path)
    page.goto("/northside/no-such-page/")
    assert page.get_by_role("link", name="999").first.is_visible()


@pytest.fixture(scope="session")
def sams_cookies(browser, site):
    """The session of Sam, a publisher of Northside, who signs in once for all pages inside."""
    page, phone = browser.new_page(base_url=site), browser.new_page(base_url=site)
    page.goto("/workspace/")
    enter_password(page, SAM)
    enter_code(page, phone, SAM)
    page.get_by_role("heading", name="Your work").wait_for()
    yield page.context.cookies()
    page.close()
    phone.close()


@pytest.mark.parametrize("path", INSIDE)
def test_pages_inside(someone, sams_cookies, path):
    """The same readers work in the business unit, and the register is theirs as well."""
    page = someone()
    page.context.add_cookies(sams_cookies)
    assert_fit_for_everyone(page, path)
    assert page.get_by_role("heading", name="Sign in").count() == 0


@pytest.mark.parametrize("path", ["/northside/arrangements/partners-and-agencies/", "/northside/agencies/primary-schools/"])
def test_pages_on_paper(someone, path):
    """A school prints the page for its staff room: the words are there, and what only a screen can do is not."""
    page = someone()
    page.goto(path)
    page.emulate_media(media="print")
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.get_by_role("rowheader", name="Each primary school").first.is_visible() or page.get_by_text("Their managers").is_visible()
    for part in (page.get_by_role("navigation", name="Menu"), page.get_by_role("link", name="Skip to main content")):
        assert not part.is_visible()
    assert page.pdf().startswith(b"%PDF")
