from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from masa.guidance.loading import GuidanceRefused, load_guidance
from masa.guidance.models import GuidanceEdition, Mapping, Prompt, Release, Requirement, TemplateSection

pytestmark = pytest.mark.django_db

FILE = """\
key: local
series: checklist
title: Our own list
short_title: Our list
release: 1
released_on: 2026-11-22
audience: both
status: confirmed
requirements:
  - code: LOC-01
    kind: arrangements
    text: Say who answers the telephone.
    force: should
    status: confirmed
    source: Minute 4
    recipients: [{key: panel}, {key: ofsted, status: provisional}]
"""


@pytest.fixture
def local(tmp_path):
    """Writes the text of a file and loads it."""

    def load(text=FILE, name="local.yaml"):
        path = tmp_path / name
        path.write_text(text)
        return load_guidance([path])

    return load


def counts():
    models = (GuidanceEdition, Release, Requirement, TemplateSection, Prompt, Mapping)
    return [model.objects.count() for model in models]


def command(*files):
    out, err = StringIO(), StringIO()
    try:
        call_command("load_guidance", *files, stdout=out, stderr=err)
    except CommandError as error:
        return out.getvalue(), err.getvalue(), str(error)
    return out.getvalue(), err.getvalue(), ""


def test_the_shipped_files_load_and_load_again_without_change():
    out, err, refused = command()
    assert "Loaded Working Together 2018, release 1: requirements 69." in out
    assert (err, refused) == ("", "")
    before = counts()
    assert before[:4] == [7, 7, 373, 21]
    assert command() == ("Nothing to load: these releases are loaded already.\n", "", "")
    assert counts() == before


def test_one_mistake_in_one_file_loads_none(tmp_path):
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(FILE)
    other = FILE.replace("key: local", "key: other")
    bad.write_text(other.replace("force: should", "force: ought").replace("- code", "- Code"))
    out, err, refused = command(str(good), str(bad))
    assert out == ""
    assert err.splitlines()[0].startswith("bad.yaml: requirements 1: Code: There is no field of this name.")
    assert "bad.yaml: requirements 1: code: This field is missing. Add it." in err.splitlines()
    assert "bad.yaml: requirements 1: force: Write one of: must, should, may, unconfirmed." in err.splitlines()
    assert refused == "Nothing was loaded. Mistakes to put right: 3."
    assert counts() == [0] * 6


def test_a_file_that_is_not_there():
    _, err, refused = command("/nowhere/none.yaml")
    assert err == "none.yaml: file: file: The file cannot be opened. Check its name and that it may be read.\n"
    assert refused == "Nothing was loaded. Mistakes to put right: 1."


@pytest.mark.parametrize("changed", [
    FILE.replace("telephone", "door"),
    FILE + "# a remark\n",
])
def test_a_released_file_that_changed_is_refused(local, changed):
    local()
    with pytest.raises(GuidanceRefused) as refused:
        local(changed)
    assert str(refused.value) == (
        "local.yaml: local: release: This file has changed since release 1 was loaded, "
        "and a released file does not change. Give it a new release number, 2, and load it again."
    )
    assert Requirement.objects.get().text == "Say who answers the telephone."


def test_windows_line_ends_are_no_change(local, tmp_path):
    local()
    (tmp_path / "local.yaml").write_bytes(FILE.replace("\n", "\r\n").encode())
    assert load_guidance([tmp_path / "local.yaml"]) == []


def test_a_new_release_takes_over_and_the_old_one_stays(local):
    local()
    text = FILE.replace("release: 1", "release: 2").replace("telephone", "door").replace("Our list", "The list")
    [release] = local(text)
    assert (release.number, release.is_current, release.text) == (2, True, text)
    assert GuidanceEdition.objects.get().release == release
    assert str(release) == "The list, release 2"
    assert [(row.release.number, row.release.is_current, row.text) for row in Requirement.objects.all()] == [
        (1, False, "Say who answers the telephone."), (2, True, "Say who answers the door."),
    ]


def test_an_older_release_loaded_again_leaves_the_newer_in_use(local):
    local()
    local(FILE.replace("release: 1", "release: 3"))
    assert local() == []
    assert GuidanceEdition.objects.get().release.number == 3


def test_a_number_below_the_newest_is_refused(local):
    local(FILE.replace("release: 1", "release: 3"))
    with pytest.raises(GuidanceRefused, match="Release 3 is already loaded. Give this file the number 4."):
        local(FILE.replace("release: 1", "release: 2"))


def test_recipients_are_as_sure_as_their_row_unless_the_file_says_otherwise(local):
    local()
    row = Requirement.objects.get()
    assert row.recipients == [{"key": "panel", "status": "confirmed"}, {"key": "ofsted", "status": "provisional"}]
    assert row.recipient_names() == [
        ("Child Safeguarding Practice Review Panel", "confirmed"), ("Ofsted", "provisional"),
    ]


def test_a_file_may_point_at_an_edition_loaded_before(local, guidance):
    text = FILE.replace("source: Minute 4", "source: Minute 4\n    see_also: [WT18-PUB-01]")
    assert len(local(text)) == 1


def test_a_new_release_may_not_take_away_what_a_loaded_edition_comes_from(guidance, tmp_path):
    old = Release.objects.get(edition__key="wt18").text
    start = old.index("  - code: WT18-PUB-06")
    text = old[:start] + old[old.index("  - code: WT18-PUB-07"):]
    (tmp_path / "wt18.yaml").write_text(text.replace("release: 1", "release: 2"))
    with pytest.raises(GuidanceRefused) as refused:
        load_guidance([tmp_path / "wt18.yaml"])
    assert sorted(str(refused.value).splitlines()) == [
        "ailc as loaded: A-17: see_also: No file has a requirement WT18-PUB-06. Correct it, or load its file too.",
        "tyne as loaded: T-04: nearest: No file has a requirement WT18-PUB-06. Correct it, or load its file too.",
        "wt23 as loaded: WT23-PUB-08: maps_from: The edition before (wt18) has no WT18-PUB-06.",
    ]


@pytest.mark.parametrize(("name", "value"), [
    ("kind", "other"), ("force", "ought"), ("status", "sure"), ("force_status", ""), ("applies_when", "always"),
])
def test_the_database_refuses_a_word_that_is_not_listed(local, name, value):
    local()
    row = Requirement.objects.get()
    setattr(row, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize(("earlier", "later", "change"), [
    ("", "", "new"), ("OLD-1", "NEW-1", "new"), ("OLD-1", "NEW-1", "dropped"), ("", "NEW-1", "same"),
    ("OLD-1", "", "split"),
])
def test_the_database_refuses_a_mapping_whose_ends_do_not_fit(local, earlier, later, change):
    [release] = local()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mapping.objects.create(release=release, position=1, from_code=earlier, to_code=later, change=change)


def test_an_edition_has_one_current_release(local):
    [release] = local()
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(edition=release.edition, number=2, released_on="2026-11-22", digest="", text="")
