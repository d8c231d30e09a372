"""Publications, editions and what people agreed about them."""
import json
import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Max, Q

from masa.partnerships.fields import Audience, date_field, ends_after_start
from masa.partnerships.models import Partnership, Seat, name_field, not_reserved, slug_field
from masa.partnerships.scope import scoped
from masa.publishing import kinds
from masa.publishing.states import EDITABLE, PUBLIC, State

Person = settings.AUTH_USER_MODEL
#: Words that a partnership's own pages use, so that no publication may take them.
RESERVED_SLUGS = frozenset("accessibility agencies assets contacts documents privacy search updates".split())
#: What stands in the working copies for the heading of a section that was removed.
REMOVED_HEADING = "Removed"


def person_field(label="", related_name="+", **options):
    """Return an optional reference to the account of a person who did something."""
    return models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name=related_name, verbose_name=label or None, **options)


class PublicationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Publications that staff may see: without named readers, or naming this person, or public already in some edition."""
        return self.filter(Q(readers__isnull=True) | Q(readers=user) | Q(editions__state__in=PUBLIC)).distinct()


class Publication(models.Model):
    """Something with a permanent public address."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="publications")
    kind = models.CharField(max_length=40)
    slug = slug_field()
    title = name_field("title")
    readers = models.ManyToManyField(Person, blank=True, related_name="+", help_text="Who may read it before it is published. Empty means everyone whose role allows it.")

    objects = scoped(queryset=PublicationQuerySet)

    class Meta:
        ordering = ["slug"]
        constraints = [models.UniqueConstraint(fields=["partnership", "slug"], name="publication_slug_once")]

    def __str__(self):
        return self.title

    def clean(self):
        not_reserved(self.slug, RESERVED_SLUGS)

    @property
    def sort(self):
        """The Kind of this publication, as its app registered it."""
        return kinds.get(self.kind)

    def next_number(self):
        """Return the number of the next edition."""
        return (self.editions.aggregate(last=Max("number"))["last"] or 0) + 1


class EditionQuerySet(models.QuerySet):
    def public(self):
        """Editions that the public may read, each marked with what it is."""
        return self.filter(state__in=PUBLIC)

    def visible_to(self, user):
        """Editions that this person may see in the workspace: until it is public, a text with named readers is theirs alone."""
        return self.filter(Q(state__in=PUBLIC) | Q(publication__readers__isnull=True) | Q(publication__readers=user)).distinct()


class Edition(models.Model):
    """A numbered edition of a publication. Only a draft can be edited."""

    class Origin(models.TextChoices):
        MADE = "made", "Made here"
        ARCHIVE = "archive", "Published before MASA; agreement not recorded here"
        RECONSTRUCTION = "reconstruction", "Reconstructed from a public document"

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    origin = models.CharField(max_length=16, choices=Origin, default=Origin.MADE)
    title = name_field("title")
    language = models.CharField(max_length=10, default="en")
    audience = models.CharField("about", max_length=10, choices=Audience, default=Audience.CHILDREN)
    summary = models.TextField("summary", blank=True, help_text="Two or three sentences for the contents page.")
    change_note = models.TextField("what changed", blank=True)
    guidance = models.JSONField("editions of guidance answered", default=list, blank=True)
    as_on = models.DateField("as on", help_text="The date on which dated rows of the register are read.")
    in_force_from = date_field("in force from")
    ends_on = date_field("ends")
    review_on = date_field("review due")
    review_words = name_field("how it is reviewed", blank=True)
    explains = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="explained_by")
    source = name_field("reconstructed from", max_length=300, blank=True)
    status_then = models.CharField(max_length=12, blank=True, choices=[("proposal", "proposal"), ("draft", "draft"), ("published", "published")])
    archived_on = date_field("published before MASA on")

    text_changed_by = person_field("text last changed by")
    text_changed_at = models.DateTimeField(null=True, blank=True)
    signed_text = models.ForeignKey("SignedText", models.PROTECT, null=True, blank=True, related_name="editions")
    submitted_at = models.DateTimeField(null=True, blank=True)
    scheduled_for = models.DateTimeField(null=True, blank=True)
    scheduled_by = person_field()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = person_field()
    superseded_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    #: Columns that a frozen edition may still change: its state, the dates of its moves and what they point to.
    MOVING = {
        "state", "signed_text", "submitted_at", "scheduled_for", "scheduled_by", "published_at", "published_by",
        "superseded_at", "withdrawn_at", "withdrawn_reason",
    }

    objects = scoped("publication__partnership", queryset=EditionQuerySet)

    class Meta:
        ordering = ["publication", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "number"], name="edition_number_once"),
            models.UniqueConstraint(fields=["publication"], condition=Q(state=State.PUBLISHED), name="one_published_edition"),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(PUBLIC)) | Q(published_at__isnull=False), name="public_edition_has_its_date"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.CONSULTATION]) | Q(signed_text__isnull=False),
                name="edition_past_draft_has_signed_text",
            ),
            ends_after_start("edition_ends_after_start", "in_force_from", "ends_on"),
        ]

    def __str__(self):
        return f"{self.title}, edition {self.number}"

    @property
    def partnership(self):
        return self.publication.partnership

    def is_open_to(self, user):
        """Whether this person is among the readers of the text, where a publication names its readers."""
        return self.state in PUBLIC or not self.publication.readers.exists() or self.publication.readers.filter(pk=user.pk).exists()

    def clean(self):
        if self.explains_id and self.publication_id and self.explains.partnership != self.partnership:
            raise ValidationError({"explains": "Choose an edition of this partnership's own."})

    @property
    def is_editable(self):
        """Whether its text and facts may be changed."""
        return self.state in EDITABLE

    @property
    def digest(self):
        """The digest of the text last submitted, or empty."""
        return self.signed_text.digest if self.signed_text_id else ""


