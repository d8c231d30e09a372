"""A small tree of elements, for markup that is well formed already."""
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser


@dataclass
class Node:
    """An element: children are Nodes and strings."""

    tag: str
    attrs: dict = field(default_factory=dict)
    children: list = field(default_factory=list)


class _Builder(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag != "br":
            self.open.append(node)

    def handle_endtag(self, tag):
        if len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data):
        self.open[-1].children.append(data)


def parse(html):
    """Return a Node without a tag whose children are those of ``html``, which a cleaner wrote."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root


def serialise(nodes):
    """Return the markup of Nodes and strings: attributes in the order of their names, words escaped."""
    parts = []
    for node in nodes:
        if isinstance(node, str):
            parts.append(escape(node, quote=False))
            continue
        attrs = "".join(f' {name}="{escape(value)}"' for name, value in sorted(node.attrs.items()))
        parts.append(f"<{node.tag}{attrs}>")
        if node.tag != "br":
            parts += [serialise(node.children), f"</{node.tag}>"]
    return "".join(parts)
