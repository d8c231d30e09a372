"""Baking: what is read, what is rendered again, what is left when it fails, and what is never there."""
import errno
import os
import signal
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from masa.bundle import bake, due, gather, pages, store
from masa.bundle.models import BakeOwed, BundleVersion, GoneAddress
from masa.bundle.store import BakeFailed
from masa.partnerships import scope
from masa.partnerships.models import Partnership
from masa.publishing import services
from masa.publishing.models import Publication, Section
from tests.factories.editions import NOTE, TODAY, add_edition, later, make_world, publish, salt
from tests.unit.bundle.site_data import make_site

ALL = "a test of the bake"
MEMBER = "Draftword"  # stands in a draft and must be in no file


@pytest.fixture
def world(db, tmp_path, settings):
    settings.BUNDLE_DIR = tmp_path / "bundles"
    settings.MEDIA_ROOT = tmp_path / "files"
    with scope.every_partnership(why=ALL):
        world = make_world()
        publish(world)
        yield world


def baked(world, minutes=60, **options):
    return bake.bake(world.partnership.pk, now=later(minutes), **options)


def folder(name="world"):
    return store.folder(name)


def everything(home):
    """Return all the bytes below a folder."""
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def test_a_published_edition_is_readable_and_a_second_bake_does_nothing(world):
    first = baked(world)
    assert (first.number, first.is_new, first.linked) == (1, True, 0)
    assert "We keep children safe." in (folder() / "current/plan/aims/index.html").read_text()
    assert "Lead of Local authority" in (folder() / "current/plan/index.html").read_text()
    again = baked(world)
    assert (again.number, again.is_new) == (1, False)
    assert str(again) == "world: nothing has changed since bundle 1."
    row = BundleVersion.objects.get(partnership=world.partnership)
    assert (row.number, row.baked_at) == (1, later(60))


def test_the_pdf_and_record_are_those_that_were_kept(world):
    baked(world)
    record = world.edition.record
    assert (folder() / "current/plan/document.pdf").read_bytes().startswith(b"%PDF")
    assert record.pdf_sha256 in (folder() / "current/plan/record.json").read_text()
    assert (folder() / "current/plan/content.json").read_text().splitlines()[0] == world.edition.signed_text.manifest


def test_only_what_a_new_edition_touches_is_made_again(world):
    note = Publication.objects.create(partnership=world.partnership, kind=NOTE.key, slug="note", title="A note")
    plan, world.publication = world.publication, note
    world.edition = add_edition(world, title="A note")
    services.submit(edition_id=world.edition.pk, by=world.people["editor"], now=later(20), salt=salt)
    services.sign_off(
        edition_id=world.edition.pk, seat=None, decision="agree", digest=reload(world).digest, by=world.people["publisher"], now=later(21), salt=salt
    )
    services.publish(edition_id=world.edition.pk, by=world.people["publisher"], now=later(22), salt=salt)
    baked(world)
    before = inodes()
    world.publication = plan
    world.edition = add_edition(world, change_note="Better.")
    publish(world, minutes=120)
    done = baked(world, 180)
    after = inodes()
    made = {path for path, inode in after.items() if before.get(path) != inode and not path.endswith((".gz", ".br", "files.json", "redirects.json"))}
    assert {path for path in made if not path.startswith("plan/")} == {"index.html", "documents/index.html", "updates/index.html", "updates.atom"}
    assert not any(path.startswith("note/") for path in made)
    assert "plan/editions/2/index.html" in made
    assert done.rendered == len(made)
    assert done.linked > 10


def reload(world):
    world.edition.refresh_from_db()
    return world.edition


def inodes():
    place = folder() / os.readlink(folder() / "current")
    return {str(path.relative_to(place)): path.stat().st_ino for path in place.rglob("*") if path.is_file()}


def test_a_draft_is_in_no_file(world):
    edition = add_edition(world, title=f"{MEMBER} title", summary=f"{MEMBER} summary", change_note=f"{MEMBER} note")
    Section.objects.create(edition=edition, anchor=MEMBER.lower(), heading=MEMBER, body=f"<p>{MEMBER}</p>", position=9)
    secret = Publication.objects.create(partnership=world.partnership, kind=NOTE.key, slug=f"{MEMBER.lower()}-note", title=MEMBER)
    assert secret.title == MEMBER
    baked(world)
    bake.bake_site(now=later(60))
    found = everything(store.folder("")) + "".join(str(path) for path in store.folder("").rglob("*")).encode()
    assert b"We keep children safe." in found
    assert MEMBER.lower().encode() not in found.lower()


