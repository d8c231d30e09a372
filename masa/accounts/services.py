"""Giving a role and ending it: by an administrator, for a reason, on the record."""
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from masa.accounts import audit, permissions
from masa.accounts.models import RoleGrant
from masa.accounts.permissions import Action
from masa.accounts.roles import Role
from masa.partnerships import scope


@transaction.atomic
def grant_role(*, user, role, partnership, by, starts_on, reason, ends_on=None, now=None):
    """Give ``user`` a role in a partnership (None for an installation administrator) and return the grant.

    An installation administrator appoints administrators and nobody else. Raises PermissionDenied, ValidationError.
    """
    check_may_grant(by, role, partnership)
    grant = RoleGrant(
        user=user, role=role, partnership=partnership, granted_by=by, starts_on=starts_on, ends_on=ends_on, reason=reason
    )
    with scope.every_partnership(why="the role of installation administrator has no partnership"):
        grant.full_clean()
        grant.save()
    audit.record(f"role.grant.{role}", user=by, thing=grant, now=now)
    return grant


@transaction.atomic
def end_role(*, grant, ends_on, by, now=None):
    """Let a role end on a day, its last. The last administrator's role cannot end. Raises PermissionDenied, ValidationError."""
    check_may_grant(by, grant.role, grant.partnership)
    if grant.user_id == by.pk:
        raise PermissionDenied("Someone else must end your own role.")
    with scope.every_partnership(why="the role of installation administrator has no partnership"):
        grant = RoleGrant.objects.select_for_update().get(pk=grant.pk)
        if ends_on is None or (grant.ends_on is not None and ends_on > grant.ends_on):
            raise ValidationError({"ends_on": "A role that ended is not opened again. Give a new one."})
        grant.ends_on = ends_on
        grant.full_clean()
        grant.save()
    audit.record(f"role.end.{grant.role}", user=by, thing=grant, now=now)
    return grant


def check_may_grant(by, role, partnership):
    """Raise PermissionDenied unless ``by`` may give or end ``role`` in a partnership."""
    permissions.require(by, Action.ROLES_GRANT, partnership)
    here = permissions.roles_of(by, partnership)
    if Role.ADMINISTRATOR not in here and role not in {Role.ADMINISTRATOR, Role.INSTALLATION_ADMINISTRATOR}:
        raise PermissionDenied("An installation administrator appoints a partnership's administrator, who gives the other roles.")
