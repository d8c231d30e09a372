"""What other rooms may ask of the guidance. Every answer comes from the newest release of each edition."""
from datetime import date

from django.db.models import Q
from django.utils import timezone

from masa.guidance.deadlines import deadline
from masa.guidance.models import GuidanceEdition, Mapping, Requirement, TemplateSection
from masa.guidance.vocabulary import Audience, Series

SERIES_IN_FORCE = {Audience.CHILDREN: Series.WORKING_TOGETHER, Audience.ADULTS: Series.CARE_ACT}


class NoSuchGuidance(LookupError):
    """An edition or requirement that has not been loaded."""


def in_force_on(day):
    """A condition on GuidanceEdition: in force on ``day``."""
    ended = Q(in_force_to__isnull=False, in_force_to__lt=day)
    return Q(in_force_from__lte=day) & ~ended


def edition(key):
    """The GuidanceEdition with this key. Raises NoSuchGuidance."""
    try:
        return GuidanceEdition.objects.get(key=key)
    except GuidanceEdition.DoesNotExist:
        raise NoSuchGuidance(f"No edition of guidance is called “{key}”. Load it with load_guidance.") from None


def editions(keys):
    """The editions with these keys, in the order asked. Raises NoSuchGuidance for the first that is missing."""
    return [edition(key) for key in keys]


def edition_in_force(on: date, audience=Audience.CHILDREN):
    """The edition that ``audience`` (children or adults) goes by on the date ``on``; None before the first one held."""
    if audience not in SERIES_IN_FORCE:
        raise ValueError(f"Ask for children or adults; “{audience}” has no single edition in force.")
    return GuidanceEdition.objects.filter(in_force_on(on), series=SERIES_IN_FORCE[audience]).first()


def requirements(edition_keys, kinds=None):
    """Requirements of the editions with these keys, in each file's own order: a queryset with editions fetched.

    kinds: an iterable of Kind values to keep, or None for all. Raises NoSuchGuidance for an unknown edition.
    """
    chosen = editions(edition_keys)
    rows = Requirement.objects.filter(release__edition__in=chosen, release__is_current=True)
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    return rows.select_related("release__edition").order_by(
        "release__edition__series", "release__edition__in_force_from", "release__edition__key", "position"
    )


def requirement(code, on=None):
    """The requirement with this code: the row of the edition in force on ``on`` (today, if not given).

    A code such as RR-02 stands in several editions; ``wt23:RR-02`` names one of them whatever the date.
    A code found in one edition only is answered whatever the date. Raises NoSuchGuidance.
    """
    key, _, plain = code.rpartition(":")
    rows = Requirement.objects.filter(code=plain, release__is_current=True).select_related("release__edition")
    found = list(rows.filter(release__edition__key=key) if key else rows)
    if len(found) > 1:
        day = on or timezone.localdate()
        found = [row for row in found if row.holds_on(day)]
    if not found:
        raise NoSuchGuidance(f"No edition of guidance that is loaded has {code} for that date.")
    return found[0]


def due(code, anchored_on):
    """The date ``code`` gives when its anchor event falls on ``anchored_on``, by the edition in force that day.

    Raises NoSuchGuidance when no edition of that day has the code or the row sets no deadline, and OutsideCalendar.
    """
    row = requirement(code, on=anchored_on)
    if row.deadline_rule is None:
        raise NoSuchGuidance(f"{code} sets no deadline.")
    return deadline(row.deadline_rule, anchored_on)


def deadlines(anchor, anchored_on, audience=Audience.CHILDREN):
    """Every deadline that an event sets going: a list of (Requirement, date due), in order of date.

    anchor: what happened, an Anchor; anchored_on: the day. Rows come from the law and from the edition in force that
    day for ``audience``. Raises OutsideCalendar.
    """
    followed = edition_in_force(anchored_on, audience)
    rows = Requirement.objects.filter(
        Q(release__edition=followed) | Q(release__edition__series=Series.LAW),
        release__is_current=True, deadline__isnull=False,
    ).select_related("release__edition")
    found = [
        (row, deadline(row.deadline_rule, anchored_on)) for row in rows
        if row.holds_on(anchored_on) and anchor in (row.deadline_rule.anchor, *row.deadline_rule.other_anchors)
    ]
    return sorted(found, key=lambda pair: (pair[1], pair[0].reference))


def mapping(from_key, to_key):
    """How the rows of ``to_key`` stand to those of the edition it replaces, ``from_key``: a queryset of Mapping.

    Raises NoSuchGuidance if either is missing or ``to_key`` does not replace ``from_key``.
    """
    earlier, later = editions([from_key, to_key])
    if later.replaces_id != earlier.pk:
        raise NoSuchGuidance(f"{later} does not replace {earlier}, so there is no list of what changed between them.")
    return Mapping.objects.filter(release__edition=later, release__is_current=True)


def template(edition_key):
    """The sections of a plan template, in order, with their guiding questions fetched: a queryset of TemplateSection.

    Empty for an edition without a template. Raises NoSuchGuidance.
    """
    sections = TemplateSection.objects.filter(release__edition=edition(edition_key), release__is_current=True)
    return sections.select_related("parent").prefetch_related("prompts").order_by("position")
