"""People who read: a worried parent, a head teacher, a chief constable."""
import csv
import hashlib
import io
import re

import pytest
from pypdf import PdfReader

from tests.e2e.conftest import LEAVES_FOR, fits

pytestmark = pytest.mark.browser
PLAN = "Northside multi-agency safeguarding arrangements"

# What has the focus: its words, its place in the document, whether it is on the screen and looks different from before.
FOCUSED = """() => {
    const found = document.activeElement, box = found.getBoundingClientRect(), style = getComputedStyle(found);
    const look = s => [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.backgroundColor, s.color, s.borderColor].join();
    const focused = look(style);
    found.blur();
    const plain = look(getComputedStyle(found));
    found.focus({preventScroll: true});
    return {
        words: found.innerText || found.getAttribute("aria-label") || "", place: [...document.querySelectorAll("*")].indexOf(found),
        seen: box.width > 1 && box.height > 1 && box.top >= 0 && box.top < innerHeight && box.left >= 0 && box.left < innerWidth,
        marked: focused !== plain,
    };
}"""


def whom_to_call(page):
    """Return the numbers to call in the order in which the page has them; every one of them can be seen."""
    links = page.locator("a[href^='tel:']")
    assert all(link.is_visible() for link in links.all())
    return [link.get_attribute("href").removeprefix("tel:") for link in links.all()]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_worried_parent_on_a_phone(someone, script):
    """Kim fears that something is happening to her son's friend. It is late, she has an old phone, and the child's mother
    may come into the kitchen. From the list of areas she finds hers and sees whom to call, 999 first, on each page that she
    opens. She reads how children get help, in words for children, and when a door creaks she leaves with one press.
    Nothing about her visit is kept on the phone but the browser's own history.
    """
    page = someone(width=320, script=script)

    def reads(heading):
        page.get_by_role("heading", name=heading, exact=True).first.wait_for()
        assert whom_to_call(page)[0] == "999"
        assert fits(page)

    page.goto("/")
    reads("Safeguarding arrangements")
    page.get_by_role("link", name="Northside Safeguarding Children Partnership").click()
    reads("Northside Safeguarding Children Partnership")
    page.get_by_role("link", name="Worried about a child?").click()
    contacts = page.get_by_role("region", name="In an emergency call 999")
    assert whom_to_call(contacts)[:3] == ["999", "08088005000", "08001111"]
    assert contacts.get_by_role("link", name="0800 1111").is_visible()
    assert contacts.bounding_box()["y"] < 800  # where the link leads is on the screen

    if script:
        page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Other documents", exact=True).click()
    reads("Other documents")
    page.get_by_role("link", name="How we keep you safe").click()
    reads("How we keep you safe")
    page.get_by_role("link", name="How you get help").click()
    reads("How you get help")
    assert page.get_by_text("Leaving with this button does not clear your browsing history.").is_visible()
    page.mouse.wheel(0, 2000)  # the way out stays on the screen
    leave = page.get_by_role("button", name="Exit this page")
    assert 0 <= leave.bounding_box()["y"] < 800
    assert page.context.cookies() == [] and page.evaluate("localStorage.length + sessionStorage.length") == 0
    leave.click()
    page.wait_for_url(LEAVES_FOR)


def tab_to(page, words, from_place=-1):
    """Go on with the Tab key until what has the focus reads ``words``. Each stop can be seen, is marked, and comes after the last."""
    for _ in range(150):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        assert stop["seen"] and stop["marked"] and stop["place"] > from_place, stop
        from_place = stop["place"]
        if stop["words"].strip().startswith(words):
            return
    raise AssertionError(f"The Tab key never comes to {words!r}.")


def follow_by_keyboard(page, words):
    """Use the skip link, which is the first stop of every page, go on to the link that begins with ``words``, and follow it."""
    tab_to(page, "Skip to main content")
    page.keyboard.press("Enter")
    tab_to(page, words, from_place=page.get_by_role("main").evaluate("main => [...document.querySelectorAll('*')].indexOf(main)"))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def download(page, press):
    """Return the bytes of the file that ``press`` makes the browser keep."""
    with page.expect_download() as started:
        press()
    return started.value.path().read_bytes()


