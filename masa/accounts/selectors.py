"""What a person is in each partnership, in words."""
from dataclasses import dataclass, field

from masa.accounts import permissions
from masa.accounts.permissions import Action, Role
from masa.accounts.roles import DERIVED
from masa.partnerships import scope
from masa.partnerships.models import Partnership


@dataclass
class Standing:
    """One person in one partnership: their roles in words, and which doors they open there."""

    partnership: Partnership
    roles: list[str] = field(default_factory=list)
    sees_register: bool = False


def standings_of(user, on=None):
    """Return a Standing for each partnership in which ``user`` has a role on a day, by the partnership's name."""
    with scope.of(*permissions.partnerships_of(user, on)):
        return [
            Standing(partnership, words_for(user, partnership, on), permissions.can(user, Action.REGISTER_VIEW, partnership, on=on))
            for partnership in Partnership.objects.all()
        ]


def words_for(user, partnership, on=None):
    """Return a person's roles in a partnership as staff would say them, seats with the organisation they are for."""
    seats = [f"{Role(capacity).label} for {seat.organisation}" for seat, capacity in permissions.seats_of(user, partnership, on)]
    granted = permissions.roles_of(user, partnership, on) - DERIVED
    if partnership is not None:
        granted = granted - {Role.INSTALLATION_ADMINISTRATOR}
    return sorted(set(seats)) + [role.label for role in Role if role in granted]
