"""What is to be done at a time: rooms register what they carry out, and ``run_due`` calls each."""
import logging
from dataclasses import dataclass

log = logging.getLogger(__name__)
_registered = {}


@dataclass(frozen=True)
class Outcome:
    """What became of one thing that was due, in a sentence."""

    succeeded: bool
    sentence: str


def register(title):
    """Register ``function(now) -> iterable of Outcome`` under a title for people."""

    def keep(function):
        _registered[title] = function
        return function

    return keep


def run(now):
    """Carry out everything that is due, one after another, and yield the outcomes. One that breaks costs only itself."""
    for title, function in sorted(_registered.items()):
        try:
            yield from function(now)
        except Exception as error:  # the next ones must still run; the command's exit code says that one failed
            log.exception("%s failed", title)
            yield Outcome(False, f"{title}: {type(error).__name__}, see the log.")