def test_a_head_teacher_with_a_keyboard(someone):
    """Mr Osei leads a primary school and cannot use a mouse since an accident. He wants to know what the arrangements ask of
    his school and what he can do when the council sees a case differently. With the Tab key, always seeing where he
    is, he reaches the page for primary schools and its steps. He takes the PDF for his governors, one of whom uses a screen
    reader, and the list of agencies for his spreadsheet.
    """
    page = someone()
    page.goto("/northside/")
    for words in (PLAN, "Who works together", "Each primary school"):
        follow_by_keyboard(page, words)
    assert page.get_by_role("heading", level=1).inner_text() == "What this asks of a primary school"
    assert page.get_by_text("Have a trained safeguarding lead, and a deputy, on duty in every school hour.").is_visible()
    route = page.locator("section", has=page.get_by_role("heading", name="Practitioners in different agencies"))
    steps = route.get_by_role("listitem").all_inner_texts()
    assert [step.split("\n")[0] for step in steps] == ["The two practitioners", "Their managers", "Heads of service", "Partnership chair"]
    assert [step.split("\n")[-1] for step in steps] == [f"Within {within}" for within in ("1 working day", "2 working days", "3 working days", "5 working days")]

    follow_by_keyboard(page, PLAN)
    link = page.get_by_role("main").get_by_role("link", name=PLAN)
    assert page.get_by_text(re.compile("^PDF, ")).is_visible()
    pdf = PdfReader(io.BytesIO(page.request.get(link.evaluate("link => link.href")).body()))
    assert pdf.metadata.title.startswith(PLAN)
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root and root["/Lang"] == "en-GB"
    table = download(page, lambda: page.get_by_role("link", name="Relevant agencies (CSV)").press("Enter"))
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert rows[0]["Agency"] == "Each primary school" and len(rows) == 18


def test_a_chief_constable_checks_what_he_signed(someone):
    """The Chief Constable is about to be asked in public what his force agreed to. He reads the contents, who agreed and when,
    and the digest that he was shown. His adviser has the PDF from a mail and wants to know that nobody changed it; her
    machine runs no scripts. Then they read what is new against the first edition.
    """
    page = someone()
    page.goto("/northside/arrangements/")
    assert page.get_by_role("heading", level=1).inner_text() == PLAN
    assert len(page.get_by_role("navigation", name="In this document").get_by_role("listitem").all()) == 26
    agreed = page.get_by_role("listitem").filter(has_text="agreed on 2 June 2026")
    assert "Chief Constable, Two Rivers Police" in agreed.inner_text()
    manifest = page.request.get("/northside/arrangements/content.json").body().split(b"\n")[0]
    digest = hashlib.sha256(manifest).hexdigest()
    assert digest in page.get_by_role("main").inner_text().replace(" ", "")
    pdf = page.request.get("/northside/arrangements/document.pdf").body()

    adviser = someone(script=False)
    adviser.goto("/verify/")
    adviser.get_by_label("Choose a file").set_input_files({"name": "from a mail.pdf", "mimeType": "application/pdf", "buffer": pdf})
    adviser.get_by_role("button", name="Check the file").click()
    assert adviser.get_by_role("heading", name="Yes: this was published here").is_visible()
    assert adviser.get_by_text(f"This is the PDF of edition 2 of “{PLAN}”").is_visible()
    changed = pdf.replace(b"\n", b" ", 1)
    adviser.get_by_label("Choose a file").set_input_files({"name": "changed.pdf", "mimeType": "application/pdf", "buffer": changed})
    adviser.get_by_role("button", name="Check the file").click()
    assert adviser.get_by_role("heading", name="Nothing published here has this digest").is_visible()
    adviser.get_by_label("Or paste a digest").fill(digest.upper())
    adviser.get_by_role("button", name="Check the digest").click()
    assert adviser.get_by_role("heading", name="Yes: this was published here").is_visible()
    assert adviser.context.cookies() == []

    page.goto("/northside/arrangements/compare/1/2/")
    assert page.get_by_role("heading", name="What changed from edition 1 to edition 2").is_visible()
    new = page.locator("section", has=page.get_by_role("heading", name="Children in our care and care leavers"))
    assert new.get_by_text("New section").is_visible()
    assert page.get_by_role("insertion").first.is_visible() and page.get_by_role("deletion").first.is_visible()
