"""The states of an edition and the moves between them: the whole table, read by everything else."""
from django.db.models import TextChoices


class State(TextChoices):
    DRAFT = "draft", "Draft"
    CONSULTATION = "consultation", "Out for consultation"
    AWAITING_SIGN_OFF = "awaiting_sign_off", "Awaiting sign-off"
    APPROVED = "approved", "Approved"
    SCHEDULED = "scheduled", "Scheduled"
    PUBLISHED = "published", "Published"
    SUPERSEDED = "superseded", "Superseded"
    WITHDRAWN = "withdrawn", "Withdrawn"


MOVES = {
    State.DRAFT: {State.CONSULTATION, State.AWAITING_SIGN_OFF},
    State.CONSULTATION: {State.DRAFT, State.AWAITING_SIGN_OFF},
    State.AWAITING_SIGN_OFF: {State.DRAFT, State.APPROVED},
    State.APPROVED: {State.DRAFT, State.SCHEDULED, State.PUBLISHED},
    State.SCHEDULED: {State.APPROVED, State.PUBLISHED},
    State.PUBLISHED: {State.SUPERSEDED, State.WITHDRAWN},
    State.SUPERSEDED: set(),
    State.WITHDRAWN: set(),
}
#: Text that was sent out for comment or agreement is frozen; return to draft to change it.
EDITABLE = {State.DRAFT}
#: What the public may read, each marked with what it is.
PUBLIC = {State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN}


class MoveNotAllowed(Exception):
    """The edition is not in a fit state for this move. ``reasons`` are sentences for the person who asked."""

    def __init__(self, reasons):
        self.reasons = [reasons] if isinstance(reasons, str) else list(reasons)
        super().__init__(" ".join(self.reasons))