class Section(models.Model):
    """A section of an edition. Its uid and anchor survive reordering and renaming."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="sections")
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    anchor = slug_field("The word in this section's address.")
    template_key = models.CharField(max_length=60, blank=True)
    heading = name_field("heading")
    body = models.TextField(blank=True)
    audience = models.CharField("about", max_length=10, choices=Audience, default=Audience.BOTH)
    position = models.PositiveIntegerField("order", default=0)

    objects = scoped("edition__publication__partnership")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "uid"], name="section_uid_once"),
            models.UniqueConstraint(fields=["edition", "anchor"], name="section_anchor_once"),
        ]

    def __str__(self):
        return self.heading


class SectionBlock(models.Model):
    """A view of the register that stands after a section's prose."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="blocks")
    key = models.CharField(max_length=40)
    options = models.JSONField(default=dict, blank=True)
    position = models.PositiveIntegerField("order", default=0)

    objects = scoped("section__edition__publication__partnership")

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.key


class Attachment(models.Model):
    """A picture or a file that is part of what is agreed. Kept once by digest, cleaned of hidden content."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="attachments")
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    name = name_field("file name")
    alt = models.TextField("alternative text", blank=True)
    media_type = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField("bytes")

    objects = scoped("edition__publication__partnership")

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name


class Answer(models.Model):
    """Where an edition answers a requirement of the guidance, or why it does not."""

    class Status(models.TextChoices):
        UNANSWERED = "unanswered", "Not answered"
        ANSWERED = "answered", "Answered"
        PARTLY = "partly", "Partly answered"
        NOT_YET = "not_yet", "Not yet"
        NOT_APPLICABLE = "not_applicable", "Does not apply"

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="answers")
    guidance = models.CharField(max_length=30)
    code = models.CharField(max_length=30)
    status = models.CharField(max_length=16, choices=Status, default=Status.UNANSWERED)
    reason = models.TextField(blank=True)
    by_when = date_field("to be met by")
    sections = models.JSONField(default=list, blank=True, help_text="The ids of the sections that answer it.")
    section_digests = models.JSONField(default=dict, blank=True, help_text="What those sections said when this was answered.")

    objects = scoped("edition__publication__partnership")

    class Meta:
        ordering = ["guidance", "code"]
        constraints = [models.UniqueConstraint(fields=["edition", "guidance", "code"], name="answer_once")]

    def __str__(self):
        return f"{self.code}: {self.get_status_display()}"


# What was agreed -----------------------------------------------------------------------------------------------------


class SignedText(models.Model):
    """The text that people agree to: a small manifest, its digest, and the parts it names. Never changes."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="signed_texts")
    publication = models.ForeignKey(Publication, models.PROTECT, null=True, blank=True, related_name="signed_texts", help_text="Empty for a scheme of delegation.")
    kind = models.CharField(max_length=40)
    recipe = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    manifest = models.TextField()

    objects = scoped()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "digest"], name="signed_text_once")]

    def __str__(self):
        return self.digest


