"""Who may do what: the one table, and the only functions that answer.

Roles are held in a partnership: most by a dated grant, lead and delegated partner by a current appointment to a post on
a seat that holds that day. What the table does not say is refused; a name that it does not know is a mistake and raises.
"""
from enum import Enum

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from masa.accounts.models import RoleGrant
from masa.accounts.roles import Role
from masa.partnerships import scope
from masa.partnerships.models import Appointment, Partnership, Seat, SeatPost

__all__ = ["Action", "GRANTS", "Role", "can", "can_anywhere", "partnerships_of", "require", "roles_of", "seats_of"]


class Action(Enum):
    """Something that a person may or may not do."""

    WORKSPACE_VIEW = "workspace.view"
    REGISTER_VIEW = "register.view"
    REGISTER_CHANGE = "register.change"
    REGISTER_IMPORT = "register.import"
    REGISTER_EXPORT = "register.export"
    CONTACTS_CHANGE = "contacts.change"
    EDITION_VIEW = "edition.view"
    EDITION_EDIT = "edition.edit"
    EDITION_SUBMIT = "edition.submit"
    EDITION_CONSULT = "edition.consult"
    EDITION_SIGN = "edition.sign"
    EDITION_RECORD_SIGN_OFF = "edition.record_sign_off"
    EDITION_CONFIRM_RECORD = "edition.confirm_record"
    EDITION_SCHEDULE = "edition.schedule"
    EDITION_PUBLISH = "edition.publish"
    EDITION_WITHDRAW = "edition.withdraw"
    PART_REMOVE = "part.remove"
    JOURNAL_VIEW = "journal.view"
    ROLES_GRANT = "roles.grant"
    PARTNERSHIP_CREATE = "partnership.create"


#: What each action is called in a sentence for the person who may not.
WORDS = {
    Action.WORKSPACE_VIEW: "open the workspace",
    Action.REGISTER_VIEW: "read the register",
    Action.REGISTER_CHANGE: "change the register",
    Action.REGISTER_IMPORT: "import into the register",
    Action.REGISTER_EXPORT: "export from the register",
    Action.CONTACTS_CHANGE: "change whom to contact",
    Action.EDITION_VIEW: "read editions that are not published",
    Action.EDITION_EDIT: "change the text",
    Action.EDITION_SUBMIT: "submit a text for agreement, or recall it",
    Action.EDITION_CONSULT: "send a text out for comment",
    Action.EDITION_SIGN: "sign a text",
    Action.EDITION_RECORD_SIGN_OFF: "record an agreement",
    Action.EDITION_CONFIRM_RECORD: "confirm an agreement that was recorded",
    Action.EDITION_SCHEDULE: "schedule a publication",
    Action.EDITION_PUBLISH: "publish",
    Action.EDITION_WITHDRAW: "withdraw or redirect",
    Action.PART_REMOVE: "remove what was published",
    Action.JOURNAL_VIEW: "read the journal",
    Action.ROLES_GRANT: "give roles",
    Action.PARTNERSHIP_CREATE: "add a partnership",
}

_A = Action
_READS = {_A.WORKSPACE_VIEW, _A.EDITION_VIEW, _A.JOURNAL_VIEW}
_WRITES = {
    _A.REGISTER_VIEW, _A.REGISTER_CHANGE, _A.REGISTER_IMPORT, _A.REGISTER_EXPORT, _A.CONTACTS_CHANGE,
    _A.EDITION_EDIT, _A.EDITION_SUBMIT, _A.EDITION_CONSULT, _A.EDITION_RECORD_SIGN_OFF, _A.EDITION_CONFIRM_RECORD,
}  # fmt: skip

GRANTS = {
    Role.EDITOR: _READS | _WRITES,
    Role.PUBLISHER: _READS | _WRITES | {_A.EDITION_SCHEDULE, _A.EDITION_PUBLISH, _A.EDITION_WITHDRAW, _A.PART_REMOVE},
    Role.LEAD: _READS | {_A.EDITION_SIGN},
    Role.DELEGATE: _READS | {_A.EDITION_SIGN},
    Role.SCRUTINEER: _READS | {_A.EDITION_SIGN},
    Role.CONTRIBUTOR: {_A.WORKSPACE_VIEW},
    Role.REVIEWS_OFFICER: _READS | {_A.REGISTER_VIEW},
    Role.AUDITOR: _READS | {_A.REGISTER_VIEW, _A.REGISTER_EXPORT},
    Role.ADMINISTRATOR: _READS | {_A.REGISTER_VIEW, _A.ROLES_GRANT},
    Role.INSTALLATION_ADMINISTRATOR: {_A.WORKSPACE_VIEW, _A.ROLES_GRANT, _A.PARTNERSHIP_CREATE},
}


