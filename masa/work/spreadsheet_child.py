"""The process that opens a workbook: bounded in memory and time, without network, files to write or processes to start.

Standard input is the workbook, standard output one JSON object: ``{"name", "hidden", "rows"}`` or ``{"refused"}``.
Arguments: bytes of memory, seconds, rows, columns, the name of the sheet that is wanted. It imports nothing of ours.
"""
import io
import json
import resource
import sys
import zipfile
from datetime import date, datetime, time

FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "ctypes.")


class Refused(Exception):
    """The sentence for the person who chose the file."""


def bound(memory, seconds):
    """Give up memory, time, writing, network and processes, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(refuse_event)


def refuse_event(event, arguments):
    """Raise on anything but reading."""
    if event.startswith(FORBIDDEN) or event == "open" and arguments[1] and set(str(arguments[1])) & set("wax+"):
        raise PermissionError(event)


def check_parts(data):
    """Refuse document types (and so entities) and relations to anything outside, before the workbook is opened."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if not name.lower().endswith((".xml", ".rels", ".vml")):
                continue
            try:
                for _, element in iterparse(package.open(name), forbid_dtd=True):
                    check_relation(element)
                    element.clear()
            except DefusedXmlException:
                raise Refused("The workbook holds definitions that workbooks do not need. Copy the table into a new workbook.") from None
            except ParseError:
                raise Refused("The workbook is damaged. Copy the table into a new workbook and choose that.") from None


def check_relation(element):
    """Refuse a relation to another file. A link that a reader may click is none: nothing follows it."""
    if element.tag.endswith("}Relationship") and element.get("TargetMode") == "External" and not element.get("Type", "").endswith("/hyperlink"):
        raise Refused("The workbook takes something from outside. Paste values in place of it, save, and choose the file again.")


def read(data, wanted, most_rows, most_columns):
    """Return {name, hidden, rows} of the wanted sheet, or of the first that is not hidden."""
    from openpyxl import load_workbook

    check_parts(data)
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    hidden = [f"the hidden sheet “{sheet.title}”" for sheet in book.worksheets if sheet.sheet_state != "visible"]
    if not shown:
        raise Refused("Every sheet of the workbook is hidden. Show the one with the table and choose the file again.")
    sheet = next((s for s in shown if s.title.strip().lower() == wanted.strip().lower()), shown[0])
    others = [f"the sheet “{s.title}”" for s in shown if s is not sheet]
    return {"name": sheet.title, "hidden": hidden + others, "rows": rows_of(sheet, most_rows, most_columns)}


def rows_of(sheet, most_rows, most_columns):
    """Return the rows of a sheet as text, without empty cells at their ends."""
    sheet.reset_dimensions()  # what a workbook says of its own size is not believed
    rows = []
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [text_of(cell) for cell in row]
        while cells and cells[-1] == "":
            cells.pop()
        if len(cells) > most_columns:
            raise Refused(f"Row {number} has more than {most_columns} columns. Remove those that do not belong to the table.")
        rows.append(cells)
        if number > most_rows + 1:
            if not any(rows[most_rows + 1 :]):
                rows.pop()
                continue
            raise Refused(f"The sheet has more than {most_rows:,} rows. Split it into smaller files.")
    while rows and not rows[-1]:
        rows.pop()
    return rows


def text_of(cell):
    """Return what a cell shows, as text that our own parsers read."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise Refused(f"Cell {cell.coordinate} holds a formula. Copy the column, paste it as values, save, and choose the file again.")
    if cell.data_type == "e":
        raise Refused(f"Cell {cell.coordinate} holds an error ({value}). Put it right and choose the file again.")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return format(value, ".15g")  # as many figures as a spreadsheet program keeps
    return str(value).strip()


def main(memory, seconds, most_rows, most_columns, wanted):
    """Read standard input within the limits and print the answer."""
    data = sys.stdin.buffer.read()
    import defusedxml.ElementTree  # noqa: F401 - loaded before files may no longer be opened
    import openpyxl  # noqa: F401

    bound(int(memory), int(seconds))
    try:
        answer = read(data, wanted, int(most_rows), int(most_columns))
    except Refused as refused:
        answer = {"refused": str(refused)}
    except (MemoryError, RecursionError):
        answer = {"refused": "The workbook is too large to read. Copy the table into a new workbook and choose that."}
    except Exception:  # whatever a damaged file provokes in the library: the person can only bring another file
        answer = {"refused": "The workbook could not be read. Copy the table into a new workbook and choose that."}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
