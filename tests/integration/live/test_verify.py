"""The page that says what a file or a digest is."""
import hashlib
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from masa.bundle import datafiles, gather
from masa.partnerships import scope
from masa.publishing import files, services
from masa.publishing.models import Record
from masa.publishing.states import PUBLIC
from tests.factories.editions import later, submit
from tests.factories.published import new_draft, remove_aims, written

pytestmark = pytest.mark.django_db


def pasted(digest):
    """Return the answer to a pasted digest."""
    return Client().get("/verify/", {"digest": digest})


def sent(data, name="document.pdf"):
    """Return the answer to a file, from a browser that checks nothing and has no cookie."""
    return Client(enforce_csrf_checks=True).post("/verify/", {"file": SimpleUploadedFile(name, data)})


def text(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def editions(world):
    """The public editions by number."""
    with scope.every_partnership(why="test"):
        found = {e.number: e for e in world.publication.editions.filter(state__in=PUBLIC).select_related("signed_text")}
        assert found.keys() == {1, 2}
    return found


def test_a_pdf_that_was_published_is_known(world, editions):
    with scope.every_partnership(why="test"):
        data = files.read(Record.objects.get(edition=editions[2]).pdf_sha256)
    answer = sent(data)
    page = text(answer)
    assert answer.status_code == 200
    assert "This is the PDF of edition 2 of “Test plan”" in page
    assert "World" in page and "Yes. It is the current edition." in page
    assert page.count("Lead of ") == 3 and "by signing in" in page
    assert hashlib.sha256(data).hexdigest()[:8] in page
    assert not answer.cookies


def test_a_superseded_edition_leads_to_the_one_in_force(world, editions):
    page = text(pasted(editions[1].digest))
    assert "This is the whole agreed text of edition 1" in page
    assert "It was superseded on 2 March 2026." in page
    assert '<a class="govuk-link" href="/world/plan/">Read edition 2, the current one</a>' in page


@pytest.mark.parametrize("how", [str.upper, lambda d: " ".join([d[:8], d[8:40], d[40:]]), lambda d: f"{d}  content.json", lambda d: f" {d}\n"])
def test_spaces_capitals_and_lines_of_sha256sum_are_read(world, editions, how):
    assert "This is the whole agreed text of edition 2" in text(pasted(how(editions[2].digest)))


@pytest.mark.parametrize(
    ("digest", "sentence"),
    [
        ("", "Paste the digest, or choose a file."),
        ("abc123", "A digest has 64 figures and letters, and this has 6. Copy the whole of it."),
        ("z" * 64, "A digest has only the figures 0 to 9 and the letters a to f."),
        ("a" * 65, "and this has 65."),
        ("\x00\u202e", "A digest has only the figures"),
        ("<b>", "A digest has only the figures"),
    ],
)
def test_what_is_no_digest_is_refused_with_a_sentence(world, digest, sentence):
    answer = pasted(digest)
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert 'href="#digest"' in text(answer) and 'id="digest"' in text(answer)


def test_the_files_of_the_site_are_known_line_by_line(world, editions):
    with scope.every_partnership(why="test"):
        found, _ = gather.publications_of(world.partnership)
    content = datafiles.content(found[0].edition(1))
    assert "This is the file content.json of edition 1" in text(sent(content, "content.json"))
    first, *parts = content.decode().splitlines()
    assert "This is the whole agreed text of edition 1" in text(sent(first.encode()))
    section = next(line for line in parts if "Oldwater" in line)
    assert "This is the section “Aims” of edition 1" in text(sent(section.encode()))
    record = datafiles.record(found[0].edition(2))
    assert json.loads(record)["edition"] == 2
    assert "This is the file record.json of edition 2" in text(sent(record))


def test_a_record_from_before_an_edition_was_superseded_is_still_known(world, editions, django_capture_on_commit_callbacks):
    with scope.every_partnership(why="test"):
        before = datafiles.record(gather.publications_of(world.partnership)[0][0].edition(2))
    with scope.every_partnership(why="test"), django_capture_on_commit_callbacks(execute=True):
        services.withdraw(edition_id=world.edition.pk, by=world.people["publisher"], now=later(60), reason="Wrong area.")
        assert datafiles.record(gather.publications_of(world.partnership)[0][0].edition(2)) != before
    page = text(sent(before))
    assert "This is the file record.json of edition 2" in page and "It was withdrawn on 2 March 2026: Wrong area." in page


def test_a_changed_file_is_unknown_with_what_to_do(world, editions):
    with scope.every_partnership(why="test"):
        data = files.read(Record.objects.get(edition=editions[2]).pdf_sha256)
    page = text(sent(data + b" "))
    assert "Nothing published here has this digest" in page and "That does not prove that a document is false" in page


def test_a_draft_or_a_text_awaiting_agreement_is_unknown(world):
    with scope.every_partnership(why="test"):
        draft = new_draft(world)
        written(world, "aims", "<p>Plantedword in a draft.</p>")
        submit(world)
        draft.refresh_from_db()
        digests = [draft.digest, *draft.signed_text.parts.values_list("digest", flat=True)]
    for digest in digests:
        page = text(pasted(digest))
        assert "Nothing published here has this digest" in page and "Plantedword" not in page


def test_a_removed_part_is_said_to_be_removed(world, editions, django_capture_on_commit_callbacks):
    with scope.every_partnership(why="test"), django_capture_on_commit_callbacks(execute=True):
        digest = editions[2].signed_text.parts.get(kind="section", position=2).digest
        pdf = Record.objects.get(edition=editions[2]).pdf_sha256
        remove_aims(world)
    page = text(pasted(digest))
    assert "This is a section of edition 2" in page
    assert "Removed on 2 March 2026. Reason: it could identify a child. Decided by: Data protection officer." in page
    assert "A part of this edition has since been removed." in text(pasted(pdf))


def test_a_reconstruction_is_agreed_by_nobody(world, editions, django_capture_on_commit_callbacks):
    from masa.publishing.models import Edition
    from masa.publishing.reconstructions import publish_reconstruction

    with scope.every_partnership(why="test"), django_capture_on_commit_callbacks(execute=True):
        draft = new_draft(world, origin=Edition.Origin.RECONSTRUCTION, source="A report", status_then="proposal")
        made = publish_reconstruction(edition_id=draft.pk, now=later(200))
    page = text(pasted(made.digest))
    assert "Nobody. The bodies named in it have not agreed to it here." in page
    assert "No. It is a reconstruction of a public document" in page


def test_a_file_that_is_too_large_empty_or_missing_is_refused_with_a_sentence(world, settings):
    settings.MAX_UPLOAD_BYTES = 2 * settings.MEGABYTE
    answer = sent(b"x" * (2 * settings.MEGABYTE + 1))
    assert answer.status_code == 413 and "The file is larger than 2 MB, so it is none of ours." in text(answer)
    assert "The file is empty." in text(sent(b""))
    assert "Paste the digest, or choose a file." in text(Client().post("/verify/", {}))
    broken = Client().generic("POST", "/verify/", b"not a form", content_type="multipart/form-data")
    assert broken.status_code == 400 and "Choose it and send it again." in text(broken)


def test_a_file_is_hashed_in_pieces_and_left_nowhere(world, tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "never-made")
    data = bytes(range(256)) * 20_000  # over what Django would put into a temporary file
    assert hashlib.sha256(data).hexdigest()[:8] in text(sent(data))


def test_the_number_of_queries_is_bounded(world, editions, django_assert_max_num_queries):
    pasted(editions[2].digest)
    with django_assert_max_num_queries(30):
        pasted(editions[2].digest)


def test_asking_too_often_is_answered_with_a_sentence(world, settings):
    settings.PUBLIC_TRIES_A_MINUTE_BY_ADDRESS = 1
    pasted("0" * 64)
    answer = sent(b"a")
    assert answer.status_code == 429 and "Wait a minute and try again" in text(answer)
