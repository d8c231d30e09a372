"""An edition ready to be walked through its real moves: partners, people, sections, and fixed clocks and salts."""
import datetime
import hashlib
from dataclasses import dataclass, field
from datetime import date
from uuid import NAMESPACE_URL, uuid5


from masa.accounts.models import RoleGrant, User
from masa.partnerships.models import Appointment, ContactRoute, Organisation, Partnership, Post, Seat, SeatPost
from masa.publishing import hooks, services
from masa.publishing.kinds import Kind, register
from masa.publishing.models import Capacity, Edition, Publication, Section
from masa.publishing.states import State

NOW = datetime.datetime(2026, 3, 2, 10, 0, tzinfo=datetime.UTC)
TODAY = date(2026, 3, 2)
PLAN = register(Kind(key="test-plan", label="Test plan", slug="plan", signers="leads"))
NOTE = register(Kind(key="test-note", label="Test note", slug="note", signers="publisher"))
REVIEW = register(Kind(key="test-scrutiny", label="Test scrutiny report", slug="scrutiny", signers="scrutineer"))


def salt(address):
    """Return the fixed salt of an address, so that digests can be pinned."""
    return hashlib.sha256(f"tests {address}".encode()).hexdigest()[:32]


def tiny_pdf(edition, *, sign_offs, published_at):
    """Stand in for the maker of PDFs, which has tests of its own: bytes that depend on what they are given."""
    return f"%PDF {edition.digest} {len(sign_offs)} {published_at.isoformat()}".encode()


@dataclass
class World:
    """One partnership with its people, and a publication with one draft edition."""

    partnership: Partnership
    seats: dict
    people: dict = field(default_factory=dict)
    publication: Publication | None = None
    edition: Edition | None = None


def person(name, slug="world"):
    """Return a new account."""
    return User.objects.create_user(email=f"{name}@{slug}.example", name=name.replace("_", " ").title())


def granted(world, name, role):
    """Return a new account with a role in the world's partnership."""
    world.people[name] = user = person(name, world.partnership.slug)
    RoleGrant.objects.create(user=user, partnership=world.partnership, role=role, starts_on=date(2020, 1, 1))
    return user


def make_seat(partnership, kind, position, people):
    """Return a seat whose lead and delegated posts are held by new people with accounts."""
    body = Organisation.objects.create(slug=f"{partnership.slug}-{kind.replace('_', '-')}", name=f"{partnership.name} {kind.label}")
    seat = Seat.objects.create(partnership=partnership, slug=kind.value.replace("_", "-"), kind=kind, organisation=body, position=position)
    for capacity in (Capacity.LEAD, Capacity.DELEGATE):
        post = Post.objects.create(slug=f"{body.slug}-{capacity}", title=f"{capacity.label} of {kind.label}", organisation=body)
        SeatPost.objects.create(partnership=partnership, seat=seat, post=post, capacity=capacity)
        user = people[f"{capacity.value}_{kind.value}"] = person(f"{capacity.value}_{kind.value}", partnership.slug)
        Appointment.objects.create(post=post, holder=user.name, user=user, starts_on=date(2020, 1, 1))
    return seat


def make_world(slug="world", kind=PLAN):
    """Return a World with three seats, leads and delegates, an editor, a publisher and a draft of two sections."""
    hooks.make_pdf_with(tiny_pdf)
    partnership = Partnership.objects.create(slug=slug, name=slug.title(), short_name=slug.title())
    ContactRoute.objects.create(partnership=partnership, kind="child", name="A helpline", telephone="0800 1111", checked_on=TODAY)
    world = World(partnership, {})
    for position, seat_kind in enumerate(Seat.Kind):
        world.seats[seat_kind.value] = make_seat(partnership, seat_kind, position, world.people)
    for name in ("editor", "publisher", "scrutineer"):
        granted(world, name, name)
    world.publication = Publication.objects.create(partnership=partnership, kind=kind.key, slug=kind.slug, title=kind.label)
    world.edition = add_edition(world)
    return world


def add_edition(world, **facts):
    """Return a new draft edition with two sections."""
    edition = Edition.objects.create(
        publication=world.publication, number=world.publication.next_number(),
        **{"title": "The plan", "as_on": TODAY, "text_changed_by": world.people["editor"], **facts},
    )
    for position, (anchor, body) in enumerate([("aims", "<p>We keep children safe.</p>"), ("money", "<p>We share the cost.</p>")]):
        Section.objects.create(
            edition=edition, uid=uuid5(NAMESPACE_URL, anchor), anchor=anchor, heading=anchor.title(), body=body, position=position
        )
    return edition


def submit(world, minutes=0):
    """Submit the world's edition."""
    world.edition = services.submit(edition_id=world.edition.pk, by=world.people["editor"], now=later(minutes), salt=salt)
    return world.edition


def sign(world, seat_kind, decision="agree", who=None, minutes=1, **words):
    """Sign the world's edition for a seat, as its lead unless ``who`` says otherwise."""
    return services.sign_off(
        edition_id=world.edition.pk, seat=world.seats[seat_kind], decision=decision, digest=words.pop("digest", world.edition.digest),
        by=world.people[who or f"lead_{seat_kind}"], now=later(minutes), salt=salt, **words,
    )


def agree(world):
    """Submit the world's edition and have all three leads agree."""
    submit(world)
    for kind in Seat.Kind:
        sign(world, kind.value)
    world.edition.refresh_from_db()
    return world.edition


def publish(world, minutes=10):
    """Agree and publish the world's edition."""
    if world.edition.state == State.DRAFT:
        agree(world)
    world.edition = services.publish(edition_id=world.edition.pk, by=world.people["publisher"], now=later(minutes), salt=salt)
    return world.edition


def later(minutes):
    """Return the fixed clock so many minutes on."""
    return NOW + datetime.timedelta(minutes=minutes)


def in_state(world, state):
    """Walk the real moves until the world's edition is in ``state``."""
    steps = {
        State.DRAFT: lambda: None,
        State.CONSULTATION: lambda: services.consult(edition_id=world.edition.pk, by=world.people["editor"], now=NOW, salt=salt),
        State.AWAITING_SIGN_OFF: lambda: submit(world),
        State.APPROVED: lambda: agree(world),
        State.SCHEDULED: lambda: (agree(world), services.schedule(edition_id=world.edition.pk, at=later(60), by=world.people["publisher"], now=later(5))),
        State.PUBLISHED: lambda: publish(world),
        State.SUPERSEDED: lambda: supersede(world),
        State.WITHDRAWN: lambda: (publish(world), services.withdraw(edition_id=world.edition.pk, by=world.people["publisher"], now=later(20), reason="Wrong area.")),
    }
    steps[State(state)]()
    world.edition.refresh_from_db()
    return world.edition


def supersede(world):
    """Publish the world's edition and then another, which supersedes it."""
    first = publish(world)
    world.edition = add_edition(world, as_on=TODAY)
    publish(world, minutes=30)
    world.edition = first


