"""Who may see and change which row of the register. The answers come from ``masa.accounts.permissions``."""
from django.utils import timezone

from masa.accounts import permissions
from masa.accounts.permissions import GRANTS, Action
from masa.partnerships.models import Area, Footprint, Organisation, Partnership, Post

#: Where a row finds its partnership, the nearest first. A place in a group belongs to the group, whoever holds it.
_UP = ("partnership", "seat", "group", "agency", "fund", "route")
#: Where a shared row finds the organisation that decides who keeps it.
_TO_KEEPER = ("post", "organisation")


def has_field(model, name):
    """Say whether a model has a column of this name (and not only rows of others that point to it)."""
    return any(column.name == name for column in model._meta.concrete_fields)


def path_of(model):
    """Return the path from a model to its partnership (``group__partnership``), "" for Partnership, None for a shared model."""
    if model is Partnership:
        return ""
    for name in _UP:
        if has_field(model, name):
            return name if name == "partnership" else f"{name}__partnership"
    return None


def is_shared(model):
    """Say whether rows of a model serve many partnerships: organisations, posts, appointments, areas."""
    return path_of(model) is None


def partnership_id_of(row):
    """Return the id of the partnership to which a row belongs, or None for a shared row or one that is not yet placed."""
    path = path_of(type(row))
    if path == "":
        return row.pk
    if path is None:
        return None
    first = path.partition("__")[0]
    if first == "partnership":
        return row.partnership_id
    above = getattr(row, first, None) if getattr(row, f"{first}_id") else None
    return above.partnership_id if above is not None else None


def keeper_id_of(row):
    """Return the id of the partnership that keeps a shared row, or None when the installation keeps it."""
    if isinstance(row, Organisation):
        return row.owner_id
    for name in _TO_KEEPER:
        if has_field(type(row), name):
            above = getattr(row, name, None)
            return keeper_id_of(above) if above is not None else None
    return None


def in_partnership(user, action, partnership_id):
    """Say whether a person may do ``action`` in a partnership; None means the installation."""
    return permissions.can(user, action, None if partnership_id is None else Partnership(pk=partnership_id))


def in_installation(user):
    """Say whether a person keeps what belongs to the installation: areas, footprints, rows without a keeper."""
    return in_partnership(user, Action.PARTNERSHIP_CREATE, None)


def opens(user):
    """Say whether any page of the register is open to a person."""
    return permissions.can_anywhere(user, Action.REGISTER_VIEW) or in_installation(user)


def may_view(user, row):
    """Say whether a person may read a row."""
    if is_shared(type(row)):
        return opens(user)
    if isinstance(row, Partnership) and in_installation(user):
        return True
    return in_partnership(user, Action.REGISTER_VIEW, partnership_id_of(row))


def may_change(user, row, action=Action.REGISTER_CHANGE):
    """Say whether a person may change a row: an editor of its partnership, or of the one that keeps a shared row."""
    if isinstance(row, (Area, Footprint)):
        return in_installation(user)
    if not is_shared(type(row)):
        return in_partnership(user, action, partnership_id_of(row))
    keeper = keeper_id_of(row)
    return in_installation(user) if keeper is None else in_partnership(user, action, keeper)


def partnerships_for(user, action):
    """Return the ids of the partnerships in which a person may do ``action``, in order."""
    held = permissions.held(user, timezone.localdate())
    return sorted({where for role, where in held if where is not None and action in GRANTS[role]})


def kept_by(user, queryset):
    """Return those of some organisations or posts that a person may change."""
    ids = partnerships_for(user, Action.REGISTER_CHANGE)
    if in_installation(user):
        return queryset
    return queryset.filter(**{("organisation__" if queryset.model is Post else "") + "owner__in": ids})
