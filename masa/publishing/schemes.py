"""A partnership's scheme of delegation: guidance gives the floor of who signs what, the leads agree the rest."""
from django.core.exceptions import PermissionDenied
from django.db import transaction

from masa.accounts import permissions
from masa.accounts.permissions import Action
from masa.publishing import agreeing, journal, kinds
from masa.publishing.canonical import RECIPE, canonical, digest_of, new_salt
from masa.publishing.compose import Content, Part, keep
from masa.publishing.models import Capacity, Scheme, SchemeRule, SignOff
from masa.publishing.services import london_day, sign_off_seal, signing_post
from masa.publishing.states import MoveNotAllowed

WORDS = "I agree to this scheme of delegation for {who}."


@transaction.atomic
def propose_scheme(*, partnership, rules, in_force_from, by, now, salt=new_salt):
    """Propose who signs what where guidance leaves it open; it holds once every lead has agreed.

    rules: list of (kind of publication, change, signers). Raises MoveNotAllowed for a kind that guidance gives to the leads.
    """
    permissions.require(by, Action.EDITION_SUBMIT, partnership)
    for kind, change, signers in rules:
        if kind not in {k.key for k in kinds.every()}:
            raise MoveNotAllowed(f"There is no kind of publication called “{kind}”.")
        if kinds.get(kind).leads_always:
            raise MoveNotAllowed(f"Guidance asks the lead partners to sign the {kinds.get(kind).label.lower()}, so no scheme can give it to others.")
        if kinds.get(kind).signers not in agreeing.CAPACITIES:
            raise MoveNotAllowed(f"The {kinds.get(kind).label.lower()} is not the partners' to sign, so no scheme can settle who does.")
        if change not in SchemeRule.Change or signers not in {"leads", "delegates", "publisher"}:
            raise MoveNotAllowed(f"Choose who signs the {kinds.get(kind).label.lower()}, and for which editions.")
    number = Scheme.objects.filter(partnership=partnership).count() + 1
    body = {"id": "rules", "kind": "scheme", "salt": salt(f"{partnership.slug}/scheme/{number}"), "rules": [list(rule) for rule in rules]}
    part = Part("rules", "scheme", canonical(body))
    manifest = {
        "recipe": RECIPE, "kind": "scheme", "partnership": {"slug": partnership.slug, "name": partnership.name},
        "number": number, "in_force_from": in_force_from, "parts": [{"id": part.id, "kind": part.kind, "digest": part.digest}],
    }
    signed_text = keep(Content(canonical(manifest), (part,)), partnership=partnership, kind="scheme")
    scheme = Scheme.objects.create(partnership=partnership, number=number, in_force_from=in_force_from, signed_text=signed_text)
    SchemeRule.objects.bulk_create(SchemeRule(scheme=scheme, kind=k, change=c, signers=s) for k, c, s in rules)
    journal.append(partnership, kind="scheme_proposed", by=by, now=now, salt=salt, number=number, digest=signed_text.digest)
    return scheme


@transaction.atomic
def agree_scheme(*, scheme_id, seat, digest, by, now, salt=new_salt):
    """Agree a proposed scheme for a seat, as its lead. It holds from the last lead's agreement."""
    scheme = Scheme.objects.select_for_update().select_related("partnership", "signed_text").get(pk=scheme_id)
    day = london_day(now)
    if (seat, Capacity.LEAD) not in [(s, Capacity(c)) for s, c in permissions.seats_of(by, scheme.partnership, day)]:
        raise PermissionDenied(f"You do not hold the lead post of {seat}.")
    if digest != digest_of(scheme.signed_text.manifest):
        raise MoveNotAllowed("The scheme has changed since you read it. Read it again, then decide.")
    given = agreeing.latest(scheme.signed_text)
    if seat.pk in given:
        return given[seat.pk]
    row = SignOff.objects.create(
        signed_text=scheme.signed_text, seat=seat, capacity=Capacity.LEAD, person=by, person_name=by.name,
        post_title=signing_post(by, seat, Capacity.LEAD, day).title, organisation_name=seat.organisation.name_on(day),
        decision=SignOff.Decision.AGREE, words=WORDS.format(who=seat.organisation), digest=digest, made_at=now,
    )
    journal.append(scheme.partnership, kind="scheme_signed", by=by, now=now, salt=salt, number=scheme.number, seat=seat.slug, digest=digest, sign_off=sign_off_seal(row))
    if scheme.agreed_at is None and all(lead.pk in {*given, seat.pk} for lead in agreeing.signing_seats(scheme.partnership, day)):
        scheme.agreed_at = now
        scheme.save(update_fields=["agreed_at"])
    return row
