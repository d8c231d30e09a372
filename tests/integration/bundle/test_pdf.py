"""The PDF: tagged, the same in every process, bounded, and unable to read anything."""
import os
import re
import subprocess
import sys
from io import BytesIO

import pytest
from page import ValidationProfile, validate_pdf_bytes
from pypdf import PdfReader

from masa.bundle import pdf
from masa.bundle.pdf import PdfFailed
from masa.partnerships import scope
from masa.publishing.models import Edition, Section, SectionBlock
from masa.publishing.services import sign_off_facts
from tests.factories.editions import NOW, agree, make_world

PROSE = (
    "<h3>How</h3><p>We <strong>share</strong> what we know, as <a href=\"/world/plan/aims/\">our aims</a> say.</p><ul><li>one<ul><li>inside</li></ul></li></ul>"
    "<table><caption>Costs</caption><thead><tr><th scope=\"col\">Body</th><th scope=\"col\">Amount</th></tr></thead>"
    "<tbody><tr><th scope=\"row\">Council</th><td>£1</td></tr></tbody></table><dl><dt>LSP</dt><dd>Lead</dd></dl>"
    '<aside data-note="source"><p>As printed.</p></aside><blockquote><p>Said.</p></blockquote><p data-scope="adults">For adults.</p>'
)


@pytest.fixture
def world(db):
    with scope.every_partnership(why="a test of the PDF"):
        world = make_world()
        section = Section.objects.create(edition=world.edition, anchor="words", heading="Words & figures", body=PROSE, position=7)
        for position, key in enumerate(("partners", "agencies", "structure", "groups", "funding", "disputes", "priorities")):
            SectionBlock.objects.create(section=section, key=key, position=position)
        agree(world)
        yield world


def made(world):
    world.edition.refresh_from_db()
    return pdf.make_pdf(world.edition, sign_off_facts(world.edition), NOW)


def words_of(data):
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages))


def test_it_passes_every_rule_of_pdf_ua_1_and_says_who_agreed(world):
    data = made(world)
    report = validate_pdf_bytes(bytes(data), profile=ValidationProfile.PDF_UA_1)
    assert report.is_compliant, str(report)
    reader = PdfReader(BytesIO(data))
    assert len(reader.pages) == data.pages
    assert reader.metadata.title == "Test plan, edition 1: World"
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert [item.title for item in reader.outline if not isinstance(item, list)][:3] == ["Contents", "1. Aims", "2. Money"]
    words = words_of(data)
    assert "Lead of Local authority, World Local authority agreed on 2 March 2026" in words
    assert "In an emergency call 999" in words
    assert "http://testserver/world/#contacts" in words
    assert "0800 1111" not in words
    assert f"Page 2 of {data.pages}" in words
    assert f"digest {world.edition.digest[:16]}" in words
    links = {a.get_object()["/A"]["/URI"] for page in reader.pages for a in page.get("/Annots", []) if "/A" in a.get_object() and "/URI" in a.get_object()["/A"]}
    assert "http://testserver/world/plan/aims/" in links


def test_steps_in_paragraphs_pass_too():
    html = '<html lang="en"><head><title>T</title></head><body><h1>T</h1><ol><li><p>Ask.</p><p>Wait.</p></li><li>Go.</li></ol></body></html>'
    report = validate_pdf_bytes(bytes(pdf.rendered(html, "0" * 64)), profile=ValidationProfile.PDF_UA_1)
    assert report.is_compliant, str(report)


def test_header_cells_say_what_they_head(world, tmp_path):
    scopes = re.findall(rb"/Scope /(\w+)", uncompressed(made(world), tmp_path))
    assert {b"Column", b"Row"} == set(scopes)


def uncompressed(data, folder):
    """Return a PDF with nothing packed, after qpdf has found it whole."""
    packed = folder / "packed.pdf"
    packed.write_bytes(data)
    subprocess.run(["qpdf", "--check", packed], capture_output=True, check=True)
    return subprocess.run(["qpdf", "--qdf", "--object-streams=disable", packed, "-"], capture_output=True, check=True).stdout


def test_two_processes_make_the_same_bytes(world, monkeypatch):
    first = made(world)
    assert made(world) == first, "the same process makes the same bytes again"
    pdf.end_waiting()
    monkeypatch.setenv("PYTHONHASHSEED", "77")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert made(world) == first


def test_one_process_makes_pdfs_in_a_row_and_survives_one_that_fails():
    html = '<html lang="en"><head><title>T</title></head><body><h1>T</h1></body></html>'
    pdf.end_waiting()
    first = pdf.rendered(html, "0" * 64)
    process = pdf._waiting[0].process
    with pytest.raises(PdfFailed, match="could not be made"):
        pdf.rendered(html, "0" * 64, memory=40_000_000)
    assert pdf.rendered(html, "0" * 64) == first
    assert [worker.process for worker in pdf._waiting] == [process]
    process.kill()
    process.wait()
    assert pdf.rendered(html, "0" * 64) == first


def test_a_draft_says_so_on_every_page_and_has_no_digest(world):
    data = pdf.make_draft_pdf(world.edition)
    pages = [page.extract_text() for page in PdfReader(BytesIO(data)).pages]
    assert all("raft" in page for page in pages)
    assert all("Draft. Not agreed." in page for page in pages[1:])
    assert "digest" not in words_of(data).lower()


def test_a_reconstruction_says_so_on_every_page(world):
    edition = Edition.objects.create(
        publication=world.publication, number=9, origin="reconstruction", title="Draft of 2019", as_on=world.edition.as_on,
        source="A report", status_then="draft", signed_text=world.edition.signed_text,
    )
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf.make_pdf(edition, [], NOW))).pages]
    assert all("Not published or agreed by the bodies named here." in re.sub(r"\s+", " ", page) for page in pages)


@pytest.mark.parametrize("address", ["file://{}", "{}", "http://127.0.0.1:9/x.png"])
def test_nothing_is_fetched(address, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("planted-word")
    address = address.format(secret)
    html = f'<html lang="en"><head><title>T</title><link rel="attachment" href="{address}"></head><body><h1>T</h1><object data="{address}">x</object></body></html>'
    data = uncompressed(pdf.rendered(html, "0" * 64), tmp_path)
    assert b"planted-word" not in data
    assert b"/EmbeddedFile" not in data


def test_it_is_bounded_in_time_and_memory():
    html = '<html lang="en"><head><title>T</title></head><body><h1>T</h1></body></html>'
    pdf.end_waiting()
    with pytest.raises(PdfFailed, match="not finished after 0.05 seconds"):
        pdf.rendered(html, "0" * 64, seconds=0.05)
    with pytest.raises(PdfFailed, match="could not be made"):
        pdf.rendered(html, "0" * 64, memory=40_000_000)


def test_the_child_is_given_no_secret(monkeypatch, tmp_path):
    told = tmp_path / "told.py"
    told.write_text("import os, sys; sys.exit(repr(sorted(os.environ)))")
    pdf.end_waiting()
    monkeypatch.setattr(pdf, "_WORKER", told)
    with pytest.raises(PdfFailed) as failed:
        pdf.rendered("", "0" * 64)
    assert "MASA_" not in str(failed.value)
    assert "PATH" in str(failed.value)


def test_weasyprint_is_imported_by_the_worker_alone():
    code = "import django; django.setup(); import masa.bundle.pdf, masa.bundle.bake, masa.wsgi, sys; sys.exit('weasyprint' in sys.modules)"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "masa.settings"}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
