"""Every door: each url by name, who is let in, and what the others are told (AC-01).

A url that is missing from the table fails the build. To add one, write a line in ``DOORS``:

    Door("publishing:edition-detail", OK, inside=STAFF, args=lambda cast: [1])

``inside`` are those who get ``answer``; members of the partnership without the right get 403, strangers what ``stranger``
says (404 for an object of the partnership, 403 for a page without one), and visitors are sent to sign in. Another method
than those in ``methods`` gets 405.
"""
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db

OK, MOVED = 200, 302
CAST = {
    "editor", "publisher", "lead_council", "lead_icb", "lead_police", "delegate_council", "scrutineer", "contributor",
    "reviews_officer", "auditor", "administrator", "delegate_education", "stranger", "installation_administrator", "nobody",
}  # fmt: skip
REGISTER = {"editor", "publisher", "reviews_officer", "auditor", "administrator"}
ANYONE = CAST | {"visitor"}
SIGN_IN = "/account/login/?next="


@dataclass
class Door:
    """One url: its name, what those inside are answered, and who they are."""

    name: str
    answer: int = OK
    inside: frozenset | set = frozenset(ANYONE)
    args: Callable = lambda cast: []
    stranger: int = 403  # 404 for an object that belongs to the partnership
    methods: tuple = ("GET",)  # what the door answers at all; the rest get 405
    apart: dict | None = None  # who -> an answer that is neither ``answer`` nor a refusal

    def expected(self, who):
        """Return the status that ``who`` is answered on the first of ``methods``."""
        if who in (self.apart or {}):
            return self.apart[who]
        if who in self.inside:
            return self.answer
        if who == "visitor":
            return MOVED
        return self.stranger if who == "stranger" else 403


BOTH = ("GET", "POST")
SIGNED_IN = dict.fromkeys(CAST, MOVED)
DOORS = [
    Door("account_login", apart=SIGNED_IN, methods=BOTH),
    Door("account_logout", apart={"visitor": MOVED}, methods=BOTH),
    Door("account_reset_password", methods=BOTH),
    Door("account_reset_password_done"),
    Door("account_reset_password_from_key", methods=BOTH, args=lambda cast: ["1", "2-3"]),
    Door("account_reset_password_from_key_done"),
    Door("account_change_password", inside=CAST, methods=BOTH),
    Door("mfa_index", inside=CAST),
    Door("mfa_authenticate", MOVED, methods=BOTH),
    Door("mfa_reauthenticate", inside=CAST, methods=BOTH),
    Door("mfa_activate_totp", apart=SIGNED_IN | {"visitor": MOVED}, methods=BOTH),
    Door("mfa_deactivate_totp", inside=CAST, methods=BOTH),
    Door("mfa_view_recovery_codes", 404, inside=CAST),
    Door("mfa_generate_recovery_codes", inside=CAST, methods=BOTH),
    Door("demo_code", 404, methods=BOTH),
    Door("accounts:home", inside=CAST),
    Door("ui:gallery", 404),  # shown while developing and in the demo alone
    Door("live:search-everywhere"),
    Door("live:search", args=lambda cast: ["two-rivers"]),
    Door("live:compare", 404, args=lambda cast: ["two-rivers", "arrangements", 1, 2]),  # nothing is published there
    Door("live:verify", methods=BOTH),
]

#: Whole namespaces whose urls come from elsewhere, with who is let past their door at all. One rule guards each url in them.
# The stranger edits a register of their own, where rows of others are not; the installation keeps areas and footprints.
NAMESPACES = {"admin": REGISTER | {"stranger", "installation_administrator"}}


def urls(resolver=None, namespace=""):
    """Yield (name with namespace, URLPattern) of every url that Django answers."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", entry
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from urls(entry, inner)


def sample_of(pattern):
    """Return arguments with which a url can be asked for: an id or a word that exists nowhere, the first of a list of words."""
    ids = {name: 987_654_321 if "Int" in type(kind).__name__ else "nowhere" for name, kind in pattern.pattern.converters.items()}
    return ids | dict(re.findall(r"\(\?P<(\w+)>(\w+)", pattern.pattern.regex.pattern) if not ids else ())


def test_every_url_is_a_door_in_the_table():
    listed = {door.name for door in DOORS}
    found = {name for name, _ in urls() if name.partition(":")[0] not in NAMESPACES}
    assert found - listed == set(), "Write a line in DOORS for each of these."
    assert listed - found == set(), "These doors are no more."


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_ac_01_who_is_let_in(cast, door):
    address = reverse(door.name, args=door.args(cast))
    for who in sorted(ANYONE):
        answer = cast.client(who).generic(door.methods[0], address)
        if 300 <= answer.status_code < 400 and address == reverse("account_reset_password_from_key", args=["1", "2-3"]):
            answer = cast.client(who).get(address, follow=True)
        assert answer.status_code == door.expected(who), f"{door.name} answered {who}"
        if who == "visitor" and who not in door.inside and who not in (door.apart or {}):
            assert answer.url.startswith("/account/login/")


@pytest.mark.parametrize("door", [door for door in DOORS if ":" in door.name], ids=lambda door: door.name)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_ac_01_other_methods_are_refused(cast, door, method):
    if method in door.methods:
        return
    inside = sorted(door.inside - {"visitor"})[0]
    assert cast.client(inside).generic(method, reverse(door.name, args=door.args(cast))).status_code == 405


def test_ac_01_every_url_of_a_namespace_asks_who_is_there(cast):
    clients = {who: cast.client(who) for who in sorted(ANYONE)}
    asked = 0
    for name, pattern in urls():
        namespace = name.partition(":")[0]
        if namespace not in NAMESPACES or name == f"{namespace}:None" or name.endswith((":login", ":logout")):
            continue
        address = reverse(name, kwargs=sample_of(pattern))
        for who, client in clients.items():
            answer = client.get(address)
            if who == "visitor":
                assert answer.status_code == MOVED and answer.url.startswith("/account/login/"), f"{name} let a visitor past"
            elif who not in NAMESPACES[namespace]:
                assert answer.status_code in {403, 404}, f"{name} let {who} past"
        asked += 1
    assert asked > 5


@pytest.mark.parametrize("who", ["editor", "lead_council", "nobody"])
def test_au_01_no_door_inside_opens_to_a_password_alone(cast, who):
    client = Client()
    sign_in(client, getattr(cast, who), with_factor=False)
    for name, pattern in urls():
        if name.partition(":")[0] in NAMESPACES and not name.endswith(":None"):
            answer = client.get(reverse(name, kwargs=sample_of(pattern)))
            assert answer.status_code == MOVED and answer.url.startswith("/account/code/again/"), name
    assert client.get(reverse("accounts:home")).url.startswith("/account/code/again/")
