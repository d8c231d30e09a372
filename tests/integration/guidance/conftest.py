import pytest


@pytest.fixture
def guidance(db):
    """Every edition that comes with the program."""
    from masa.guidance.loading import load_guidance  # not above: Django is not ready when this file is first read

    load_guidance()
