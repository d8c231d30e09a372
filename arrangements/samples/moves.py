"""What happened to the editions of a file: each move made by the service that staff use, at the time that the file gives."""
from functools import partial

from django.core.exceptions import PermissionDenied

from arrangements.samples.editions import entries, fixed_salt
from arrangements.samples.values import Refused, date, moment, shown
from masa.partnerships.models import Seat
from masa.publishing import services
from masa.publishing.models import SignOff
from masa.publishing.reconstructions import publish_reconstruction
from masa.publishing.states import MoveNotAllowed

FIELDS = ["do", "by", "at", "seat", "decision", "conditions", "reason", "evidence", "agreed_on"]
DO = ["consult", "submit", "sign", "record", "confirm", "recall", "publish", "withdraw"]


def follow(reader, cast, drafts):
    """Make all moves of a file in the order of their times. When the file has problems already, none is made."""
    planned = [move for draft in drafts for move in planned_moves(reader, cast, draft)]
    if reader.file.problems:
        return
    for draft, first in first_moves(planned):
        draft.edition.text_changed_by, draft.edition.text_changed_at = first["by"], first["at"]
        draft.edition.save(update_fields=["text_changed_by", "text_changed_at"])
    stopped = set()
    for draft, where, move in sorted(planned, key=lambda planned_move: planned_move[2]["at"]):
        if draft.where not in stopped and not made(reader, draft, where, move):
            stopped.add(draft.where)


def first_moves(planned):
    """Yield each draft that somebody moved, with its first move: whoever made it wrote the text last."""
    seen = set()
    for draft, _, move in planned:
        if draft.where not in seen and move["by"] is not None:
            seen.add(draft.where)
            yield draft, move


def planned_moves(reader, cast, draft):
    """Return (draft, where, move) for each move of an edition, its names and times looked up."""
    if draft.edition.origin == draft.edition.Origin.RECONSTRUCTION:
        return [(draft, draft.where, {"do": "reconstruct", "by": None, "at": reconstructed_at(reader, draft)})]
    moves = []
    for where, raw in entries(reader, f"{draft.where}: moves", draft.raw.get("moves")):
        moves.append((draft, where, checked(reader, cast, where, raw)))
    return moves


def reconstructed_at(reader, draft):
    """Return the fixed instant at which a reconstruction is added: when MASA made it, not when its source was written."""
    return looked_up(reader, draft.where, "reconstruction", moment, f"2026-11-22T09:{draft.edition.number:02}")


def checked(reader, cast, where, raw):
    """Return a move with its person, time and seat in place of their names. What is wrong is noted."""
    for name in raw:
        if name not in FIELDS:
            reader.file.refuse(where, shown(name), f"No move has this. What one may have: {', '.join(FIELDS)}.")
    move = {**dict.fromkeys(FIELDS), **raw}
    if move["do"] not in DO:
        reader.file.refuse(where, "do", f"“{shown(move['do'])}” is no move. Write one of: {', '.join(DO)}.")
    if move["by"] not in cast:
        reader.file.refuse(where, "by", f"“{shown(move['by'])}” is not among the people of this file. Write the address of one of them.")
    decisions = SignOff.Decision.values
    if move["do"] in {"sign", "record"} and move["decision"] not in decisions:
        reader.file.refuse(where, "decision", f"“{shown(move['decision'])}” is no decision. Write one of: {', '.join(decisions)}.")
    move["seat"] = seat_of(reader, where, move["seat"])
    move["by"] = cast.get(move["by"])
    move["at"] = looked_up(reader, where, "at", moment, move["at"])
    if move["agreed_on"] is not None:
        move["agreed_on"] = looked_up(reader, where, "agreed_on", date, move["agreed_on"])
    return move


def looked_up(reader, where, name, read, raw):
    try:
        return read(raw)
    except Refused as error:
        reader.file.refuse(where, name, str(error))


def seat_of(reader, where, slug):
    """Return the seat that a move names, or None for a move without one."""
    if slug is None:
        return None
    seat = reader.own.find(Seat, slug) if isinstance(slug, str) else None
    if seat is None:
        reader.file.refuse(where, "seat", f"There is no seat called “{shown(slug)}”. Write the slug of a seat in this file.")
    return seat


def made(reader, draft, where, move):
    """Make one move, and say whether it was made. A refusal is a problem of the file, in the service's own sentences."""
    try:
        SERVICES[move["do"]](draft.edition, move)
    except MoveNotAllowed as refused:
        for reason in refused.reasons:
            reader.file.refuse(where, "do", reason)
    except PermissionDenied as refused:
        reader.file.refuse(where, "by", str(refused) or f"{move['by']} may not do this. Give the role or the post that may.")
    else:
        draft.edition.refresh_from_db()
        return True
    return False


def with_salt(service, edition, move):
    service(edition_id=edition.pk, by=move["by"], now=move["at"], salt=fixed_salt)


def with_reason(service, edition, move):
    service(edition_id=edition.pk, by=move["by"], now=move["at"], reason=move["reason"] or "")


def sign(edition, move):
    """Agree, agree with conditions or decline, as the person who signs in."""
    services.sign_off(
        edition_id=edition.pk, seat=move["seat"], decision=move["decision"], digest=edition.digest, by=move["by"], now=move["at"],
        conditions=move["conditions"] or "", reason=move["reason"] or "", salt=fixed_salt,
    )


def record(edition, move):
    """Record what the holder of the seat's lead post decided elsewhere."""
    day = move["agreed_on"] or services.london_day(move["at"])
    lead = next(p.post for p in move["seat"].posts.on(day) if p.capacity == p.Capacity.LEAD)
    holder = lead.holder_on(day)
    services.record_sign_off(
        edition_id=edition.pk, seat=move["seat"], person_name=holder.holder, post_title=lead.title, decision=move["decision"],
        evidence=move["evidence"] or "", agreed_on=day, by=move["by"], now=move["at"], conditions=move["conditions"] or "",
        reason=move["reason"] or "", salt=fixed_salt,
    )


def confirm(edition, move):
    """Confirm the agreement of a seat that was recorded last."""
    row = SignOff.objects.filter(signed_text=edition.signed_text, seat=move["seat"], how=SignOff.How.RECORDED).last()
    if row is None:
        raise MoveNotAllowed(f"No agreement is recorded for {move['seat']}, so there is none to confirm.")
    services.confirm_recorded(sign_off_id=row.pk, by=move["by"], now=move["at"], salt=fixed_salt)


def reconstruct(edition, move):
    publish_reconstruction(edition_id=edition.pk, now=move["at"], salt=fixed_salt)


SERVICES = {
    "consult": partial(with_salt, services.consult),
    "submit": partial(with_salt, services.submit),
    "sign": sign,
    "record": record,
    "confirm": confirm,
    "recall": partial(with_reason, services.back_to_draft),
    "publish": partial(with_salt, services.publish),
    "withdraw": partial(with_reason, services.withdraw),
    "reconstruct": reconstruct,
}
