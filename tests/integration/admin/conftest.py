"""Two partnerships, the people of both, and browsers in which they are signed in."""
from types import SimpleNamespace

import pytest

from tests.factories.people import grant, person, sign_in


def browser_of(name, *grants):
    """Return a browser of someone with these (role, partnership) grants; partnership None is the installation."""
    from django.test import Client

    user = person(name)
    for role, partnership in grants:
        grant(user, role, partnership)
    client = Client()
    sign_in(client, user)
    client.user = user
    return client


@pytest.fixture
def signed_in(world):
    """The function above, for people that one test alone needs."""
    return browser_of


@pytest.fixture
def world(db):
    """Two partnerships with seats, a group, an agency and a route each."""
    from tests.factories import register

    ours, theirs = register.make_partnership("two-rivers"), register.make_partnership("far-hills")
    made = SimpleNamespace(ours=ours, theirs=theirs)
    for name, partnership in (("our", ours), ("their", theirs)):
        setattr(made, f"{name}_seats", register.make_seats(partnership))
        setattr(made, f"{name}_group", register.make_group(partnership, "executive", f"Executive of {partnership.slug}"))
        setattr(made, f"{name}_agency", register.make_agency(partnership, "primary-schools"))
        setattr(made, f"{name}_strand", register.make_strand(partnership, "case-reviews"))
        setattr(made, f"{name}_route", register.make_contact_route(partnership, name=f"Front door of {partnership.slug}"))
        setattr(made, f"{name}_body", register.make_organisation(f"{partnership.slug}-school", owner=partnership))
    return made


@pytest.fixture
def editor(world):
    return browser_of("editor", ("editor", world.ours))


@pytest.fixture
def auditor(world):
    return browser_of("auditor", ("auditor", world.ours))


@pytest.fixture
def stranger(world):
    return browser_of("stranger")


@pytest.fixture
def scrutineer(world):
    return browser_of("scrutineer", ("scrutineer", world.ours))


@pytest.fixture
def keeper(world):
    """The installation's administrator."""
    return browser_of("keeper", ("installation_administrator", None))


@pytest.fixture
def of_both(world):
    return browser_of("both", ("editor", world.ours), ("editor", world.theirs))