def test_a_removed_section_is_gone_everywhere_and_its_address_says_so(world):
    baked(world)
    world.edition = add_edition(world, as_on=TODAY)
    publish(world, minutes=70)
    baked(world, 80)
    part = world.edition.sections.get(anchor="aims")
    services.remove_part(
        publication_id=world.publication.pk, part_id=str(part.uid), category="court_order", role="Publisher", by=world.people["publisher"], now=later(90)
    )
    baked(world, 91)
    home = folder()
    assert sorted(path.name for path in home.iterdir() if path.name.isdigit()) == ["3"]
    assert b"We keep children safe." not in everything(home)
    for place in ("plan/aims", "plan/editions/1/aims", "plan/editions/2/aims"):
        assert (home / "current" / place / "gone.html").is_file()
        assert not (home / "current" / place / "index.html").exists()
    assert '"category":"court_order"' in (home / "current/plan/editions/1/content.json").read_text()
    assert "Reason: a court order." in (home / "current/plan/all/index.html").read_text()
    assert "We share the cost." in (home / "current/plan/all/index.html").read_text()
    assert GoneAddress.objects.filter(path="plan/aims/").exists()
    baked(world, 92)
    assert (home / "current/plan/aims/gone.html").is_file()


def test_a_pdf_goes_with_the_part_that_it_held(world, django_capture_on_commit_callbacks):
    baked(world)
    part = world.edition.sections.get(anchor="aims")
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_part(
            publication_id=world.publication.pk, part_id=str(part.uid), category="unlawful", role="Publisher", by=world.people["publisher"], now=later(90)
        )
    assert (folder() / "current/plan/document.pdf/gone.html").is_file()


def test_a_withdrawn_edition_stays_and_says_why(world):
    services.withdraw(edition_id=world.edition.pk, by=world.people["publisher"], now=later(30), reason="Wrong area.")
    baked(world)
    page = (folder() / "current/plan/aims/index.html").read_text()
    assert "Wrong area." in page
    assert 'content="noindex"' in page
    assert '"withdrawn_reason":"Wrong area."' in (folder() / "current/plan/record.json").read_text()


def test_redirects_are_written(world):
    services.redirect_address(partnership=world.partnership, from_path="old/", to_path="plan/", by=world.people["publisher"], now=later(30))
    baked(world)
    assert store.listed(folder(), 1)[1] == {"/world/old/": [301, "/world/plan/"]}


def test_the_cost_does_not_depend_on_how_many_editions_or_partnerships_there_are(world):
    gather.gather(world.partnership.pk, TODAY)
    with CaptureQueriesContext(connection) as before:
        gather.gather(world.partnership.pk, TODAY)
    for n in range(3):
        other = make_world(slug=f"other-{n}")
        publish(other)
    world.edition = add_edition(world)
    publish(world, minutes=30)
    with CaptureQueriesContext(connection) as after:
        gather.gather(world.partnership.pk, TODAY)
    assert len(after) == len(before)
    assert len(after) <= 20


def test_an_overdue_review_is_said_from_the_day_after(world):
    world.edition = add_edition(world, review_on=date(2026, 6, 1))
    publish(world, minutes=30)
    baked(world)
    assert baked(world, (date(2026, 6, 1) - TODAY).days * 24 * 60).is_new is False
    assert baked(world, (date(2026, 6, 2) - TODAY).days * 24 * 60).is_new is True
    assert "(overdue)" in (folder() / "current/plan/index.html").read_text()


# The installation's own pages


def test_one_partnership_has_the_root_to_itself_and_two_share_a_directory(world):
    bake.bake_site(now=later(60))
    assert store.listed(folder("_site"), 1)[1] == {"/": [302, "/world/"]}
    Partnership.objects.create(slug="second", name="Second & Co", short_name="Second")
    assert bake.bake_site(now=later(61)).is_new
    assert store.listed(folder("_site"), 2)[1] == {}
    assert "Second &amp; Co" in (folder("_site") / "current/index.html").read_text()


def test_assets_are_named_by_their_content_and_every_page_finds_them(world):
    bake.bake_site(now=later(60))
    baked(world)
    files = store.listed(folder("_site"), 1)[0]
    page = (folder() / "current/index.html").read_text()
    named = {word.split('"')[0] for word in page.split('"/assets/')[1:]}
    assert len(named) == 5
    assert {f"assets/{name}" for name in named} <= files.keys()


