"""Who must agree to an edition, who has, and who may sign: one place for the rules of sign-off."""
from dataclasses import dataclass

from masa.accounts import permissions
from masa.accounts.roles import Role
from masa.partnerships.models import Seat
from masa.publishing.models import Capacity, Scheme, SchemeRule, SignOff

#: In which capacities a seat's agreement may be given, by who signs this kind of text. A lead may always sign for the delegate.
CAPACITIES = {"leads": {Capacity.LEAD}, "delegates": {Capacity.LEAD, Capacity.DELEGATE}}
WORDS = "I have read this text and agree to it for {who}."


@dataclass(frozen=True)
class Signer:
    """One agreement that an edition needs: a seat's, or that of the scrutineer or publisher alone (seat is None)."""

    seat: Seat | None
    capacities: frozenset

    def __str__(self):
        return str(self.seat) if self.seat else next(iter(self.capacities)).label


def signers_rule(edition, on):
    """Return who signs on a day: the scheme of delegation in force where it says, else what the kind of publication says.

    A scheme settles which of the partners sign. It takes nothing from the scrutineer or the publisher, nor from the
    leads what guidance gives them.
    """
    kind = edition.publication.sort
    if kind.leads_always or kind.signers not in CAPACITIES:
        return kind.signers
    scheme = Scheme.objects.filter(partnership=edition.partnership, agreed_at__isnull=False, in_force_from__lte=on).first()
    change = SchemeRule.Change.LATER if made_before(edition) else SchemeRule.Change.FIRST
    agreed = {(k, c): signers for k, c, signers in scheme.agreed_rules()} if scheme else {}
    return agreed.get((kind.key, change)) or agreed.get((kind.key, SchemeRule.Change.ANY)) or kind.signers


def made_before(edition):
    """Say whether an earlier edition of the publication was made here; archive editions do not count."""
    return edition.publication.editions.filter(number__lt=edition.number).exclude(origin=edition.Origin.ARCHIVE).exists()


def signers(edition, on):
    """Return every agreement that the edition needs, for the seats held on ``on``."""
    rule = signers_rule(edition, on)
    if rule not in CAPACITIES:
        return [Signer(None, frozenset({Capacity(rule)}))]
    wanted = edition.publication.sort.seat_kinds
    return [Signer(seat, frozenset(CAPACITIES[rule])) for seat in signing_seats(edition.partnership, on) if not wanted or seat.kind in wanted]


def signing_seats(partnership, on):
    """Return the seats that speak for themselves on a day: those for which no other seat held that day acts (AREA-01).

    A seat that acts is bound itself, so seats that name each other in a circle excuse nobody.
    """
    held = list(partnership.seats.on(on).select_related("organisation"))
    acted_for = {seat.acts_for_id for seat in held if seat.acts_for_id}
    excused = {seat.acts_for_id for seat in held if seat.acts_for_id and seat.pk not in acted_for}
    return [seat for seat in held if seat.pk not in excused]


def latest(signed_text):
    """Return the latest counting sign-off for each seat (or capacity, where there is no seat) on this text."""
    rows = SignOff.objects.counting().filter(signed_text=signed_text).select_related("seat").order_by("made_at", "pk")
    return {row.seat_id or row.capacity: row for row in rows}


def yet_to_agree(edition, on):
    """Return the signers whose agreement to the present text is missing, declined or given in the wrong capacity."""
    given = latest(edition.signed_text)
    return [s for s in signers(edition, on) if not agrees(given.get(s.seat.pk if s.seat else next(iter(s.capacities))), s)]


def agrees(sign_off, signer):
    """Say whether this sign-off is the agreement that the signer owes. Agreeing with conditions counts."""
    return sign_off is not None and sign_off.decision != SignOff.Decision.DECLINE and sign_off.capacity in signer.capacities


def may_sign(user, edition, seat, on):
    """Return the capacity in which ``user`` may sign for ``seat`` (None for the scrutineer or publisher), or None."""
    signer = next((s for s in signers(edition, on) if s.seat == seat), None)
    if signer is None:
        return None
    if seat is None:
        capacity = next(iter(signer.capacities))
        return capacity if Role(capacity) in permissions.roles_of(user, edition.partnership, on) else None
    held = {Capacity(capacity) for mine, capacity in permissions.seats_of(user, edition.partnership, on) if mine == seat}
    return next((c for c in (Capacity.LEAD, Capacity.DELEGATE) if c in held & signer.capacities), None)


def reasons_not_to_sign(user, edition, seat, exception=""):
    """Return why this person may not sign this text for this seat, whatever the state: duties kept apart (AC-08)."""
    reasons = []
    if edition.text_changed_by_id == user.pk:
        reasons.append("You last changed this text, so someone else must sign it.")
    other = SignOff.objects.filter(signed_text=edition.signed_text, person=user).exclude(seat=seat)
    if seat and other.exists() and not exception.strip():
        reasons.append("You have already signed this text for another seat. Record why one person signs for two.")
    return reasons
