"""The audit log: sign-ins, refusals, exports and rights given. Moves and sign-offs are in the journal instead."""
import re

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.crypto import salted_hmac

from masa.accounts.models import AuditRow, tidy_email
from masa.accounts.permissions import partnership_id_of, roles_of

Result = AuditRow.Result
_NOT_A_WORD = re.compile(r"[^A-Za-z0-9_.:-]")


def record(action, *, user=None, thing=None, partnership=None, request=None, result=Result.DONE, target="", now=None):
    """Add a line to the audit log and return it.

    action: a short code such as ``export``. thing: the row it was done to; its kind and id are kept, nothing of its contents.
    partnership: when there is no ``thing`` that belongs to one. request: names the address, by the url's name.
    """
    user = user if user is not None and user.is_authenticated else None
    where = partnership_id_of(partnership if partnership is not None else thing if belongs(thing) else None)
    roles = sorted(role.value for role in roles_of(user or AnonymousUser(), where))
    return AuditRow.objects.create(
        at=now or timezone.now(), user=user, acting_as=",".join(roles)[:120], action=word(action), result=result,
        partnership_id=where, place=word(place_of(request), 100), target=word(target or name_of(thing), 100),
    )  # fmt: skip


def word(text, most=60):
    """Return text fit for one field of one line: no spaces, line ends or anything else that could forge another line."""
    return _NOT_A_WORD.sub("_", text)[:most]


def place_of(request):
    """Return the name of the url that was asked for; never its path, which could hold what somebody typed."""
    match = getattr(request, "resolver_match", None)
    return match.view_name or "" if match else ""


def name_of(thing):
    return f"{thing._meta.label}:{thing.pk}" if thing is not None else ""


def belongs(thing):
    """Say whether a row belongs to a partnership (people and accounts do not)."""
    try:
        partnership_id_of(thing)
    except TypeError:
        return False
    return thing is not None


def typed_account(email):
    """Return a mark for an e-mail address typed at a failed sign-in: the same each time, and not readable."""
    return "typed:" + salted_hmac("masa.accounts.audit", tidy_email(email)).hexdigest()[:16]
