"""Files from outside: read within limits, refused in sentences, written so that nothing runs."""
import io
import zipfile
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from masa.work import spreadsheets
from masa.work.spreadsheets import Refused


def upload(name, data):
    return SimpleUploadedFile(name, data)


def workbook(*rows, change=lambda book: None):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(data, name, content):
    """Return a workbook with one more part, or another in place of one it has."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, content)
    return out.getvalue()


ROWS = (["name", "from"], ["A", date(2020, 4, 1)])


def refusal_of(name, data):
    with pytest.raises(Refused) as caught:
        spreadsheets.read(upload(name, data))
    return str(caught.value)


def test_a_csv_file_is_read_without_its_blank_rows():
    sheet = spreadsheets.read(upload("a.csv", "name,from\r\n\r\n ,\r\n“Ågot” , 1 May 2020\r\n".encode("utf-8-sig")))
    assert (sheet.rows, sheet.numbers) == ([["name", "from"], ["“Ågot”", "1 May 2020"]], [1, 4])


def test_cells_of_a_workbook_become_text_that_our_parsers_read():
    data = workbook(["a"] * 7, [date(2020, 4, 1), datetime(2020, 4, 1, 9, 30), 0.1 + 0.2, 17995, True, None, "  x "])
    assert spreadsheets.read(upload("a.xlsx", data)).rows[1] == ["2020-04-01", "2020-04-01 09:30:00", "0.3", "17995", "yes", "", "x"]


def test_hidden_sheets_and_others_are_named_and_the_wanted_one_is_read():
    def change(book):
        book.active.title = "First"
        book.create_sheet("Agencies").append(["b"])
        book["Agencies"].append(["2"])
        book.create_sheet("Notes").sheet_state = "hidden"

    sheet = spreadsheets.read(upload("a.xlsx", workbook(["a"], ["1"], change=change)), wanted="agencies")
    assert sheet.rows == [["b"], ["2"]]
    assert sheet.hidden == ["the hidden sheet “Notes”", "the sheet “First”"]


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.csv", b"", "The file is empty."),
        ("a.csv", b"name\n", "There are no rows below the headings in the rows."),
        ("a.csv", b"name\n\xff\xfe", "The file is not in UTF-8. In Excel, save it as “CSV UTF-8 (Comma delimited)” and choose it again."),
        ("a.csv", b"a\x00,b\n1,2", "The file is not a CSV file."),
        ("a.csv", b"a\n" + b"1\n" * 5001, "The file has more than 5,000 rows. Split it into smaller files."),
        ("a.csv", b"a\n" + b"," * 60, "Row 2 has more than 60 columns. Remove those that do not belong to the table."),
        ("a.xlsx", b"PK not a workbook", "The file is not an Excel workbook. Save it as .xlsx and choose it again."),
        ("a.xls", b"\xd0\xcf\x11\xe0", "Choose a file whose name ends in .csv or .xlsx."),
        ("a", b"x", "Choose a file whose name ends in .csv or .xlsx."),
    ],
)
def test_files_that_are_not_read(name, data, sentence):
    assert refusal_of(name, data) == sentence


def test_text_that_misleads_is_refused_with_its_row():
    assert refusal_of("a.csv", "name\nab\u202ecd\n".encode()).startswith("Row 2 of the rows: The text holds a hidden character")


def test_formulas_and_errors_are_named_by_cell():
    assert refusal_of("a.xlsx", workbook(["a"], ["=1+1"])).startswith("Cell A2 holds a formula.")
    assert refusal_of("a.xlsx", workbook(["a"], ["#REF!"])).startswith("Cell A2 holds an error (#REF!).")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("xl/vbaProject.bin", "holds macros"), ("xl/macrosheets/sheet1.xml", "holds macros"), ("xl/externalLinks/externalLink1.xml", "another file"),
        ("xl/embeddings/oleObject1.bin", "another file inside"), ("xl/activeX/activeX1.xml", "controls"),
    ],
)  # fmt: skip
def test_workbooks_that_hold_more_than_tables(part, words):
    assert words in refusal_of("a.xlsx", with_part(workbook(*ROWS), part, b"<a/>"))


def test_entities_and_relations_to_outside_are_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    assert "definitions that workbooks do not need" in refusal_of("a.xlsx", with_part(workbook(*ROWS), "xl/sharedStrings.xml", bomb))
    relation = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" TargetMode="External" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="http://192.0.2.1/x.png"/></Relationships>'
    )
    assert "takes something from outside" in refusal_of("a.xlsx", with_part(workbook(*ROWS), "xl/drawings/_rels/drawing1.xml.rels", relation))


def test_what_unpacks_to_too_much_is_not_unpacked(settings):
    data = with_part(workbook(*ROWS), "xl/media/x.xml", b"<a>" + b" " * 20_000_000 + b"</a>")
    assert refusal_of("a.xlsx", data).startswith("The workbook is too large once unpacked.")
    settings.MAX_IMPORT_MEMBERS = 3
    assert refusal_of("a.xlsx", workbook(*ROWS)).startswith("The workbook is made of too many parts.")
    settings.MAX_UPLOAD_BYTES = 10
    assert refusal_of("a.csv", b"name\nlonger").startswith("The file is larger than")


def test_the_child_has_bounded_memory_and_time(settings):
    settings.IMPORT_SECONDS = 1
    rows = [["x" * 50] * 40 for _ in range(4_999)]
    assert refusal_of("a.xlsx", workbook(*rows)).startswith("The workbook ")


@pytest.mark.parametrize("event", ["socket.connect", "subprocess.Popen", "os.system", "os.posix_spawn"])
def test_the_child_reaches_no_network_and_starts_nothing(event):
    from masa.work import spreadsheet_child

    with pytest.raises(PermissionError):
        spreadsheet_child.refuse_event(event, ())
    with pytest.raises(PermissionError):
        spreadsheet_child.refuse_event("open", ("/tmp/x", "w", 0))
    assert spreadsheet_child.refuse_event("open", ("/tmp/x", "rb", 0)) is None


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("text", ["=1+1", "+44 20", "-5", "@x", "'quoted'", "plain", ""])
def test_what_is_written_is_read_back(form, text):
    data = spreadsheets.write(form, "Table", ["a", "b"], [[text, "x"]])
    assert spreadsheets.read(upload(f"a.{form}", data)).rows[1] == [text, "x"]


@pytest.mark.parametrize("text", ["=1+1", "+44", "-5", "@x", "\t=1"])
def test_what_could_run_is_written_as_text(text):
    assert spreadsheets.safe(text) == "'" + text