class SignedPart(models.Model):
    """One part of a signed text: its place and digest. Stays when its payload is removed."""

    signed_text = models.ForeignKey(SignedText, models.PROTECT, related_name="parts")
    part_id = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    position = models.PositiveIntegerField()

    objects = scoped("signed_text__partnership")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["signed_text", "part_id"], name="signed_part_once")]

    def __str__(self):
        return f"{self.kind} {self.part_id}"


class PartPayload(models.Model):
    """The canonical text of a part, kept apart from the digests so that removing it leaves the rest to be checked."""

    part = models.OneToOneField(SignedPart, models.PROTECT, primary_key=True, related_name="payload")
    text = models.TextField()

    objects = scoped("part__signed_text__partnership")


class Removal(models.Model):
    """The stub that stays when a part is removed: digest, date, role and category of reason, and no more."""

    class Category(models.TextChoices):
        COURT_ORDER = "court_order", "A court order"
        IDENTIFIES_CHILD = "identifies_child", "It could identify a child"
        IDENTIFIES_PERSON = "identifies_person", "It could identify a person"
        UNLAWFUL = "unlawful", "It may not lawfully be published"

    part = models.OneToOneField(SignedPart, models.PROTECT, related_name="removal")
    digest = models.CharField(max_length=64)
    category = models.CharField(max_length=20, choices=Category)
    role = name_field("role of the person who decided")
    removed_by = person_field()
    removed_at = models.DateTimeField()

    objects = scoped("part__signed_text__partnership")


class Capacity(models.TextChoices):
    LEAD = "lead", "Lead"
    DELEGATE = "delegate", "Delegate"
    SCRUTINEER = "scrutineer", "Independent scrutineer"
    PUBLISHER = "publisher", "Publisher"


class SignOffQuerySet(models.QuerySet):
    def counting(self):
        """Sign-offs that count: made by signing in, or recorded and confirmed by a second person."""
        return self.filter(Q(how=SignOff.How.SIGNED_IN) | Q(confirmation__isnull=False))


class SignOff(models.Model):
    """Someone agreed to a text, or declined. Never updated, never deleted; the latest of a seat counts."""

    class Decision(models.TextChoices):
        AGREE = "agree", "Agreed"
        CONDITIONS = "conditions", "Agreed with conditions"
        DECLINE = "decline", "Declined"

    class How(models.TextChoices):
        SIGNED_IN = "signed_in", "Agreed by signing in"
        RECORDED = "recorded", "Agreed elsewhere and recorded here"

    signed_text = models.ForeignKey(SignedText, models.PROTECT, related_name="sign_offs")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, blank=True, related_name="sign_offs")
    capacity = models.CharField(max_length=12, choices=Capacity)
    person = person_field()
    person_name = name_field("person")
    post_title = name_field("post", blank=True)
    organisation_name = name_field("organisation", blank=True)
    decision = models.CharField(max_length=12, choices=Decision)
    words = models.TextField("words agreed to")
    conditions = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    how = models.CharField(max_length=10, choices=How, default=How.SIGNED_IN)
    evidence = models.TextField(blank=True)
    agreed_on = date_field("agreed on")
    recorded_by = person_field()
    exception = models.TextField("why one person signs for two seats", blank=True)

    objects = scoped("signed_text__partnership", queryset=SignOffQuerySet)

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(decision="decline") | ~Q(reason=""), name="decline_has_reason"),
            models.CheckConstraint(condition=~Q(decision="conditions") | ~Q(conditions=""), name="conditions_are_written"),
            models.CheckConstraint(
                condition=Q(how="signed_in", person__isnull=False, recorded_by__isnull=True)
                | (Q(how="recorded", recorded_by__isnull=False) & ~Q(evidence="")),
                name="recorded_sign_off_has_evidence",
            ),
            models.CheckConstraint(condition=Q(seat__isnull=False) | Q(capacity__in=["scrutineer", "publisher"]), name="leads_sign_for_a_seat"),
        ]

    def __str__(self):
        return f"{self.get_decision_display()}: {self.person_name}"


