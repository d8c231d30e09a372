"""Log lines that can be read by anyone who keeps the machine: ids and a reference, never contents (LK-07).

A line of our own loggers (``masa``, ``arrangements`` …) says what its author wrote, so authors log ids. A line from
elsewhere may quote a path with a token in it or a value that the database refused, so only its place and kind are kept.
"""
import logging
import traceback

OURS = ("masa", "arrangements", "reviews", "scrutiny")


def is_ours(name):
    """Say whether the logger belongs to one of our rooms."""
    return name.split(".")[0] in OURS


def one_line(words):
    """Escape what would break a line in two or colour a terminal."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in words)


def chain(error):
    """Yield an exception and what led to it, outermost first."""
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def places(error):
    """Name the kinds of exception and the lines they passed through; what they say is left out."""
    for each in chain(error):
        yield f"{type(each).__module__}.{type(each).__qualname__}"
        for frame in traceback.extract_tb(each.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}"


def request_ids(request):
    """Return the reference, the named route and the person of a request, each ``-`` where there is none."""
    match = getattr(request, "resolver_match", None)
    session_user = request.__dict__.get("_cached_user")  # looking it up afresh could ask a database that is gone
    return (
        f"reference={getattr(request, 'reference', '-')} method={request.method} "
        f"route={match.view_name if match else '-'} user={getattr(session_user, 'pk', None) or '-'}"
    )


class IdsOnly(logging.Formatter):
    """Write time, level and logger, then our own words or, for other loggers, where it happened."""

    def format(self, record):
        parts = [self.formatTime(record), record.levelname, record.name]
        if is_ours(record.name):
            parts.append(one_line(record.getMessage()))
        else:
            parts.append(f"{record.filename}:{record.lineno}")
            if status := getattr(record, "status_code", None):
                parts.append(f"status={status}")
        request = getattr(record, "request", None)
        if hasattr(request, "method"):
            parts.append(one_line(request_ids(request)))
        lines = [" ".join(parts)]
        if record.exc_info and record.exc_info[1]:
            lines += [f"  {one_line(place)}" for place in places(record.exc_info[1])]
        return "\n".join(lines)
