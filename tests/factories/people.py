"""The fixed cast: one person for each role in Two Rivers, a stranger from elsewhere, and how they sign in.

``cast.editor`` and the rest are users; ``cast.client("editor")`` is a browser in which that person has signed in with a
password and a code; ``cast.client("visitor")`` is one in which nobody has.
"""
from datetime import date
from types import SimpleNamespace

import pytest

STARTED = date(2024, 1, 1)
GRANTED = ("editor", "publisher", "scrutineer", "contributor", "reviews_officer", "auditor", "administrator")
SEATS = (("council", "local_authority"), ("icb", "health"), ("police", "police"))


class Cast(SimpleNamespace):
    """The people by name, with ``partnership``, ``elsewhere`` and ``seats`` (by slug)."""

    def client(self, who):
        """Return a browser for one of the cast, signed in with both factors; ``visitor`` has not signed in."""
        from django.test import Client

        client = Client()
        if who != "visitor":
            sign_in(client, getattr(self, who))
        return client


def sign_in(client, user, *, with_factor=True):
    """Sign ``user`` in; with a factor, as a session that has just passed it."""
    import time

    from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
    from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY as OWNER

    client.force_login(user)
    if with_factor:
        session = client.session
        session[RECORDS] = [{"method": "password", "at": time.time()}, {"method": "mfa", "at": time.time(), "type": "totp"}]
        session[OWNER] = str(user.pk)
        session.save()


def person(name, *, with_factor=True):
    """Return a person who can sign in, with an authenticator app unless told otherwise."""
    from masa.accounts import demo
    from masa.accounts.models import User

    email = f"{name.replace('_', '.')}@two-rivers.example"
    return demo.create_person(email, name.replace("_", " ").title()) if with_factor else User.objects.create_user(email, name, demo.PASSWORD)


def grant(user, role, partnership, **values):
    """Give a role, by the installation unless told otherwise."""
    from masa.accounts.models import RoleGrant

    given = RoleGrant(user=user, role=role, partnership=partnership, **{"starts_on": STARTED, "reason": "For the tests"} | values)
    given.save()
    return given


def hold(user, slug, organisation=None):
    """Appoint a person to a post from the start, and return the post."""
    from masa.partnerships.models import Appointment, Post

    post = Post.objects.create(slug=slug, title=slug.replace("-", " ").title(), organisation=organisation)
    Appointment.objects.create(post=post, holder=user.name, user=user, starts_on=STARTED)
    return post


def build_cast():
    """Store two partnerships and everyone in them. Call inside a scope that reads every partnership."""
    from masa.partnerships.models import Organisation, Partnership, Seat, SeatPost

    two_rivers = Partnership.objects.create(slug="two-rivers", name="Two Rivers Safeguarding Children Partnership", short_name="Two Rivers")
    elsewhere = Partnership.objects.create(slug="elsewhere", name="Elsewhere Safeguarding Children Partnership", short_name="Elsewhere")
    people = {name: person(name) for name in GRANTED}
    for name, user in people.items():
        grant(user, name, two_rivers)
    seats = {}
    for position, (slug, kind) in enumerate(SEATS):
        body = Organisation.objects.create(slug=f"two-rivers-{slug}", name=f"Two Rivers {slug.title()}", owner=two_rivers)
        seat = seats[slug] = Seat.objects.create(partnership=two_rivers, slug=slug, kind=kind, organisation=body, position=position)
        people[f"lead_{slug}"] = lead = person(f"lead_{slug}")
        above = SeatPost.objects.create(partnership=two_rivers, seat=seat, post=hold(lead, f"lead-{slug}", body), capacity="lead", position=position)
        if slug == "council":
            people["delegate_council"] = delegate = person("delegate_council")
            post = hold(delegate, "delegate-council", body)
            SeatPost.objects.create(partnership=two_rivers, seat=seat, post=post, capacity="delegate", delegated_by=above)
    people["delegate_education"] = head = person("delegate_education")
    SeatPost.objects.create(partnership=two_rivers, post=hold(head, "delegate-education"), capacity="delegate")
    people["stranger"] = person("stranger")
    grant(people["stranger"], "publisher", elsewhere)
    people["installation_administrator"] = person("installation_administrator")
    grant(people["installation_administrator"], "installation_administrator", None)
    people["nobody"] = person("nobody")
    return Cast(partnership=two_rivers, elsewhere=elsewhere, seats=seats, **people)


@pytest.fixture
def cast(db):
    """The fixed cast of Two Rivers; see ``Cast``."""
    from masa.partnerships import scope

    with scope.every_partnership(why="the cast of the tests is of two partnerships"):
        return build_cast()
