"""Who the parties are: partnerships, areas, footprints, organisations, seats, posts and who held them when."""
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from masa.partnerships.fields import (
    Audience,
    DatedQuerySet,
    DatedRow,
    RegisterRow,
    check_year,
    date_field,
    ends_after_start,
)
from masa.partnerships.scope import scoped
from masa.ui.text import clean_line

#: First path segments that the installation itself needs, so no partnership may take them.
RESERVED_SLUGS = frozenset(
    "accessibility account accounts admin api assets components feeds footprints health live media privacy ready robots "
    "search sitemap static updates verify workspace".split()
)
slug_shape = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z", "Use small letters, figures and single hyphens, such as two-rivers."
)


def not_reserved(slug, words=RESERVED_SLUGS):
    """Refuse a slug that the site uses for its own pages."""
    if slug in words:
        raise ValidationError(f"The address word “{slug}” is used by the site itself. Choose another.")


def name_field(label, help_text="", max_length=200, **options):
    """Return a one-line text field, cleaned of invisible and control characters."""
    return models.CharField(label, max_length=max_length, help_text=help_text, validators=[clean_line], **options)


def slug_field(help_text="The word in the public address. It never changes.", **options):
    """Return a field for a word in a public address."""
    return models.CharField("address word", max_length=60, help_text=help_text, validators=[slug_shape], **options)


class Area(RegisterRow):
    """A place that arrangements cover: a local authority area, or part of one."""

    class Kind(models.TextChoices):
        LOCAL_AUTHORITY = "local_authority", "Local authority area"
        PART = "part", "Part of a local authority area"
        REGION = "region", "Several local authority areas"

    slug = slug_field(unique=True)
    name = name_field("name")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.LOCAL_AUTHORITY)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="part of")

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Footprint(RegisterRow):
    """A wider area in which several partnerships plan together, in one shape."""

    slug = slug_field(unique=True)
    name = name_field("name")
    about = models.TextField("what it is for", blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Accent(models.TextChoices):
    """The colours a partnership may take as its own; each has enough contrast with white."""

    TEAL = "teal", "Teal"
    PURPLE = "purple", "Purple"
    BLUE = "blue", "Blue"
    GREEN = "green", "Green"
    PLUM = "plum", "Plum"
    SLATE = "slate", "Slate"


class Partnership(RegisterRow):
    """The safeguarding partners of one area, or of several, and how they present themselves. No legal person."""

    class Sample(models.TextChoices):
        NO = "", "A real partnership's own record"
        RECONSTRUCTION = "reconstruction", "Reconstructed from a public document"
        INVENTED = "invented", "Invented, as a sample"

    slug = slug_field(unique=True)
    name = name_field("name")
    short_name = name_field("short name", "Used in the running heads of documents.", max_length=60)
    strapline = name_field("strapline", "One line below the name.", blank=True)
    accent = models.CharField("colour", max_length=10, choices=Accent, default=Accent.TEAL)
    audience = models.CharField("about", max_length=10, choices=Audience, default=Audience.CHILDREN)
    areas = models.ManyToManyField(Area, related_name="partnerships", blank=True)
    footprints = models.ManyToManyField(Footprint, related_name="partnerships", blank=True)
    host = models.ForeignKey(
        "Organisation", models.PROTECT, null=True, blank=True, related_name="hosts",
        verbose_name="host organisation", help_text="The body that employs the business unit. A partnership is no legal person.",
    )
    sample = models.CharField(max_length=20, choices=Sample, default=Sample.NO, blank=True, editable=False)
    holders_correct_on = date_field("current holders correct as at", "Shown beside the names of current post holders.")
    privacy_note = models.TextField("privacy note", blank=True, help_text="Who is responsible for personal data, and for which purpose.")
    accessibility_note = models.TextField("accessibility note", blank=True, help_text="What this partnership adds to the accessibility statement.")

    _history_m2m_fields = [areas, footprints]
    objects = scoped("pk")

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def clean(self):
        not_reserved(self.slug)

    @property
    def is_sample(self):
        """Whether the public pages must say that this is a sample, and ask not to be indexed."""
        return self.sample != self.Sample.NO


class Succession(RegisterRow):
    """One partnership follows another: it replaced it, split from it, or merged it in."""

    class Kind(models.TextChoices):
        REPLACED = "replaced", "replaced"
        SPLIT = "split", "split from"
        MERGED = "merged", "merged in"

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="came_from")
    kind = models.CharField(max_length=10, choices=Kind)
    predecessor = models.ForeignKey(Partnership, models.PROTECT, null=True, blank=True, related_name="led_to")
    predecessor_name = name_field("name of the body before", "When it has no record here.", blank=True)
    happened_on = date_field("on")
    note = models.TextField(blank=True)

    objects = scoped()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(predecessor__isnull=False) | ~Q(predecessor_name=""), name="succession_names_the_body_before",
                violation_error_message="Choose the partnership before this one, or write its name.",
            )
        ]

    def __str__(self):
        return f"{self.partnership} {self.get_kind_display()} {self.predecessor or self.predecessor_name}"


