"""What paper needs of markup that was made for a screen: tables whose columns fit their words, and nothing that stands twice.

Plain functions from markup to markup. They know the classes of our own templates and of ``masa.ui``; prose has no classes of its own.
"""
import html
import re

WIDTH, PADDING = 170.0, 4.0  # millimetres: of the text on a page, and of the room left and right in a cell
LETTER, WORD_LETTER, BOLD = 1.76, 1.9, 1.13  # millimetres of a letter in running words and in the widest word; bold is wider
LONGEST = 26  # letters; a longer word, such as an address, may be broken

_GONE = re.compile(
    r'<span class="cell-label"[^>]*>.*?</span>|<span class="matrix__(?:yes|maybe)"[^>]*></span>|<ul class="matrix__key".*?</ul>'
    r'|<svg [^>]*class="diagram diagram--narrow".*?</svg>| role="(?:table|rowgroup|row|rowheader|columnheader|cell|note)"',
    re.S,
)
_SUMMARY = re.compile(r'<dl class="govuk-summary-list[^"]*">(.*?)</dl>', re.S)
_ROW = re.compile(r'<div class="govuk-summary-list__row[^>]*>\s*<dt[^>]*>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>.*?</div>', re.S)
_CELLS = r'<tr><th scope="row">\1</th><td>\2</td></tr>'
_CHART = re.compile(r'<figure class="figure"><svg [^>]*class="chart".*?</figure>', re.S)
_TABLE = re.compile(r"(<table\b[^>]*>)(\s*<caption\b.*?</caption>)?(.*?)</table>", re.S)
_TR = re.compile(r"<tr\b.*?</tr>", re.S)
_CELL = re.compile(r"<(t[hd])\b([^>]*)>.*?</\1>", re.S)
_TAG = re.compile(r"<[^>]+>")


def for_paper(markup):
    """Return the markup for paper. Summary lists become tables: the boxes that group their rows have no place in a tagged list."""
    markup = _GONE.sub("", markup)
    markup = _SUMMARY.sub(lambda found: f'<table class="summary"><tbody>{_ROW.sub(_CELLS, found[1])}</tbody></table>', markup)
    markup = _CHART.sub(lambda found: found[0] if "<rect" in found[0] else "", markup)  # a chart without a bar shows nothing
    return _TABLE.sub(table, markup)


def told_once(sections):
    """Return the sections without those lists of groups that a structure in the same section tells already."""
    return [{**section, "blocks": [row for row in section["blocks"] if not told_already(row, section["blocks"])]} for section in sections]


def told_already(row, blocks):
    """Say whether a structure beside this block prints every group that it lists."""
    told = [group for other in blocks if other["key"] == "structure" for group in other["data"]["groups"]]
    return row["key"] == "groups" and bool(told) and all(group in told for group in row["data"]["groups"])


# Tables --------------------------------------------------------------------------------------------------------------


def table(found):
    """Return one table with the widths of its columns, and what is the same in every row said once in its caption."""
    head, caption, body = found[1], found[2] or "", found[3]
    if 'class="summary"' in head or "control" in head or "colspan" in body or "rowspan" in body:
        return found[0]
    rows = [list(_CELL.finditer(row)) for row in _TR.findall(body)]
    if not rows or len({len(row) for row in rows}) > 1:
        return found[0]
    if "cards--words" in head and caption:
        caption, body, rows = without_repeats(caption, body, rows)
    small = "matrix" in head or len(rows[0]) > 4
    shares = "".join(f'<col style="width:{share:.2f}%">' for share in widths(rows, 0.9 if small else 1.0))
    return f'{with_class(head, "small") if small else head}{caption}<colgroup>{shares}</colgroup>{body}</table>'


def with_class(tag, name):
    """Return an opening tag with one more class."""
    return tag.replace('class="', f'class="{name} ', 1) if 'class="' in tag else tag.replace(">", f' class="{name}">')


def without_repeats(caption, body, rows):
    """Return caption, body and rows with each column that says the same in every row moved into the caption."""
    titles, *told = [[words(cell) for cell in row] for row in rows]
    same = [i for i in range(1, len(titles)) if len(told) > 1 and told[0][i] and len({row[i] for row in told}) == 1]
    if not same:
        return caption, body, rows
    once = " ".join(f"{titles[i]}: {told[0][i].rstrip('.')}." for i in same)
    caption = caption.replace("</caption>", f'<br><span class="table__same">For each: {html.escape(once)}</span></caption>')
    body = _TR.sub(lambda row: without_cells(row[0], same), body)
    return caption, body, [[cell for i, cell in enumerate(row) if i not in same] for row in rows]


def without_cells(row, places):
    """Return the markup of a row without the cells at these places."""
    places = iter([cell.span() for i, cell in enumerate(_CELL.finditer(row)) if i in places])
    kept, at = [], 0
    for start, end in places:
        kept.append(row[at:start])
        at = end
    return "".join(kept) + row[at:]


def words(cell):
    """Return the words of a cell."""
    return " ".join(html.unescape(_TAG.sub(" ", cell[0])).split())


def widths(rows, scale):
    """Return each column's share of the width in percent: room for its longest word, and the rest by how much it has to say."""
    columns = [[measured(cell, scale) for cell in column] for column in zip(*rows, strict=True)]
    least = [PADDING + max(word for word, _ in column) for column in columns]
    most = [max(low, PADDING + max(line for _, line in column)) for low, column in zip(least, columns, strict=True)]
    says = [(sum(line * line for _, line in column) / len(column)) ** 0.5 for column in columns]
    given, free = list(least), WIDTH - sum(least)
    open_to = [i for i in range(len(columns)) if given[i] < most[i]]
    while free > 0.1 and open_to:
        step = min(free / sum(says[i] for i in open_to), *((most[i] - given[i]) / says[i] for i in open_to))
        for i in open_to:
            given[i] += step * says[i]
        free -= step * sum(says[i] for i in open_to)
        open_to = [i for i in open_to if most[i] - given[i] > 0.1]
    return [100 * width / sum(given) for width in given]


def measured(cell, scale):
    """Return how wide the longest word of a cell is and how wide all of it would be on one line, in millimetres."""
    text = words(cell)
    bold = scale * (BOLD if cell[1] == "th" else 1.0)
    parts = [text] if "money" in cell[2] and len(text) < LONGEST else re.split(r"[\s\-]+", text)
    return min(LONGEST, max(map(len, parts))) * WORD_LETTER * bold, max(1, len(text)) * LETTER * bold
