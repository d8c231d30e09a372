"""Why an edition cannot make a move: the same sentences beside the button and in the refusal, asked again under the lock."""
import json

from masa.partnerships.models import ContactRoute, Seat
from masa.publishing import agreeing
from masa.publishing.canonical import digest_of
from masa.publishing.compose import requirements_of
from masa.publishing.models import Answer, Removal
from masa.publishing.states import MOVES, State


def blockers(edition, to, *, on):
    """Say why this edition cannot become ``to`` on the date ``on``; an empty list means it can."""
    if to not in MOVES[edition.state]:
        return [f"An edition that is {edition.get_state_display().lower()} cannot become {to.label.lower()}."]
    if to in {State.CONSULTATION, State.AWAITING_SIGN_OFF}:
        return unfinished(edition) + (missing_seats(edition, on) + unmet_musts(edition) if to == State.AWAITING_SIGN_OFF else [])
    if to in {State.APPROVED, State.SCHEDULED, State.PUBLISHED} and edition.state != State.SCHEDULED or to == State.PUBLISHED:
        if not agreeing.signers(edition, on):
            return ["No seat is held that could agree to this text."]
        reasons = [f"{signer} has not agreed to this text." for signer in agreeing.yet_to_agree(edition, on)]
        return reasons + (not_ready_for_public(edition, on) if to == State.PUBLISHED else [])
    return []


def unfinished(edition):
    """Return what is missing from the text itself."""
    sections = list(edition.sections.prefetch_related("blocks"))
    if not sections:
        return ["This edition has no sections yet."]
    return [f"The section “{s.heading}” is empty." for s in sections if not s.body.strip() and not s.blocks.all()]


def missing_seats(edition, on):
    """Return which statutory partners have no seat on ``on``, for a text that the seats sign (ROLE-SP)."""
    if agreeing.signers_rule(edition, on) not in agreeing.CAPACITIES:
        return []
    held = {seat.kind for seat in edition.partnership.seats.on(on)}
    wanted = set(edition.publication.sort.seat_kinds) or set(Seat.Kind)
    return [f"No seat is held for {Seat.Kind(kind).label.lower()}." for kind in Seat.Kind if kind in wanted - held]


def unmet_musts(edition):
    """Return each confirmed duty of law that the edition neither answers nor says why not and by when."""
    given = {(a.guidance, a.code): a for a in edition.answers.all()}
    return [
        f"{r.code} is a duty in law and is not answered: {r.text}"
        for r in requirements_of(edition)
        if r.can_block and not is_met(given.get((r.edition.key, r.code)))
    ]


def is_met(answer):
    """Say whether an answer lets a duty stand: answered, or short of it with its reason (and date) in what is agreed."""
    if answer is None or answer.status == Answer.Status.UNANSWERED:
        return False
    if answer.status == Answer.Status.ANSWERED:
        return bool(answer.sections)
    if answer.status == Answer.Status.NOT_APPLICABLE:
        return bool(answer.reason)
    return bool(answer.reason and answer.by_when)


def not_ready_for_public(edition, on):
    """Return what keeps a text that all have agreed from the public."""
    reasons = []
    if not ContactRoute.objects.filter(partnership=edition.partnership, kind=ContactRoute.Kind.CHILD, checked_on__isnull=False).exists():
        reasons.append("No one has checked whom to call about a child. Add a contact route and the date it was checked.")
    if edition.ends_on and edition.ends_on < on:
        reasons.append("This edition ends before the day it would be published.")
    if edition.explains_id and edition.explains.state not in {State.PUBLISHED}:
        reasons.append(f"The edition it explains, {edition.explains}, is not the published one.")
    if edition.explains_id and edition.explains.partnership != edition.partnership:
        reasons.append("The edition it explains belongs to another partnership.")
    if Removal.objects.filter(part__signed_text=edition.signed_text_id).exists():
        reasons.append("A part of the agreed text has been removed. Return it to draft and agree what is left.")
    return reasons


def stale_answers(edition):
    """Return the answers whose sections read differently now from when they were answered (shown amber)."""
    now = section_digests(edition)
    return [a for a in edition.answers.all() if a.section_digests and any(now.get(uid) != d for uid, d in a.section_digests.items())]


def section_digests(edition):
    """Return ``{uid: digest of the section's words}`` as they stand, for answers to remember."""
    return {str(s.uid): digest_of(json.dumps([s.heading, s.body])) for s in edition.sections.all()}
