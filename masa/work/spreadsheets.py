"""Reading CSV and XLSX files from outside, within limits, and writing them for people's spreadsheet programs.

A workbook is opened in a process of its own with bounded memory and time and no network
(``masa/work/spreadsheet_child.py``); nothing of it is believed before its size and its members are counted.
"""
import csv
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field

from django.conf import settings
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from masa.ui.characters import refusal

MAX_ROWS, MAX_COLUMNS = 5_000, 60
CSV, XLSX = "csv", "xlsx"
MEDIA_TYPES = {CSV: "text/csv; charset=utf-8", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NOT_PLAIN = {
    "vbaproject": "holds macros. Save it as an Excel workbook without macros (.xlsx) and choose that file",
    "macrosheets/": "holds macros. Save it as an Excel workbook without macros (.xlsx) and choose that file",
    "externallinks/": "takes values from another file. Paste them as values, save, and choose the file again",
    "embeddings/": "holds another file inside. Remove it, save, and choose the file again",
    "activex/": "holds controls. Remove them, save, and choose the file again",
}


class Refused(Exception):
    """A file that is not read; the message is a sentence for the person who chose it."""


@dataclass
class Sheet:
    """One table of a file: ``rows`` of text, the first row being ``numbers[0]`` of the sheet, counted from 1."""

    name: str
    rows: list
    numbers: list
    hidden: list = field(default_factory=list)  # names of sheets, rows or columns that were hidden


def read(upload, wanted=""):
    """Return the Sheet of an uploaded file, an object with ``name``, ``size`` and ``read``. Raises Refused.

    Of a workbook it is the sheet called ``wanted`` (in capitals or not), or else the first that is not hidden.
    """
    if upload.size > settings.MAX_UPLOAD_BYTES:
        raise Refused(f"The file is larger than {settings.MAX_UPLOAD_BYTES // settings.MEGABYTE} MB. Split it into smaller files.")
    data = upload.read()
    if not data:
        raise Refused("The file is empty.")
    ending = upload.name.lower().rpartition(".")[2]
    if ending == CSV:
        return read_csv(data)
    if ending == XLSX:
        return read_workbook(data, wanted)
    raise Refused("Choose a file whose name ends in .csv or .xlsx.")


def read_csv(data):
    """Return the one Sheet of a CSV file in UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("The file is not in UTF-8. In Excel, save it as “CSV UTF-8 (Comma delimited)” and choose it again.") from None
    if "\0" in text:
        raise Refused("The file is not a CSV file.")
    try:
        rows = [[cell.strip() for cell in row] for row in limited(csv.reader(io.StringIO(text, newline=""), strict=True))]
    except csv.Error as error:
        raise Refused(f"The file is not a CSV file that can be read: {error}.") from None
    return sheet_of("the rows", rows)


def limited(rows):
    """Yield rows up to the limit, and refuse a file that goes on."""
    for count, row in enumerate(rows):
        if count > MAX_ROWS:
            raise Refused(f"The file has more than {MAX_ROWS:,} rows. Split it into smaller files.")
        if len(row) > MAX_COLUMNS:
            raise Refused(f"Row {count + 1} has more than {MAX_COLUMNS} columns. Remove those that do not belong to the table.")
        yield row


def sheet_of(name, rows, hidden=()):
    """Return a Sheet without its blank rows. Raises Refused for text with characters that mislead, or when nothing is left."""
    numbers = [number for number, row in enumerate(rows, 1) if any(cell != "" for cell in row)]
    for number in numbers:
        for cell in rows[number - 1]:
            if refused := refusal(cell.replace("\n", " ").replace("\r", " ").replace("\t", " ")):
                raise Refused(f"Row {number} of {name}: {refused}")
    if len(numbers) < 2:
        raise Refused(f"There are no rows below the headings in {name}.")
    return Sheet(name, [[plain(cell) for cell in rows[number - 1]] for number in numbers], numbers, list(hidden))


def plain(cell):
    """Return a cell's text without the apostrophe that ``safe`` put before it."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA_STARTS) else cell


# Workbooks -----------------------------------------------------------------------------------------------------------


def read_workbook(data, wanted):
    """Return one Sheet of an XLSX file."""
    check_package(data)
    found = ask_child(data, wanted)
    return sheet_of(f"the sheet “{found['name']}”", [row for row in limited(found["rows"])], found["hidden"])


def check_package(data):
    """Refuse a workbook that is too much once unpacked, or that holds more than tables. Reads its list of members alone."""
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise Refused("The file is not an Excel workbook. Save it as .xlsx and choose it again.") from None
    size = sum(member.file_size for member in members)
    if len(members) > settings.MAX_IMPORT_MEMBERS:
        raise Refused("The workbook is made of too many parts. Copy the table into a new workbook and choose that.")
    if size > settings.MAX_IMPORT_BYTES or size > settings.MAX_IMPORT_RATIO * max(len(data), 1):
        raise Refused("The workbook is too large once unpacked. Copy the table into a new workbook and choose that.")
    if any(member.flag_bits & 0x1 for member in members):
        raise Refused("The workbook is locked with a password. Save it without one and choose it again.")
    names = [member.filename.lower() for member in members]
    for part, why in _NOT_PLAIN.items():
        if any(part in name for name in names):
            raise Refused(f"The workbook {why}.")


def ask_child(data, wanted):
    """Return {name, hidden, rows} that the child reads from a workbook. Raises Refused with its sentence, or ours when it dies."""
    command = [sys.executable, "-I", str(settings.BASE_DIR / "masa" / "work" / "spreadsheet_child.py")]
    limits = [settings.IMPORT_MEMORY_BYTES, settings.IMPORT_SECONDS, MAX_ROWS, MAX_COLUMNS]
    try:
        done = subprocess.run(
            [*command, *map(str, limits), wanted], input=data, capture_output=True, env={}, timeout=settings.IMPORT_SECONDS, check=False
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise Refused("The workbook took too long to read. Copy the table into a new workbook and choose that.") from None
    except ValueError:
        raise Refused("The workbook could not be read. Copy the table into a new workbook and choose that.") from None
    if "refused" in answer:
        raise Refused(answer["refused"])
    return answer


# Writing -------------------------------------------------------------------------------------------------------------


def safe(value):
    """Return text that a spreadsheet program shows and never runs as a formula (IN-07)."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def write(form, title, headings, rows):
    """Return the bytes of a table as ``csv`` or ``xlsx``."""
    return write_csv(headings, rows) if form == CSV else write_workbook(title, headings, rows)


def write_csv(headings, rows):
    """Return a CSV file in UTF-8, marked so that Excel reads it as such."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_workbook(title, headings, rows):
    """Return a workbook of one sheet whose cells are all text, the headings in bold and kept in view."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for position, heading in enumerate(headings):
        sheet.column_dimensions[chr(65 + position)].width = max(14, min(44, len(heading) + 6))
    sheet.append([text_cell(sheet, heading, bold=True) for heading in headings])
    for row in rows:
        sheet.append([text_cell(sheet, safe(value)) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text_cell(sheet, value, *, bold=False):
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"  # a value that begins with = stays text
    if bold:
        cell.font = Font(bold=True)
    return cell
