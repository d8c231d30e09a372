"""A partnership's journal: append-only rows, each carrying the hash of the one before.

The chain holds digests only; what a row says is kept apart, with a salt. Rows carry ids, digests and states, never the
words of a publication, so that removing those leaves nothing behind here. ``JournalRow`` hashes are made from ``sealed`` below, and ``verify`` replays them.
"""
import datetime

from masa.partnerships.models import Partnership
from masa.publishing.canonical import canonical, digest_of, new_salt
from masa.publishing.models import JournalPayload, JournalRow


def sealed(*, partnership, seq, at, kind, payload_digest, previous):
    """Return the hash of a row. at: an aware datetime, written in UTC."""
    return digest_of(canonical({
        "partnership": partnership, "seq": seq, "at": at.astimezone(datetime.UTC), "kind": kind,
        "payload": payload_digest, "previous": previous,
    }))


def append(partnership, *, kind, by, now, salt=new_salt, **says):
    """Add a row to the partnership's chain and return it. Call inside the transaction of the act it tells of.

    by: the user who acted, or None for the clock and for a loader. says: plain data; ids and words, no text of cases.
    """
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    last = JournalRow.objects.filter(partnership=partnership).order_by("-seq").first()
    seq = last.seq + 1 if last else 1
    text = canonical({
        "salt": salt(f"{partnership.slug}/journal/{seq}"), "by": by and by.name, "by_id": by and by.pk, **says,
    })
    link = {"seq": seq, "at": now, "kind": kind, "payload_digest": digest_of(text), "previous": last.hash if last else ""}
    row = JournalRow.objects.create(partnership=partnership, hash=sealed(partnership=partnership.slug, **link), **link)
    JournalPayload.objects.create(row=row, text=text)
    return row


def head(partnership):
    """Return the last row of the chain, or None for an empty journal."""
    return JournalRow.objects.filter(partnership=partnership).order_by("-seq").first()