# When it fails


def test_a_full_disk_leaves_the_last_bundle_and_a_sentence(world, monkeypatch):
    baked(world)
    world.edition = add_edition(world)
    publish(world, minutes=30)
    put, count = store.put, []

    def full(path, data):
        count.append(path)
        if len(count) > 7:
            raise OSError(errno.ENOSPC, "No space left on device")
        put(path, data)

    monkeypatch.setattr(store, "put", full)
    with pytest.raises(BakeFailed, match="could not be written: No space left on device. The last ones still show."):
        baked(world)
    assert os.readlink(folder() / "current") == "1"
    monkeypatch.undo()
    assert baked(world).number == 2
    assert [path.name for path in folder().iterdir() if path.name.startswith(".new")] == []


def test_a_bake_that_fails_is_owed_and_tried_again(world, monkeypatch, caplog):
    monkeypatch.setattr(store.Writer, "switch", lambda *args, **options: (_ for _ in ()).throw(OSError(errno.EROFS, "Read-only file system")))
    bake.went_live(world.partnership.pk, later(30))
    assert "Read-only file system" in BakeOwed.objects.get().reason
    assert [(o.succeeded, "Read-only" in o.sentence) for o in due.bake_owed(later(31))] == [(False, True)]
    monkeypatch.undo()
    assert [o.succeeded for o in due.bake_owed(later(32))] == [True]
    assert not BakeOwed.objects.exists()
    assert (folder() / "current/index.html").is_file()


def test_publishing_bakes_once_it_is_safely_stored(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        world.edition = add_edition(world)
        publish(world, minutes=30)
        assert not (folder() / "current").exists()
    assert (folder() / "current/plan/editions/2/index.html").is_file()
    assert (folder("_site") / "current/index.html").is_file()


def test_the_last_three_bundles_are_kept(world):
    for n in range(5):
        world.partnership.strapline = f"Line {n}"
        world.partnership.save()
        baked(world)
    assert sorted(path.name for path in folder().iterdir()) == [".lock", "3", "4", "5", "current"]


# The command


def test_the_command_bakes_checks_and_names_what_it_does_not_know(world, capsys):
    with pytest.raises(CommandError, match="world is not up to date."):
        call_command("bake", "--all", "--check")
    assert not (folder() / "current").exists()
    call_command("bake", "world")
    assert "world: bundle 1," in capsys.readouterr().out
    call_command("bake", "--all", "--check")
    with pytest.raises(CommandError, match="There is no partnership called nowhere."):
        call_command("bake", "nowhere")


# Killed at any moment (FT-01)

CALLS = ((store, "put"), (os, "link"), (os, "sync"), (os, "rename"), (os, "symlink"), (os, "fsync"))


def write_and_die(home, site, nth):
    """Write a bundle in a child that is killed just before its ``nth`` touch of the disk; return whether it finished."""
    child = os.fork()
    if child == 0:
        left = [nth]

        def dying(call):
            def wrapper(*args, **options):
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return call(*args, **options)

            return wrapper

        for module, name in CALLS:
            setattr(module, name, dying(getattr(module, name)))
        files = pages.plan(site)
        with store.locked(home):
            store.sweep(home)
            bake.write(home, files, store.listed(home, store.current_number(home))[0], b"{}", 0)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return not os.WIFSIGNALED(status)


def whole(home):
    """Check each file of the bundle that readers see, and return the home page's words."""
    number = store.current_number(home)
    files, _, _ = store.listed(home, number)
    for stored in files.values():
        data = (home / str(number) / stored.path).read_bytes()
        assert (len(data), store.hashlib.sha256(data).hexdigest()) == (stored.size, stored.sha256)
    return (home / str(number) / "index.html").read_text()


def test_killed_at_any_moment_readers_see_the_old_whole_or_the_new_whole(tmp_path):
    home = tmp_path / "two-rivers"
    assert write_and_die(home, make_site(strapline="Old words"), 10_000)
    new = make_site(strapline="New words")
    steps = len(pages.plan(new)) * 3 + 8
    seen, finished = set(), False
    for nth in [*range(0, steps, 17), *range(steps - 30, steps + 1)]:
        finished = write_and_die(home, new, nth)
        page = whole(home)
        seen.add("Old words" in page)
        assert ("Old words" in page) != ("New words" in page)
        if finished:
            break
    assert finished
    assert seen == {True, False}
    assert [path.name for path in home.iterdir() if path.name.startswith(".new")] == []
