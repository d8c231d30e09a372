"""Importing and exporting: tried first, all or nothing, twice makes no doubles, own rows alone."""
import csv
import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from arrangements.models import CategoryMember, Contribution, Involvement, Membership, Milestone, RelevantAgency
from masa.accounts.models import AuditRow
from masa.partnerships import scope
from masa.partnerships.models import Appointment, Organisation
from tests.factories import register

TABLES = [
    "organisations", "appointments", "agencies", "category-members", "strands", "involvements", "groups", "memberships", "contributions",
    "strategic-links", "milestones",
]  # fmt: skip
WHY = "the test looks at both partnerships"


def as_csv(*rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return SimpleUploadedFile("rows.csv", out.getvalue().encode())


def as_xlsx(*rows, title="Sheet"):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("rows.xlsx", out.getvalue())


def check(client, table, upload, **fields):
    """Choose a file and return the page that says what it would do."""
    return client.post(reverse("admin:table-import", args=[table]), {"file": upload, **fields})


def confirm(client, page):
    return client.post(reverse("admin:table-confirm", args=[page.context["table"].slug, page.context["token"]]), follow=True)


def words(page):
    return {(o.number, column): sentence for o in page.context["report"].outcomes for column, sentence in o.errors}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_exported_comes_back_as_it_was(editor, world, table, form):
    register.make_agencies(world.ours, 3, strands=2)
    register.make_fund(world.ours, [("=SUM(A1)", world.our_body, "1234.50", True), ("CRC", None, None, False)])
    post = register.make_post("head", "Head", world.our_body, holder="Ann Ash", starts_on=date(2024, 1, 1))
    with scope.every_partnership(why=WHY):
        CategoryMember.objects.create(agency=world.our_agency, organisation=world.our_body)
        Membership.objects.create(group=world.our_group, post=post, has_vote=True)
        Milestone.objects.create(partnership=world.ours, event="Publish", due_on=date(2026, 1, 1))
    file = editor.get(reverse("admin:table-export", args=[table, form]))
    assert file["Content-Disposition"].startswith(f'attachment; filename="two-rivers-{table}-')
    if table == "strategic-links":
        return  # there is none: a file of headings alone
    page = check(editor, table, SimpleUploadedFile(f"back.{form}", file.content))
    report = page.context["report"]
    assert report.problems == []
    assert {o.state for o in report.outcomes} == {"unchanged"}, words(page)
    assert page.context["token"] == ""


def test_a_formula_is_exported_as_text_and_the_audit_log_says_who_exported(editor, world):
    register.make_fund(world.ours, [("=cmd|' /C calc'!A0", None, "5", False)])
    file = editor.get(reverse("admin:table-export", args=["contributions", "csv"]))
    assert "'=cmd|" in file.content.decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(editor.get(reverse("admin:table-export", args=["contributions", "xlsx"])).content)).active
    assert (sheet["B2"].data_type, sheet["B2"].value) == ("s", "'=cmd|' /C calc'!A0")
    with scope.of(world.ours):
        row = AuditRow.objects.filter(action="register.export").first()
    assert (row.user, row.partnership_id, row.target) == (editor.user, world.ours.pk, "table:contributions")


def test_an_export_holds_own_rows_alone(editor, world):
    file = editor.get(reverse("admin:table-export", args=["groups", "csv"])).content.decode()
    assert "Executive of two-rivers" in file
    assert "far-hills" not in file
    assert editor.get(reverse("admin:table-export", args=["groups", "csv"]), {"partnership": "far-hills"}).status_code == 404


