"""The process that turns markup into PDFs: a line of JSON for each, answered by a line with pages and size, and the PDF.

Imports nothing of ours, reads no settings and no database, and fetches nothing but data: addresses (IN-06). What is the same for all
PDFs (the libraries, the style sheet) is loaded once; each PDF is then made in a fork of its own, bounded in memory, so that none
can leave anything behind for the next. Ends itself when nobody asks for a while.
"""
import gc
import json
import os
import resource
import signal
import sys
import tempfile

IDLE_SECONDS = 30


def mend_tags(document, pdf):
    """Put right what WeasyPrint's tags leave out: what a header cell heads, and one body for what a list item says in paragraphs."""
    import pydyf

    found = {each.reference: each for each in pdf.objects if isinstance(each, pydyf.Dictionary)}
    for each in list(found.values()):
        if each.get("S") == "/TH":
            group = found[found[each["P"]]["P"]]
            each["A"]["Scope"] = "/Column" if group.get("S") == "/THead" else "/Row"
        elif each.get("S") == "/LI":
            put_into_body(each, found, pdf)


def put_into_body(item, found, pdf):
    """Wrap those parts of a list item that are neither its label nor its body."""
    import pydyf

    stray = [kid for kid in item["K"] if kid in found and found[kid].get("S") not in ("/Lbl", "/LBody")]
    if not stray:
        return
    body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array(stray), "Pg": item["Pg"], "P": item.reference})
    pdf.add_object(body)
    for kid in stray:
        found[kid]["P"] = body.reference
    item["K"] = pydyf.Array([kid for kid in item["K"] if kid not in stray] + [body.reference])


def made(asked, style, fetcher, fonts):
    """Return (pages, PDF) of one document."""
    from weasyprint import HTML

    options = {"pdf_variant": "pdf/ua-1", "pdf_identifier": asked["identifier"].encode()}
    document = HTML(string=asked["html"], base_url=asked["base"], url_fetcher=fetcher).render(font_config=fonts, stylesheets=[style], **options)
    data = document.write_pdf(finisher=mend_tags, **options)
    return len(document.pages), data


def in_a_fork(asked, *shared):
    """Return (pages, PDF) made by a child; pages are 0, and words stand in place of the PDF, when it failed."""
    with tempfile.TemporaryFile() as told:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
                pages, data = made(asked, *shared)
                told.write(b"%d\n" % pages + data)
                status = 0
            except BaseException as error:  # the fork must never go on as if it were the worker
                told.write(f"0\n{type(error).__name__}: {error}".encode(errors="replace"))
            finally:
                told.flush()
                os._exit(status)
        os.waitpid(child, 0)
        told.seek(0)
        pages, _, data = told.read().partition(b"\n")
    return int(pages or 0), data


def main():
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    # The fonts are looked up here, never in a fork: one without enough memory would find none and leave that in the machine's cache.
    fetcher, fonts = URLFetcher(allowed_protocols={"data"}), FontConfiguration()
    style = CSS(string=json.loads(sys.stdin.buffer.readline())["css"], url_fetcher=fetcher, font_config=fonts)
    gc.freeze()  # what is here stays; without it every fork would copy it when rubbish is collected
    gc.set_threshold(50_000)
    while True:
        signal.alarm(IDLE_SECONDS)
        line = sys.stdin.buffer.readline()
        signal.alarm(0)
        if not line:
            return
        pages, data = in_a_fork(json.loads(line), style, fetcher, fonts)
        sys.stdout.buffer.write(b"%d %d\n" % (pages, len(data)) + data)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