class Organisation(RegisterRow):
    """A body that serves one partnership or many. Its owner may change it; others only read."""

    class Kind(models.TextChoices):
        LOCAL_AUTHORITY = "local_authority", "Local authority"
        HEALTH_COMMISSIONER = "health_commissioner", "NHS commissioner (CCG or ICB)"
        POLICE = "police", "Police force"
        HEALTH_PROVIDER = "health_provider", "Health provider"
        EDUCATION = "education", "School, college or early years"
        TRUST = "trust", "Academy trust"
        JUSTICE = "justice", "Criminal justice"
        VOLUNTARY = "voluntary", "Voluntary or community body"
        BOARD = "board", "Board or partnership"
        OTHER = "other", "Other"

    slug = slug_field(unique=True)
    name = name_field("name")
    short_name = name_field("short name", max_length=60, blank=True)
    kind = models.CharField(max_length=24, choices=Kind, default=Kind.OTHER)
    owner = models.ForeignKey(
        Partnership, models.PROTECT, null=True, blank=True, related_name="owned_organisations",
        help_text="The partnership that keeps this record. Others may read it, not change it.",
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts", help_text="For a school, its academy trust.")
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors", help_text="The body that took over, such as the ICB for a CCG.")
    opened_on = date_field("opened")
    closed_on = date_field("closed")
    website = models.URLField(blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [ends_after_start("organisation_closes_after_opening", "opened_on", "closed_on")]

    def __str__(self):
        return self.name

    def clean(self):
        for field in ("parent", "successor"):
            seen, at = {self.pk}, getattr(self, field)
            while at is not None:
                if at.pk in seen:
                    raise ValidationError({field: "This would make an organisation its own " + field + "."})
                seen.add(at.pk)
                at = getattr(at, field)

    def name_on(self, day):
        """Return the name that the organisation had on ``day``; the present one where no dated name covers it."""
        for dated in self.names.all():
            if day is not None and dated.holds_on(day):
                return dated.name
        return self.name


class OrganisationName(DatedRow):
    """A name that an organisation had for a time."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names")
    name = name_field("name")

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [ends_after_start("organisation_name_ends_after_start")]

    def __str__(self):
        return self.name


class OutsideCode(RegisterRow):
    """How others number an organisation: a school's URN, the NHS's ODS code."""

    class Scheme(models.TextChoices):
        URN = "urn", "School URN"
        ODS = "ods", "NHS ODS code"
        GSS = "gss", "ONS area code"
        COMPANY = "company", "Company number"
        CHARITY = "charity", "Charity number"

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="codes")
    scheme = models.CharField(max_length=10, choices=Scheme)
    code = models.CharField(max_length=20, validators=[RegexValidator(r"^[A-Z0-9]+\Z", "Use capital letters and figures only.")])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="outside_code_once")]

    def __str__(self):
        return f"{self.get_scheme_display()} {self.code}"


class OrganisationContact(RegisterRow):
    """How a partnership's staff reach an organisation, for a purpose. For staff alone: no public page shows it."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts")
    purpose = name_field("for what", "Such as safeguarding lead, or information requests.")
    contact = name_field("contact", "A post with its e-mail address or telephone number.")

    class Meta:
        ordering = ["purpose", "pk"]

    def __str__(self):
        return f"{self.purpose}: {self.contact}"


class DataController(RegisterRow):
    """Which body answers for personal data, for which purpose: a partnership is no legal person."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="data_controllers")
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    purpose = name_field("purpose")
    contact = name_field("contact", "An e-mail address, telephone number or web page.")

    objects = scoped()

    def __str__(self):
        return f"{self.organisation}: {self.purpose}"


class Seat(DatedRow):
    """A statutory partner's place at the table: the one who must agree (ROLE-SP)."""

    class Kind(models.TextChoices):
        LOCAL_AUTHORITY = "local_authority", "Local authority"
        HEALTH = "health", "Health"
        POLICE = "police", "Chief officer of police"

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="seats")
    slug = slug_field("Stable within the partnership, such as health.")
    kind = models.CharField(max_length=20, choices=Kind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="seats")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, help_text="When the seat is for part of the partnership's area.")
    acts_for = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="acted_for_by", help_text="When a counterpart acts for this seat (AREA-01).")
    position = models.PositiveSmallIntegerField("order", default=0)

    objects = scoped(queryset=DatedQuerySet)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "slug"], name="seat_slug_once"),
            ends_after_start("seat_ends_after_start"),
        ]

    def __str__(self):
        return f"{self.organisation} ({self.get_kind_display()})"

    def clean(self):
        if self.acts_for_id is None:
            return
        if self.acts_for_id == self.pk or self.acts_for.acts_for_id:
            raise ValidationError({"acts_for": "Choose a seat that speaks for itself; seats cannot act for each other in turn."})
        if self.partnership_id and self.acts_for.partnership_id != self.partnership_id:
            raise ValidationError({"acts_for": "Choose a seat of this partnership."})

    def label_on(self, day, guidance):
        """Return the SeatLabel for a day and editions of guidance: one that names the guidance before one for any; or None."""
        fitting = [x for x in self.labels.all() if x.holds_on(day) and x.guidance in {"", *guidance}]
        return max(fitting, key=lambda label: bool(label.guidance), default=None)


