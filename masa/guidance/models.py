"""Statutory guidance as data. Rows belong to no partnership, and only ``load_guidance`` writes them.

A file is one edition. Each release of a file keeps its own rows, so what was answered against an
older one stays readable.
"""
from django.db import models
from django.db.models import F, Q

from masa.guidance.deadlines import DeadlineRule
from masa.guidance.vocabulary import Audience, Change, Condition, Force, Kind, Recipient, Series, Status


def one_of(field, choices, blank=False):
    """A constraint that ``field`` holds a listed value."""
    values = [*choices.values, ""] if blank else choices.values
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=f"guidance_%(class)s_{field}")


def in_order(first, last):
    """A constraint that the date ``last`` is not before ``first``; either may be missing."""
    condition = Q(**{f"{first}__isnull": True}) | Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": F(first)})
    return models.CheckConstraint(condition=condition, name=f"guidance_%(class)s_{last}_in_order")


class GuidanceEdition(models.Model):
    """An edition of guidance, a body of law, a plan template or a checklist, as its newest release describes it.

    ``status`` says how sure we are of the instrument and its dates; each requirement has a status of its own.
    ``notes``: a list of ``{"about": code or "", "text": sentence}``: what is not known about the edition, and its gaps.
    """

    key = models.SlugField(max_length=40, unique=True)
    series = models.CharField(max_length=30, choices=Series)
    title = models.CharField(max_length=200)
    short_title = models.CharField(max_length=60)
    audience = models.CharField(max_length=10, choices=Audience)
    status = models.CharField(max_length=12, choices=Status)
    published_on = models.DateField(null=True)
    in_force_from = models.DateField(null=True)
    in_force_to = models.DateField(null=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    notes = models.JSONField(default=list)

    class Meta:
        ordering = ["series", "in_force_from", "key"]
        constraints = [in_order("in_force_from", "in_force_to")]

    def __str__(self):
        return self.short_title

    @property
    def release(self):
        """The newest release, the one in use."""
        return self.releases.get(is_current=True)


class Release(models.Model):
    """One released state of an edition's file. Never changed: a change to the file is a new release.

    ``digest``: SHA-256 (hexadecimal) of ``text``, the file as it was read, with line ends as LF.
    """

    edition = models.ForeignKey(GuidanceEdition, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    released_on = models.DateField()
    digest = models.CharField(max_length=64)
    text = models.TextField()
    is_current = models.BooleanField(default=True)

    class Meta:
        ordering = ["edition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="guidance_one_release_a_number"),
            models.UniqueConstraint(
                fields=["edition"], condition=Q(is_current=True), name="guidance_one_current_release"
            ),
        ]

    def __str__(self):
        return f"{self.edition}, release {self.number}"


class Requirement(models.Model):
    """One thing an edition asks for, in our own words.

    ``recipients``: a list of ``{"key": Recipient, "status": Status}``.
    ``see_also``: codes of related rows, here or in other editions.
    ``deadline``: plain data of a DeadlineRule, or None; read it through ``deadline_rule``.
    ``force_status``: how sure we are of must or should, where that is less sure than the row itself.
    """

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="requirements")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=30)
    kind = models.CharField(max_length=20, choices=Kind)
    group = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    force = models.CharField(max_length=12, choices=Force)
    status = models.CharField(max_length=12, choices=Status)
    force_status = models.CharField(max_length=12, choices=Status)
    source = models.CharField(max_length=200)
    applies_when = models.CharField(max_length=30, choices=Condition, blank=True)
    commenced = models.BooleanField(default=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    recipients = models.JSONField(default=list)
    deadline = models.JSONField(null=True)
    see_also = models.JSONField(default=list)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["release", "position"]
        constraints = [
            models.UniqueConstraint(fields=["release", "code"], name="guidance_one_requirement_a_code"),
            in_order("valid_from", "valid_to"),
            one_of("kind", Kind),
            one_of("force", Force),
            one_of("status", Status),
            one_of("force_status", Status),
            one_of("applies_when", Condition, blank=True),
        ]

    def __str__(self):
        return self.code

    @property
    def edition(self):
        return self.release.edition

    @property
    def reference(self):
        """Edition and code, such as ``wt23:RR-02``: unique among rows in use, so a safe key for other rooms to keep."""
        return f"{self.edition.key}:{self.code}"

    @property
    def deadline_rule(self):
        """The rule this row sets, a DeadlineRule, or None."""
        return DeadlineRule.from_data(self.deadline) if self.deadline else None

    @property
    def is_confirmed(self):
        """False for a row to be shown as unconfirmed: itself, or whether it is a must."""
        return Status.PROVISIONAL not in (self.status, self.force_status)

    @property
    def can_block(self):
        """Whether leaving this row unanswered may stop a publication: only a must that is confirmed and has begun."""
        return self.force == Force.MUST and self.commenced and self.is_confirmed

    def holds_on(self, day):
        """Whether the row stands on ``day``, by its own dates or else by its edition's."""
        starts = self.valid_from or self.edition.in_force_from
        ends = self.valid_to or self.edition.in_force_to
        return self.commenced and (starts is None or starts <= day) and (ends is None or day <= ends)

    def recipient_names(self):
        """The recipients in words, each with its status: a list of (name, Status)."""
        return [(Recipient(who["key"]).label, Status(who["status"])) for who in self.recipients]


class TemplateSection(models.Model):
    """A section of a plan template. ``key`` is the stable template key that plans built from it share."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="sections")
    position = models.PositiveIntegerField()
    key = models.SlugField(max_length=60)
    code = models.CharField(max_length=30)
    number = models.CharField(max_length=10, blank=True)
    heading = models.CharField(max_length=200)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    nearest = models.JSONField(default=list)

    class Meta:
        ordering = ["release", "position"]
        constraints = [
            models.UniqueConstraint(fields=["release", "key"], name="guidance_one_section_a_key"),
            models.UniqueConstraint(fields=["release", "code"], name="guidance_one_section_a_code"),
        ]

    def __str__(self):
        return self.heading


class Prompt(models.Model):
    """A guiding question, shown to staff beside the section it belongs to."""

    section = models.ForeignKey(TemplateSection, on_delete=models.PROTECT, related_name="prompts")
    position = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["section", "position"]
        constraints = [models.UniqueConstraint(fields=["section", "position"], name="guidance_one_prompt_a_place")]

    def __str__(self):
        return self.text


class Mapping(models.Model):
    """How a row of an edition stands to the edition before it.

    ``from_code`` is empty for a new row and ``to_code`` for a dropped one. Held with the later edition's release.
    """

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="mappings")
    position = models.PositiveIntegerField()
    from_code = models.CharField(max_length=30, blank=True)
    to_code = models.CharField(max_length=30, blank=True)
    change = models.CharField(max_length=10, choices=Change)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["release", "position"]
        constraints = [
            models.UniqueConstraint(fields=["release", "from_code", "to_code"], name="guidance_one_mapping_a_pair"),
            models.CheckConstraint(
                condition=Q(change=Change.NEW, from_code="") & ~Q(to_code="")
                | Q(change=Change.DROPPED, to_code="") & ~Q(from_code="")
                | ~Q(change__in=[Change.NEW, Change.DROPPED]) & ~Q(from_code="") & ~Q(to_code=""),
                name="guidance_mapping_ends_match_its_change",
            ),
        ]

    def __str__(self):
        return f"{self.from_code or 'nothing'} to {self.to_code or 'nothing'}: {self.get_change_display().lower()}"
