"""What publishing needs from rooms above it, registered by them when the application starts."""

_made = {}
_live = []
_notices = []
_debts = []


def make_pdf_with(function):
    """Register the maker of PDFs: ``function(edition, sign_offs, published_at) -> bytes``; it raises when it fails."""
    _made["pdf"] = function


def make_pdf(edition, *, sign_offs, published_at):
    """Return the PDF of an edition about to be published."""
    return _made["pdf"](edition, sign_offs=sign_offs, published_at=published_at)


def when_live(function):
    """Register what to do after what the public reads has changed: ``function(partnership_id, now)``."""
    if function not in _live:
        _live.append(function)


def went_live(partnership_id, now):
    """Tell every room that what the public reads of this partnership has changed."""
    for function in _live:
        function(partnership_id, now)


def keep_debts_with(function):
    """Register who remembers, in the same transaction as a change, that the public site is to follow: ``function(partnership_id, now)``."""
    if function not in _debts:
        _debts.append(function)


def owe(partnership_id, now):
    """Remember that the public site of a partnership is to follow a change. Call inside the transaction of the change."""
    for function in _debts:
        function(partnership_id, now)


def add_notices(function):
    """Register who else is to be told: ``function(edition) -> [(recipient, why, days after publication or None)]``."""
    if function not in _notices:
        _notices.append(function)


def more_notices(edition):
    """Return the notices of an edition that other rooms add, such as local reporting routes."""
    return [row for function in _notices for row in function(edition)]