class SeatLabel(DatedRow):
    """The words printed for a seat in a period or under an edition of guidance: CCG or ICB, lead representative or LSP."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="labels")
    guidance = models.CharField("edition of guidance", max_length=30, blank=True, help_text="Such as wt18; empty for any.")
    text = name_field("label")
    lead_term = name_field("word for the lead", "Such as lead representative, or lead safeguarding partner.", max_length=80, blank=True)
    delegate_term = name_field("word for the delegate", max_length=80, blank=True)

    objects = scoped("seat__partnership", queryset=DatedQuerySet)

    class Meta:
        constraints = [ends_after_start("seat_label_ends_after_start")]

    def __str__(self):
        return self.text


class Post(RegisterRow):
    """A post in an organisation. Documents name posts; holders come and go."""

    slug = slug_field("Stable, such as greater-manchester-police-chief-constable.", unique=True)
    title = name_field("title")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="posts",
        help_text="Leave empty only where the source does not say.",
    )

    class Meta:
        ordering = ["title"]

    def __str__(self):
        return f"{self.title}, {self.organisation}" if self.organisation_id else self.title

    def holder_on(self, day):
        """Return the Appointment that held this post on ``day``, or None when it was vacant."""
        return next((a for a in self.appointments.all() if a.holds_on(day)), None)


class Appointment(DatedRow):
    """Someone held a post from a date to a date. No appointment on a day means the post was vacant."""

    class Standing(models.TextChoices):
        SUBSTANTIVE = "substantive", "Substantive"
        INTERIM = "interim", "Interim"
        ACTING = "acting", "Acting"

    post = models.ForeignKey(Post, models.CASCADE, related_name="appointments")
    holder = name_field("name of the holder")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="appointments",
        verbose_name="account", help_text="The account with which the holder signs in, if any.",
    )
    standing = models.CharField(max_length=12, choices=Standing, default=Standing.SUBSTANTIVE)
    source_note = name_field("note", "What the source printed, when it differs.", blank=True)

    objects = models.Manager.from_queryset(DatedQuerySet)()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [ends_after_start("appointment_ends_after_start")]

    def __str__(self):
        return f"{self.holder}, {self.post}"

    def clean(self):
        if self.post_id and any(self.overlaps(other) for other in Appointment.objects.filter(post=self.post_id).exclude(pk=self.pk)):
            raise ValidationError("Someone else holds this post in that period. End that appointment first.")

    def overlaps(self, other):
        """Say whether both hold the post on some day."""
        first, second = sorted([self, other], key=lambda a: (a.starts_on is not None, a.starts_on))
        return first.ends_on is None or second.starts_on is None or first.ends_on >= second.starts_on


class SeatPost(DatedRow):
    """A lead or delegated post. On a seat it counts for sign-off; without one (education) it never does.

    Delegation can have layers: ``delegated_by`` is the layer above. Accountability stays with the lead (ROLE-LSP).
    """

    class Capacity(models.TextChoices):
        LEAD = "lead", "Lead"
        DELEGATE = "delegate", "Delegate"

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="seat_posts")
    seat = models.ForeignKey(Seat, models.CASCADE, null=True, blank=True, related_name="posts")
    post = models.ForeignKey(Post, models.PROTECT, related_name="seat_posts")
    capacity = models.CharField(max_length=10, choices=Capacity)
    delegated_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="delegates_to")
    place = name_field("place", "When this layer is for a place within the seat's area.", blank=True)
    note = name_field("note", blank=True)
    position = models.PositiveSmallIntegerField("order", default=0)

    objects = scoped(queryset=DatedQuerySet)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            ends_after_start("seat_post_ends_after_start"),
            models.CheckConstraint(
                condition=Q(seat__isnull=False) | Q(capacity="delegate"), name="only_delegates_without_seat",
                violation_error_message="A lead post needs a seat.",
            ),
        ]

    def __str__(self):
        return f"{self.post} ({self.get_capacity_display().lower()})"

    def clean(self):
        if self.seat_id and self.partnership_id and self.seat.partnership_id != self.partnership_id:
            raise ValidationError({"seat": "Choose a seat of this partnership."})

    def delegates_above(self, known):
        """Return the delegates between this one and the lead, nearest first; a circle ends where it began.

        known: ``{id: SeatPost}`` of the day, so that no query is asked.
        """
        above, seen, at = [], {self.pk}, known.get(self.delegated_by_id)
        while at is not None and at.capacity == self.Capacity.DELEGATE and at.pk not in seen:
            seen.add(at.pk)
            above.append(at)
            at = known.get(at.delegated_by_id)
        return above


class ContactRoute(RegisterRow):
    """Whom to call, and when. A change is live on every page at once and needs no sign-off."""

    class Kind(models.TextChoices):
        CHILD = "child", "Worried about a child"
        ADULT = "adult", "Worried about an adult"
        OUT_OF_HOURS = "out_of_hours", "Evenings, nights and weekends"
        ALLEGATION = "allegation", "Worried about someone who works with children"
        COMPLAINT = "complaint", "Complain about a service"
        FORMAT = "format", "Ask for another format"

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="contact_routes")
    kind = models.CharField(max_length=14, choices=Kind)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, help_text="Empty means the whole of the partnership's area.")
    name = name_field("who answers")
    telephone = models.CharField(max_length=30, blank=True, validators=[RegexValidator(r"^[0-9 +()]+\Z", "Use figures and spaces, such as 0800 1111.")])
    address = models.CharField("web page or e-mail address", max_length=200, blank=True)
    hours = name_field("when", "Such as any time, day or night.", blank=True)
    note = name_field("what to expect", blank=True)
    position = models.PositiveSmallIntegerField("order", default=0)
    checked_on = models.DateField("last checked", null=True, blank=True, validators=[check_year])
    checked_by = name_field("checked by", blank=True)

    objects = scoped()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(telephone="") | ~Q(address=""), name="contact_route_reaches_someone",
                violation_error_message="Give a telephone number, a web page or an e-mail address.",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.name}"
