import pytest

from masa.guidance.loading import load_guidance


@pytest.fixture
def guidance(db):
    """Every edition that comes with the program."""
    load_guidance()
