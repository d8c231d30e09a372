"""``verify`` reads the files that readers get, and names each that is not what was baked."""
import gzip

import pytest

from masa.bundle import bake, store
from masa.partnerships import scope
from masa.publishing.verifying import verify
from tests.factories.editions import later, make_world, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(settings, tmp_path):
    settings.BUNDLE_DIR = tmp_path
    with scope.every_partnership(why="the test makes a partnership"):
        world = make_world()
        publish(world)
    bake.bake(world.partnership.pk, now=later(20))
    with scope.of(world.partnership):
        yield world, store.folder("world") / store.CURRENT


def findings(world):
    return [(f.where, f.sentence) for f in verify(world.partnership) if not f.ok]


def rewrite(path, data):
    """Put other bytes into a file, as a new file, so that no link elsewhere changes."""
    path.unlink()
    path.write_bytes(data)


def test_nothing_differs_after_a_bake(place):
    assert findings(place[0]) == []


def test_a_page_that_was_changed_is_named(place):
    world, current = place
    rewrite(current / "plan/index.html", b"<h1>Another plan</h1>")
    assert ("bundle, plan/index.html", "The file is not what was baked.") in findings(world)


def test_a_page_that_is_missing_is_named(place):
    world, current = place
    (current / "plan/aims/index.html").unlink()
    assert ("bundle, plan/aims/index.html", "The file is missing.") in findings(world)


def test_a_copy_that_says_something_else_is_named(place):
    world, current = place
    rewrite(current / "plan/index.html.gz", gzip.compress(b"<h1>Another plan</h1>"))
    assert findings(world) == [("bundle, plan/index.html.gz", "The smaller copy is missing or is not the same file.")]


def test_a_file_that_was_slipped_in_is_named(place):
    world, current = place
    (current / "plan/extra.html").write_text("More.")
    assert [sentence for _, sentence in findings(world)] == ["This file is not on the list of the bundle."]


def test_a_content_rewritten_with_its_list_is_still_found(place):
    world, current = place
    path = current / "plan/editions/1/content.json"
    rewrite(path, path.read_bytes().replace(b"The plan", b"A plan!!"))
    assert ("bundle, plan/editions/1/content.json", "The content is not the one that was signed.") in findings(world)


def test_public_editions_without_a_bundle_are_named(place, settings, tmp_path):
    settings.BUNDLE_DIR = tmp_path / "elsewhere"
    assert findings(place[0]) == [("the bundle", "Nothing has been baked, though editions are public. Run manage.py bake.")]
