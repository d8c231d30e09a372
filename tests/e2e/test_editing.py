"""People who keep the register: what an editor changes is live at once, and what she imports goes in whole or not at all."""
import io
from urllib.parse import urlsplit

import pytest
from openpyxl import Workbook

from tests.e2e.conftest import enter_code, enter_password
from tests.factories.site import OMAR, VERA

pytestmark = pytest.mark.browser
NINA = "nina.exampleness@northside-council.example"
DOORS = ("/workspace/", "/admin/", "/admin/partnerships/contactroute/", "/account/", "/account/recovery-codes/")


def test_an_editor_changes_whom_to_call(someone, sign_in):
    """The police have a new number for evenings and nights. Nina, an editor of Northside, signs in with her password and the
    code on her phone; with the password alone no door opens. She changes the number, and the next person who reads
    the public page sees it. The history has her name and both numbers. Omar, who edits the register of Far Hills, tries the
    same address and finds nothing there.
    """
    page = someone()
    page.goto("/workspace/")
    enter_password(page, NINA)
    page.get_by_role("heading", name="Enter a code").wait_for()
    for door in DOORS:
        page.goto(door)
        assert page.get_by_role("heading", level=1).inner_text() in {"Sign in", "Enter a code"}, door
    page.goto("/workspace/")
    if page.get_by_role("heading", name="Sign in").is_visible():
        enter_password(page, NINA)
    enter_code(page, someone(), NINA)
    page.get_by_role("heading", name="Your work").wait_for()

    page.get_by_role("link", name="The register of Northside Safeguarding Children Partnership").click()
    page.get_by_role("link", name="Contact routes", exact=True).click()
    page.get_by_role("link", name="The police, when it is not an emergency").click()
    row = urlsplit(page.url).path
    page.get_by_label("Telephone").fill("0191 498 0123")
    page.get_by_role("button", name="Save", exact=True).click()
    assert "was changed successfully" in page.get_by_role("main").inner_text()

    reader = someone(width=320)
    reader.goto("/northside/")
    assert reader.get_by_role("link", name="0191 498 0123").get_attribute("href") == "tel:01914980123"
    reader.goto("/northside/agencies/primary-schools/")
    assert reader.get_by_role("link", name="0191 498 0123").is_visible()
    reader.goto("/northside/updates/")
    assert reader.get_by_role("listitem").filter(has_text="contact").first.is_visible()

    page.goto(row)
    page.get_by_role("link", name="History").click()
    change = page.get_by_role("listitem").filter(has_text="Nina Exampleness").first
    cells = change.get_by_role("row").filter(has_text="Telephone").get_by_role("cell").all_inner_texts()
    assert cells == ["101", "0191 498 0123"]

    colleague = someone(may_meet={404})
    sign_in(colleague, OMAR[0])
    assert colleague.goto(row).status == 404
    colleague.goto("/admin/partnerships/contactroute/")
    assert colleague.get_by_role("link", name="Front door of Far Hills").is_visible()
    assert colleague.get_by_text("NSPCC").count() == 0


def workbook(*rows):
    """Return a workbook whose sheet is called Agencies, as a browser sends it."""
    book = Workbook()
    book.active.title = "Agencies"
    for row in (["address word", "category", "sector", "from"], *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "agencies.xlsx", "mimeType": kind, "buffer": out.getvalue()}


def bring(page, file):
    """Choose a file for the table of agencies and have it checked."""
    page.goto("/admin/tables/")
    page.get_by_role("link", name="Import Relevant agencies").click()
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()


def number_of_agencies(page):
    page.goto("/admin/arrangements/relevantagency/?all=")
    return page.get_by_role("main").get_by_role("row").count() - 1


def test_an_editor_brings_agencies_from_a_spreadsheet(someone, sign_in):
    """Vera has the agencies of Northside in a spreadsheet that many hands have typed in. She tries it first. One of three rows
    has a date that no calendar has; the page names the sheet, the row, the column and what to do, and nothing of the
    file is stored. She puts the date right, and all three go in. A week later somebody sends her the same file again:
    nothing changes and nothing stands there twice.
    """
    page = someone()
    sign_in(page, VERA[0])
    before = number_of_agencies(page)
    dentists, nurseries = ["dentists", "Each dentist", "Health and social care", "2026-04-01"], ["nurseries", "Each nursery", "Education and childcare", ""]

    bring(page, workbook(dentists, ["opticians", "Each optician", "Health and social care", "31 February 2026"], nurseries))
    assert "The sheet “Agencies” of agencies.xlsx" in page.get_by_role("main").inner_text()
    wrong = page.get_by_role("row").filter(has_text="To put right")
    assert wrong.get_by_role("rowheader").inner_text() == "3"
    assert wrong.get_by_role("listitem").inner_text() == "from: February 2026 has no day 31."
    assert page.get_by_role("button", name="Import all of it").count() == 0
    assert number_of_agencies(page) == before

    corrected = workbook(dentists, ["opticians", "Each optician", "Health and social care", "28 February 2026"], nurseries)
    bring(page, corrected)
    page.get_by_role("button", name="Import all of it").click()
    assert "3 added, 0 changed, 0 left as they were." in page.get_by_role("main").inner_text()
    assert number_of_agencies(page) == before + 3

    bring(page, corrected)
    assert "there is nothing to import" in page.get_by_role("main").inner_text()
    assert page.get_by_role("button", name="Import all of it").count() == 0
    assert number_of_agencies(page) == before + 3
