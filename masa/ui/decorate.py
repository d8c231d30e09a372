"""Prints clean prose: classes, marks of the audience in words, titles of notes, tables that can be read on a phone.

Stored prose has no classes and no markup of ours, so what is done here can change without touching what was agreed.
"""
from masa.ui.prose import text_of
from masa.ui.tree import Node, parse, serialise

SCOPE_WORDS = {"children": "Children", "adults": "Adults"}
NOTE_TITLES = {"source": "As printed in the source", "rule": "What the rule says"}
_CLASSES = {
    "p": "govuk-body", "h3": "govuk-heading-m", "h4": "govuk-heading-s", "a": "govuk-link", "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number", "table": "govuk-table", "caption": "govuk-table__caption govuk-table__caption--s",
    "thead": "govuk-table__head", "tbody": "govuk-table__body", "tr": "govuk-table__row", "th": "govuk-table__header",
    "td": "govuk-table__cell", "blockquote": "govuk-inset-text", "dl": "definitions",
}  # fmt: skip
_TABLE_ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}


def decorate(html):
    """Return clean prose as it is put on a page or into a PDF; ids are never made, so that it can stand there twice."""
    return serialise([_decorated(node) for node in parse(html).children])


def _decorated(node):
    if isinstance(node, str):
        return node
    attrs = dict(node.attrs)
    if classes := _CLASSES.get(node.tag):
        attrs["class"] = classes
    children = [_decorated(child) for child in node.children]
    scope = attrs.get("data-scope")
    if node.tag == "aside":
        return _note(attrs, children)
    if node.tag == "table":
        return _table(node, attrs, children)
    if node.tag == "tr" and scope and children:
        children[0] = Node(children[0].tag, children[0].attrs, [*_tag(scope), *children[0].children])
    elif node.tag in {"ul", "ol"} and scope:
        return Node("div", {"data-scope": scope}, [Node("p", {"class": "scope-line"}, _tag(scope)[:1]), Node(node.tag, {"class": classes}, children)])
    elif scope:
        children = [*_tag(scope), *children]
    return Node(node.tag, attrs, children)


def _tag(scope):
    return [Node("strong", {"class": f"scope-tag scope-tag--{scope}"}, [SCOPE_WORDS[scope]]), " "]


def _note(attrs, children):
    kind = attrs.get("data-note", "")
    title = [Node("p", {"class": "note__title"}, [NOTE_TITLES[kind]])] if kind in NOTE_TITLES else []
    return Node("div", {"class": f"note note--{kind or 'plain'}", "role": "note"}, [*title, *children])


def _table(node, attrs, children):
    """A plain table becomes cards on a phone; one with joined cells, or without a head, scrolls sideways in a frame."""
    scope, titles = attrs.get("data-scope"), _titles(node)
    caption = next((text_of(serialise(part.children)) for part in node.children if part.tag == "caption"), "")
    before = [Node("p", {"class": "scope-line"}, _tag(scope)[:1])] if scope else []
    outer = {"data-scope": scope} if scope else {}
    attrs.pop("data-scope", None)
    if titles:
        attrs["class"] += " cards"
        return Node("div", outer, [*before, _with_labels(Node("table", attrs, children), titles)])
    frame = {"class": "table-frame", "role": "region", "tabindex": "0", "aria-label": f"Table: {caption}" if caption else "Table"}
    return Node("div", outer, [*before, Node("div", frame, [Node("table", attrs, children)])])


def _titles(table):
    """The words of each column's head, or nothing when the table is not plain."""
    heads = [row for part in table.children if part.tag == "thead" for row in part.children]
    rows = [row for part in table.children if part.tag in {"thead", "tbody"} for row in part.children]
    plain = all("colspan" not in cell.attrs and "rowspan" not in cell.attrs for row in rows for cell in row.children)
    if len(heads) != 1 or not plain or any(len(row.children) != len(heads[0].children) for row in rows):
        return []
    return [text_of(serialise(cell.children)) for cell in heads[0].children]


def _with_labels(node, titles, in_head=False):
    """Put each column's title into its cells, shown on a phone only, and keep the roles that a changed display would lose."""
    role = _TABLE_ROLES.get(node.tag)
    if node.tag == "th":
        role = "columnheader" if in_head else "rowheader"
    attrs = {**node.attrs, **({"role": role} if role else {})}
    if node.tag == "tr" and not in_head:
        cells = [_with_labels(cell, titles) for cell in node.children]
        for cell, title in zip(cells, titles, strict=True):
            if title and cell.tag == "td":
                cell.children = [Node("span", {"class": "cell-label", "aria-hidden": "true"}, [title]), *cell.children]
        return Node("tr", attrs, cells)
    if node.tag in {"table", "thead", "tbody", "tr"}:
        children = [_with_labels(child, titles, in_head or child.tag == "thead") for child in node.children]
        return Node(node.tag, attrs, children)
    return Node(node.tag, attrs, node.children)
