"""The process that turns markup into a PDF: JSON on standard input, the number of pages and the PDF on standard output.

Imports nothing of ours, reads no settings and no database, and fetches nothing but data: addresses (IN-06).
"""
import json
import os
import resource
import sys


def add_scope(document, pdf):
    """Say of each header cell whether it heads a column or a row, which WeasyPrint leaves out."""
    import pydyf

    found = {each.reference: each for each in pdf.objects if isinstance(each, pydyf.Dictionary)}
    for each in list(found.values()):
        if each.get("S") == "/TH":
            group = found[found[each["P"]]["P"]]
            each["A"]["Scope"] = "/Column" if group.get("S") == "/THead" else "/Row"


def main():
    asked = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    fetcher, fonts = URLFetcher(allowed_protocols={"data"}), FontConfiguration()
    options = {"pdf_variant": "pdf/ua-1", "pdf_identifier": asked["identifier"].encode()}
    styles = [CSS(string=asked["css"], url_fetcher=fetcher, font_config=fonts)]
    document = HTML(string=asked["html"], base_url=asked["base"], url_fetcher=fetcher).render(font_config=fonts, stylesheets=styles, **options)
    made = document.write_pdf(finisher=add_scope, **options)
    sys.stdout.buffer.write(f"{len(document.pages)}\n".encode() + made)
    sys.stdout.flush()
    os._exit(0)  # taking the document apart object by object takes a third of a second and serves nobody


if __name__ == "__main__":
    main()