def can(user, action, thing, *, on=None):
    """Say whether ``user`` may do ``action`` to a partnership or a row that belongs to one, on a day (by default today).

    ``thing`` None means the installation itself. Raises ValueError for an unknown action and TypeError for a thing whose
    partnership cannot be found.
    """
    asked = Action(action)
    return any(asked in GRANTS[role] for role in roles_of(user, partnership_id_of(thing), on))


def require(user, action, thing, *, on=None):
    """Raise PermissionDenied unless ``can`` says yes."""
    if not can(user, action, thing, on=on):
        raise PermissionDenied(f"Your role does not let you do this: {WORDS[Action(action)]}.")


def can_anywhere(user, action, *, on=None):
    """Say whether ``user`` may do ``action`` in any partnership at all: to show a menu, never to open a row."""
    asked = Action(action)
    return any(asked in GRANTS[role] for role, _ in held(user, on))


def roles_of(user, partnership, on=None):
    """Return the roles of ``user`` in a partnership (row or id; None for the installation). An installation role counts everywhere."""
    wanted = getattr(partnership, "pk", partnership)
    return {role for role, where in held(user, on) if where == wanted or role == Role.INSTALLATION_ADMINISTRATOR}


def partnerships_of(user, on=None):
    """Return the ids of the partnerships in which ``user`` holds any role on a day."""
    return {partnership for _, partnership in held(user, on) if partnership is not None}


def seats_of(user, partnership, on=None):
    """Return [(Seat, capacity)] that ``user`` holds in a partnership on a day, through posts on a seat that holds that day.

    A delegate's post without a seat (education) is not among them. ``capacity`` is ``lead`` or ``delegate``.
    """
    wanted = getattr(partnership, "pk", partnership)
    with scope.every_partnership(why="the partnership is asked for by name"):
        return [(row.seat, row.capacity) for row in seat_posts_of(user, on) if row.partnership_id == wanted]


def seat_posts_of(user, on):
    """Return the SeatPosts on a seat whose post this person holds. Call inside a scope."""
    day = on or timezone.localdate()
    if not (user.is_authenticated and user.is_active):
        return SeatPost.objects.none()
    posts = Appointment.objects.on(day).filter(user=user).values("post")
    return SeatPost.objects.on(day).filter(seat__in=Seat.objects.on(day), post__in=posts).select_related("seat", "seat__organisation")


def held(user, on=None):
    """Return {(Role, partnership id or None)} of ``user`` on a day.

    Remembered within one request alone (``remember_rights``), so that a right taken away is gone at the next (AC-06).
    """
    day = on or timezone.localdate()
    memo = getattr(user, "rights_in_this_request", None)
    if memo is not None and day in memo:
        return memo[day]
    if not (user.is_authenticated and user.is_active):
        return set()
    with scope.every_partnership(why="the scope of a person is made from their roles"):
        granted = RoleGrant.objects.on(day).filter(user=user).values_list("role", "partnership_id")
        rights = {(Role(role), partnership) for role, partnership in granted}
        rights |= {(Role(row.capacity), row.partnership_id) for row in seat_posts_of(user, day)}
    if memo is not None:
        memo[day] = rights
    return rights


def remember_rights(user):
    """Ask the database once for this user's rights. For the user of a request, which is made anew at each."""
    user.rights_in_this_request = {}


#: Where a row's partnership is found, nearest first: a membership belongs to its group, not to the body that is a member.
_UP = ("partnership", "owner", "group", "agency", "seat", "fund", "route", "edition", "publication", "post", "organisation")


def partnership_id_of(thing):
    """Return the id of the partnership that a row belongs to, or None for the installation or a row without an owner."""
    if thing is None or isinstance(thing, Partnership):
        return thing and thing.pk
    if hasattr(thing, "partnership_id"):
        return thing.partnership_id
    for name in _UP:
        if hasattr(thing, name):
            return partnership_id_of(getattr(thing, name))
    raise TypeError(f"No partnership can be found for a {type(thing).__name__}.")


# Django's admin ------------------------------------------------------------------------------------------------------

_REGISTER = frozenset({"partnerships", "arrangements"})
_VERBS = {
    "view": Action.REGISTER_VIEW, "add": Action.REGISTER_CHANGE, "change": Action.REGISTER_CHANGE, "delete": Action.REGISTER_CHANGE,
    "import": Action.REGISTER_IMPORT, "export": Action.REGISTER_EXPORT,
}  # fmt: skip


def in_admin(user, permission, thing=None):
    """Answer for a permission in Django's words (``partnerships.change_seat``): the register's apps, by the table above.

    Without a row it says whether any partnership allows it, so a ModelAdmin asks again with the row.
    """
    app, _, codename = permission.partition(".")
    action = _VERBS.get(codename.partition("_")[0])
    if app not in _REGISTER or action is None:
        return False
    return can_anywhere(user, action) if thing is None else can(user, action, thing)