def test_an_import_is_tried_then_confirmed_and_twice_makes_no_doubles(editor, world):
    def file():
        return as_xlsx(
            ["Address word", "category", "Sector", "from", "owner", "partnership"],
            ["dentists", "Each dentist", "Health and social care", date(2020, 4, 1), "far-hills", world.theirs.pk],
            ["primary-schools", "Every primary school", "education", None, None, None],
        )

    page = check(editor, "agencies", file())
    assert [(o.number, o.state) for o in page.context["report"].outcomes] == [(2, "new"), (3, "changed")]
    assert page.context["report"].notes == [
        "The column “owner” is not one of this table and was not read.", "The column “partnership” is not one of this table and was not read."
    ]  # fmt: skip
    with scope.every_partnership(why=WHY):
        assert RelevantAgency.objects.count() == 2
    assert "1 added, 1 changed, 0 left as they were" in confirm(editor, page).content.decode()
    with scope.every_partnership(why=WHY):
        dentists = RelevantAgency.objects.get(slug="dentists")
        assert (dentists.partnership_id, dentists.sector, dentists.starts_on) == (world.ours.pk, "health", date(2020, 4, 1))
        assert RelevantAgency.objects.get(slug="primary-schools", partnership=world.theirs).category == "Primary schools"
    assert dentists.history.get().history_user == editor.user
    again = check(editor, "agencies", file())
    assert {o.state for o in again.context["report"].outcomes} == {"unchanged"}
    assert "nothing to import" in again.content.decode()


def test_wrong_cells_are_named_and_nothing_is_stored(editor, world):
    register.make_fund(world.ours)
    page = check(editor, "contributions", as_xlsx(
        ["fund", "label as printed", "payer", "amount (£)", "for children (£)", "planned or actual"],
        ["2018-19", "Police", "", "17,995", "", "Actual"],
        ["2018-19", "Two", "nobody-here", "12.345", "", "Actual"],
        ["", "Three", "", "-5", "", "soon"],
        ["2018-19", "Four", "", 5000, "6000", "Planned"],
        ["2018-19", "police", "", 1, "", ""],
        title="Money",
    ))  # fmt: skip
    assert words(page) == {
        (3, "payer"): "There is no organisation “nobody-here” in the register. Add it first, or correct the name.",
        (3, "amount (£)"): "Enter pounds and pence with at most 2 figures after the point, such as 1,234.50.",
        (4, "fund"): "Fill this cell: it is empty.",
        (4, "amount (£)"): "Enter an amount of nought or more, without a minus sign.",
        (4, "planned or actual"): "Enter one of: Planned; Actual.",
        (5, ""): "The shares for children and adults add to more than the amount.",
        (6, ""): "Row 2 says the same thing already. Keep one of the two.",
    }
    shown = page.content.decode()
    assert "The sheet “Money” of rows.xlsx" in shown
    assert "Nothing is imported while one row does not fit" in shown
    with scope.every_partnership(why=WHY):
        assert Contribution.objects.count() == 0
        assert Contribution.history.count() == 0


def test_rows_of_another_partnership_cannot_be_named(editor, world):
    register.make_strand(world.theirs, "secret")
    page = check(editor, "involvements", as_csv(["agency", "takes part in"], ["primary-schools", "secret"]))
    assert words(page) == {(2, "takes part in"): "There is no strand “secret” in the register. Add it first, or correct the name."}
    with scope.every_partnership(why=WHY):
        assert Involvement.objects.count() == 0


def test_a_shared_record_of_others_is_not_changed_by_an_import(editor, world):
    page = check(editor, "organisations", as_csv(["address word", "name"], ["far-hills-school", "Renamed"], ["new-body", "New body"]))
    assert words(page) == {(2, ""): "Another partnership keeps this record. You may read it and not change it."}
    page = check(editor, "organisations", as_csv(["address word", "name"], ["new-body", "New body"]))
    confirm(editor, page)
    assert Organisation.objects.get(slug="new-body").owner == world.ours


def test_holders_who_overlap_within_a_file_are_refused(editor, world):
    register.make_post("head", "Head", world.our_body)
    rows = (["post", "holder", "from", "to"], ["head", "Ann Ash", "1 January 2024", ""], ["Head", "Ben Bell", "2025-03-01", ""])
    page = check(editor, "appointments", as_csv(*rows))
    assert words(page) == {(3, ""): "Someone else holds this post in that period. End that appointment first."}
    rows[1][3] = "28 Feb 2025"
    confirm(editor, check(editor, "appointments", as_csv(*rows)))
    assert Appointment.objects.count() == 2


