"""One installation for all stories, and browsers for the people in them.

A story never looks into the database: it does what a person does, and sees what a person sees.
"""
import fcntl
import re

import pytest

from tests.factories import site as installation

LEAVES_FOR = "https://www.bbc.co.uk/weather"  # where "Exit this page" leads; the test's browser reaches no such host
PASSWORD = "one river two bridges"


@pytest.fixture(scope="session")
def site(tmp_path_factory, worker_id):
    """The address of the installation. Processes of one run share its folder; each has a server of its own."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "site"
    with open(folder.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        installation.make(folder)
    with installation.served(folder) as address:
        yield address


@pytest.fixture
def someone(browser, site):
    """Call it for a page in a browser of somebody's own.

    width: of the screen. script: whether scripts run. may_meet: the statuses from 400 that the story is about. When the
    story ends, whatever a browser said in its console, a failed request or a request to another host fails it.
    """
    opened = []

    def open_page(*, width=1280, script=True, may_meet=()):
        context = browser.new_context(base_url=site, viewport={"width": width, "height": 800}, java_script_enabled=script)
        context.route(LEAVES_FOR, lambda route: route.fulfill(content_type="text/html", body="<title>Weather</title>"))
        page = context.new_page()
        opened.append((context, watch(page, site, may_meet)))
        return page

    yield open_page
    for context, _ in opened:
        context.close()
    assert [fault for _, faults in opened for fault in faults] == []


def watch(page, site, may_meet):
    """Return a list that fills with what goes wrong in a page."""
    faults = []

    def on_response(response):
        if response.status >= 400 and response.status not in may_meet:
            faults.append(f"{response.status} {response.url}")

    def on_console(message):
        expected = re.search(r"the server responded with a status of (\d+)", message.text)
        if not (expected and int(expected[1]) in may_meet):
            faults.append(message.text)

    def on_request(request):
        if not request.url.startswith((f"{site}/", "data:", "blob:", LEAVES_FOR)):
            faults.append(f"asked {request.url}")

    page.on("response", on_response)
    page.on("console", on_console)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", on_request)
    return faults


@pytest.fixture
def sign_in(someone):
    """Call it with a page and an e-mail address: the person enters password and code and stands in the workspace."""

    def act(page, email):
        page.goto("/workspace/")
        enter_password(page, email)
        enter_code(page, someone(), email)
        page.get_by_role("heading", name="Your work").wait_for()

    return act


def enter_password(page, email):
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def code_of(phone, email):
    """Return the figures that the person's phone shows: in the demo, a page stands in for the phone."""
    phone.goto("/account/demo-code/")
    phone.get_by_label("E-mail address of the sample person").fill(email)
    phone.get_by_role("button", name="Show the code").click()
    return re.search(r"\d{6}", phone.get_by_text("The code is").inner_text())[0]


def enter_code(page, phone, email):
    """Enter the code that the phone shows; one that ran out on the way is followed by the next, as people do."""
    for _ in range(2):
        page.get_by_label("Code").fill(code_of(phone, email))
        with page.expect_navigation():
            page.get_by_role("button", name="Go on").click()
        if not page.get_by_role("heading", name="Enter a code").is_visible():
            return


def fits(page):
    """Say whether the page is no wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
