"""What is due is carried out one after another; one that breaks costs only itself."""
from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from masa.work import due

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def only(monkeypatch):
    """Register only what the test says."""
    monkeypatch.setattr(due, "_registered", {})
    return due.register


def test_each_is_asked_with_the_time_and_tells_what_it_did(only):
    only("B")(lambda now: [due.Outcome(True, f"B at {now:%H:%M}.")])
    only("A")(lambda now: [due.Outcome(True, "A.")])
    assert [o.sentence for o in due.run(NOW)] == ["A.", "B at 00:00."]


def test_one_that_breaks_is_told_and_the_next_still_runs(only, caplog):
    def broken(now):
        yield due.Outcome(True, "Half.")
        raise RuntimeError("secret words")

    only("A")(broken)
    only("B")(lambda now: [due.Outcome(True, "B.")])
    outcomes = list(due.run(NOW))
    assert [(o.succeeded, o.sentence) for o in outcomes] == [(True, "Half."), (False, "A: RuntimeError, see the log."), (True, "B.")]
    assert "A failed" in caplog.text


@pytest.mark.parametrize(("succeeded", "status"), [(True, 0), (False, 1)])
def test_the_command_exits_with_what_happened(only, succeeded, status, capsys):
    only("A")(lambda now: [due.Outcome(succeeded, "A was asked.")])
    with pytest.raises(SystemExit) as ended:
        call_command("run_due")
    assert ended.value.code == status
    out, err = capsys.readouterr()
    assert "A was asked." in (out if succeeded else err)