def test_dates_and_periods_are_checked(editor, world):
    page = check(editor, "agencies", as_csv(
        ["address word", "category", "from", "to"], ["a", "A", "31 February 2020", ""], ["b", "B", "2020-02-01", "2020-01-01"], ["c", "C", "1066-01-01", ""],
    ))  # fmt: skip
    assert words(page) == {
        (2, "from"): "February 2020 has no day 31.",
        (3, ""): "The end date is before the start date.",
        (4, "from"): "Enter a year from 1989 to 2100.",
    }


def test_a_check_is_used_once_by_its_own_person(editor, of_both, world):
    page = check(editor, "milestones", as_csv(["what"], ["Publish"]))
    assert "over half an hour old" in confirm(of_both, page).content.decode()
    assert "1 added" in confirm(editor, page).content.decode()
    assert "over half an hour old" in confirm(editor, page).content.decode()
    with scope.every_partnership(why=WHY):
        assert Milestone.objects.count() == 1


def test_a_register_that_changed_since_the_check_stops_the_import(editor, world):
    post = register.make_post("head", "Head", world.our_body)
    page = check(editor, "appointments", as_csv(["post", "holder", "from"], ["head", "Ann Ash", "2024-01-01"]))
    Appointment.objects.create(post=post, holder="Zoe Zed")
    assert "so nothing was imported" in confirm(editor, page).content.decode()
    assert [a.holder for a in Appointment.objects.all()] == ["Zoe Zed"]


@pytest.mark.parametrize("table", TABLES)
def test_who_may(client, auditor, scrutineer, stranger, table):
    bring, take = reverse("admin:table-import", args=[table]), reverse("admin:table-export", args=[table, "csv"])
    assert (auditor.get(bring).status_code, auditor.post(bring).status_code, auditor.get(take).status_code) == (403, 403, 200)
    assert (scrutineer.get(bring).status_code, scrutineer.get(take).status_code) == (403, 403)
    assert (stranger.get(bring).status_code, stranger.get(take).status_code) == (404, 404)
    assert client.get(take).url.startswith("/account/")


def test_reading_an_address_changes_nothing(editor, world):
    page = check(editor, "milestones", as_csv(["what"], ["Publish"]))
    assert editor.get(reverse("admin:table-confirm", args=["milestones", page.context["token"]])).status_code == 405
    assert editor.post(reverse("admin:table-export", args=["milestones", "csv"])).status_code == 405
    assert editor.get(reverse("admin:table-export", args=["milestones", "ods"])).status_code == 404
    assert editor.get(reverse("admin:table-export", args=["people", "csv"])).status_code == 404
    with scope.every_partnership(why=WHY):
        assert Milestone.objects.count() == 0


def test_with_two_partnerships_one_chooses(of_both, world):
    assert check(of_both, "milestones", as_csv(["what"], ["Publish"])).context["form"].errors
    confirm(of_both, check(of_both, "milestones", as_csv(["what"], ["Publish"]), partnership=world.theirs.pk))
    with scope.every_partnership(why=WHY):
        assert Milestone.objects.get().partnership == world.theirs
    assert of_both.get(reverse("admin:table-export", args=["milestones", "csv"])).status_code == 302


def test_headings_that_are_missing_or_twice_are_named(editor, world):
    assert check(editor, "milestones", as_csv(["due"], ["2020-01-01"])).context["report"].problems == [
        "The column “what” is missing. Headings stand in the first row."
    ]
    assert check(editor, "milestones", as_csv(["what", "What "], ["a", "b"])).context["report"].problems == [
        "The column “what” stands there twice. Remove one of them."
    ]