class SignOffConfirmation(models.Model):
    """A second person confirms an agreement that was recorded."""

    sign_off = models.OneToOneField(SignOff, models.PROTECT, related_name="confirmation")
    confirmed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    objects = scoped("sign_off__signed_text__partnership")


class Approval(models.Model):
    """What a seat's own body decided first: a cabinet, a board, an executive."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="approvals")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    body = name_field("body that decided")
    decided_on = models.DateField("decided on")
    minute = name_field("minute", blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    recorded_by = person_field()

    objects = scoped("edition__publication__partnership")


class Scheme(models.Model):
    """A partnership's own scheme of delegation: who signs what where guidance leaves it open. The leads agree it."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="schemes")
    number = models.PositiveSmallIntegerField()
    in_force_from = models.DateField()
    signed_text = models.ForeignKey(SignedText, models.PROTECT, related_name="schemes")
    agreed_at = models.DateTimeField(null=True, blank=True)

    objects = scoped()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["partnership", "number"], name="scheme_number_once")]

    def agreed_rules(self):
        """Return the rules that the leads agreed to: (kind of publication, change, signers), from the signed text itself."""
        return [tuple(rule) for rule in json.loads(PartPayload.objects.get(part__signed_text=self.signed_text_id).text)["rules"]]


class SchemeRule(models.Model):
    """One line of a scheme: this kind of publication, changed to this extent, is signed in this capacity."""

    class Change(models.TextChoices):
        ANY = "any", "Any change"
        FIRST = "first", "The first edition"
        LATER = "later", "A later edition"

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="rules")
    kind = models.CharField(max_length=40)
    change = models.CharField(max_length=6, choices=Change, default=Change.ANY)
    signers = models.CharField(max_length=10, choices=[("leads", "Leads"), ("delegates", "Delegates"), ("publisher", "Publisher")])

    objects = scoped("scheme__partnership")


# What is known only afterwards ---------------------------------------------------------------------------------------


class JournalRow(models.Model):
    """One link of a partnership's chain. Each carries the hash of the one before; never updated, never deleted."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="journal")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=30)
    payload_digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = scoped()

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["partnership", "seq"], name="journal_seq_once")]

    def __str__(self):
        return f"{self.seq} {self.kind}"


class JournalPayload(models.Model):
    """What a journal row says, kept apart from the chain."""

    row = models.OneToOneField(JournalRow, models.PROTECT, primary_key=True, related_name="payload")
    text = models.TextField()

    objects = scoped("row__partnership")


class Record(models.Model):
    """What was known once an edition was published: sign-offs, the PDF's digest, its row in the journal."""

    edition = models.OneToOneField(Edition, models.PROTECT, related_name="record")
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveIntegerField(default=0)
    pdf_pages = models.PositiveIntegerField(default=0)
    journal_row = models.ForeignKey(JournalRow, models.PROTECT, related_name="+")
    text = models.TextField()

    objects = scoped("edition__publication__partnership")


class Notice(models.Model):
    """A recipient to be told by a date after an event, with the evidence that it was."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="notices")
    recipient = name_field("recipient")
    source = name_field("why", max_length=300)
    due_on = models.DateField("due", null=True, blank=True)
    sent_on = date_field("sent")
    evidence = models.TextField(blank=True)
    closed_by = person_field()

    objects = scoped("edition__publication__partnership")

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(sent_on__isnull=True) | ~Q(evidence=""), name="sent_notice_has_evidence")]


class Redirect(models.Model):
    """An address that moved. Paths start after the partnership's own word."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="redirects")
    from_path = models.CharField(max_length=200)
    to_path = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    made_by = person_field()

    objects = scoped()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "from_path"], name="redirect_once"),
            models.CheckConstraint(condition=~Q(from_path=F("to_path")), name="redirect_goes_elsewhere"),
        ]
