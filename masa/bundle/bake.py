"""Bake: gather, plan, write what changed, switch. What the public reads is made here and nowhere else."""
import logging
from dataclasses import dataclass

from django.utils import timezone

from masa.bundle import datafiles, gather, pages, render, site, store
from masa.bundle.assets import AssetMissing
from masa.bundle.models import BakeOwed, BundleVersion, GoneAddress
from masa.bundle.store import BakeFailed
from masa.partnerships import scope
from masa.partnerships.models import Partnership
from masa.publishing.files import FileMissing

OWN = "_site"  # the installation's own bundle; no partnership can have this slug
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Baked:
    """What a bake did. ``rendered`` and ``linked`` count files; nothing changed when ``is_new`` is False."""

    name: str
    number: int
    is_new: bool
    rendered: int = 0
    linked: int = 0
    reasons: tuple = ()  # paths that differ, for a check

    def __str__(self):
        if not self.is_new:
            return f"{self.name}: nothing has changed since bundle {self.number}."
        return f"{self.name}: bundle {self.number}, {self.rendered} files made and {self.linked} kept."


def bake(partnership_id, *, now, check=False):
    """Bring the public site of one partnership up to date and return what was done, as Baked.

    check: only say whether anything would change. Raises BakeFailed with a sentence; readers then still have the last bundle.
    """
    slug = slug_of(partnership_id)
    with guarded(slug), scope.of(partnership_id), store.locked(store.folder(slug)):
        data = gather.gathered(partnership_id, timezone.localdate(now))
        home = store.folder(slug)
        data = with_gone_addresses(partnership_id, data, home, now)
        done = put(slug, pages.plan(data), pages.redirects(data), now, check=check, partnership_id=partnership_id, removals=data.removals)
        if not check:
            BakeOwed.objects.filter(partnership=partnership_id).delete()
        return done


def bake_site(*, now, check=False):
    """Bring the installation's own site up to date; returns and raises as ``bake``."""
    with guarded(OWN), store.locked(store.folder(OWN)), scope.every_partnership(why="the installation's own pages"):
        data = site.gather()
        return put(OWN, site.plan(data), site.redirects(data), now, check=check)


def slug_of(partnership_id):
    with scope.of(partnership_id):
        return Partnership.objects.values_list("slug", flat=True).get(pk=partnership_id)


class guarded:
    """Turn what can go wrong with disks and contents into BakeFailed with a sentence for people."""

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if isinstance(error, OSError):
            raise BakeFailed(f"The public pages of {self.name} could not be written: {error.strerror or error}. The last ones still show.") from error
        if isinstance(error, pages.PlanRefused | AssetMissing | FileMissing):
            raise BakeFailed(f"The public pages of {self.name} could not be made. {error} The last ones still show.") from error


def put(name, files, redirects, now, *, check, partnership_id=None, removals=0):
    """Write a bundle if anything differs from the last one. Call with the lock held."""
    home = store.folder(name)
    store.sweep(home)
    number = store.current_number(home)
    before, old_redirects, facts = store.listed(home, number)
    wanted = datafiles.redirects(redirects)
    differ = sorted({f.path for f in files if f.path not in before or before[f.path].key != f.key} | (before.keys() - {f.path for f in files}))
    same = number is not None and not differ and old_redirects == redirects
    if same or check:
        if same:
            remember(partnership_id, number, before.values(), now)
        return Baked(name, number or 0, not same, reasons=tuple(differ))
    writer = write(home, files, before, wanted, removals)
    remember(partnership_id, writer.number, writer.files, now)
    # Older bundles still hold what was removed since, so they go at once (LK-04).
    store.sweep(home, keep=1 if removals > facts.get("removals", 0) else store.KEPT)
    return Baked(name, writer.number, True, writer.rendered, writer.linked)


def write(home, files, before, redirects, removals):
    """Write and switch to a new bundle, linking every file whose key is that of the last one."""
    writer = store.Writer(home)
    for file in files:
        old = before.get(file.path)
        if old is not None and old.key == file.key:
            writer.link(old)
        else:
            writer.write(file, file.make())
    writer.switch(redirects, removals=removals)
    return writer


def remember(partnership_id, number, files, now):
    """Keep a row for the bundle that readers see; also for one whose bake was killed just after its switch."""
    facts = {"digest": store.digest_of(sorted(files, key=lambda f: f.path)), "release": render.release(), "baked_at": now}
    BundleVersion.objects.update_or_create(partnership_id=partnership_id, number=number, create_defaults=facts, defaults={})


def with_gone_addresses(partnership_id, data, home, now):
    """Remember as gone the addresses that vanish with a removal, so that each of them answers 410 from now on."""
    before, _, facts = store.listed(home, store.current_number(home))
    if data.removals <= facts.get("removals", 0) or not before:
        return data
    now_there = {file.path for file in pages.plan(data)}
    vanished = {path for path in before if path not in now_there and not path.endswith("gone.html")}
    vanished = {path.removesuffix("index.html") for path in vanished}
    GoneAddress.objects.bulk_create(
        (GoneAddress(partnership_id=partnership_id, path=gone_path(path), since=now) for path in sorted(vanished)), ignore_conflicts=True
    )
    return gather.gathered(partnership_id, timezone.localdate(now))


def gone_path(path):
    """Return the folder in which an address keeps its page that says it is gone."""
    return path if path.endswith("/") else f"{path}/"


# When ----------------------------------------------------------------------------------------------------------------


def went_live(partnership_id, now):
    """Bake after a change that the public reads. A bake that fails is owed, and tried again until it can be done."""
    try:
        bake(partnership_id, now=now)
        bake_site(now=now)
    except Exception as error:  # the change itself is safely stored, and staff must not be told that it was not
        reason = str(error) if isinstance(error, BakeFailed) else f"The public pages could not be made: {type(error).__name__}, see the log."
        log.exception("bake of partnership %s failed", partnership_id)
        with scope.of(partnership_id):
            BakeOwed.objects.update_or_create(partnership_id=partnership_id, defaults={"reason": reason}, create_defaults={"since": now, "reason": reason})


def owe(partnership_id, now):
    """Remember that a partnership's public site is to follow a change, until a bake has done so."""
    BakeOwed.objects.get_or_create(partnership_id=partnership_id, defaults={"since": now, "reason": "A change is waiting to be shown."})


def owed():
    """Return the ids of the partnerships whose bake failed and is to be tried again."""
    with scope.every_partnership(why="bakes that are owed are tried again for all partnerships"):
        return list(BakeOwed.objects.order_by("since").values_list("partnership_id", flat=True))
