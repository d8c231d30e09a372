"""Two published editions, and pages asked for by someone who is not signed in."""
import pytest


@pytest.fixture(autouse=True)
def nothing_counted_yet(db, settings, tmp_path):
    """Each test counts its own requests and keeps its own files."""
    from django.core.cache import cache

    cache.clear()
    settings.MEDIA_ROOT, settings.BUNDLE_DIR = tmp_path / "files", tmp_path / "bundles"


@pytest.fixture
def world(django_capture_on_commit_callbacks):
    """Edition 1 is superseded, edition 2 published; both are in the search."""
    from masa.partnerships import scope
    from tests.factories.published import published_world

    with scope.every_partnership(why="the test builds its world"), django_capture_on_commit_callbacks(execute=True):
        return published_world()
