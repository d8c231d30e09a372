"""People, their rights in partnerships, and the log of sign-ins, refusals, exports and rights given."""
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from masa.accounts.roles import GRANTED, Role
from masa.partnerships import scope
from masa.partnerships.fields import DatedQuerySet, check_year, date_field, ends_after_start
from masa.partnerships.models import Partnership
from masa.partnerships.scope import scoped
from masa.ui.text import validate_line

LAST_ADMINISTRATOR = "{name} is the last administrator of {where}. Give someone else that role first, without an end date."


def tidy_email(email):
    """Return an e-mail address as it is stored: small letters, no spaces around it."""
    return email.strip().lower()


class UserManager(BaseUserManager):
    """Finds people by e-mail address, in capitals or not."""

    def create_user(self, email, name, password=None):
        """Store a person who may sign in; without a password, only after following a link to set one."""
        user = self.model(email=tidy_email(email), name=name)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user

    def get_by_natural_key(self, email):
        return self.get(email=tidy_email(email))


class User(AbstractBaseUser):
    """A person who signs in. Rights come from role grants and appointments alone: there is no superuser."""

    email = models.EmailField(
        "e-mail address", unique=True, error_messages={"unique": "Someone with this e-mail address already has an account."}
    )
    name = models.CharField("name", max_length=200, validators=[validate_line])
    is_active = models.BooleanField("may sign in", default=True)
    created_at = models.DateTimeField("account made", default=timezone.now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="email_once_in_any_case",
                violation_error_message="Someone with this e-mail address already has an account.",
            )
        ]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    def clean(self):
        self.email = tidy_email(self.email)
        if not self.is_active:
            self.check_leaves_an_administrator()

    def save(self, *args, **kwargs):
        self.email = tidy_email(self.email)
        if not self.is_active:
            self.check_leaves_an_administrator()
        super().save(*args, **kwargs)

    def check_leaves_an_administrator(self):
        """Raise ValidationError when a partnership would be left without an administrator who may sign in (AC-08)."""
        if self.pk is None:
            return
        with scope.every_partnership(why="a person may administer several partnerships"):
            for grant in RoleGrant.objects.filter(user=self, role__in=ADMINISTRATORS, ends_on__isnull=True):
                grant.check_another_administrator(from_day=timezone.localdate())

    # What Django's admin asks. The answers come from the one table of permissions.

    @property
    def is_staff(self):
        """Whether the register's pages are open to this person at all."""
        from masa.accounts import permissions

        return permissions.can_anywhere(self, permissions.Action.REGISTER_VIEW)

    def has_perm(self, perm, obj=None):
        """Answer for a permission of Django's admin, such as ``partnerships.change_seat``: see ``permissions.in_admin``."""
        from masa.accounts import permissions

        return permissions.in_admin(self, perm, obj)

    def has_perms(self, perm_list, obj=None):
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label):
        """Say whether the register's index lists this app for this person."""
        return self.has_perm(f"{app_label}.view_")


ADMINISTRATORS = (Role.ADMINISTRATOR, Role.INSTALLATION_ADMINISTRATOR)


class RoleGrant(models.Model):
    """A person has a role in a partnership from a day to a day, given by someone else, for a reason."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="role_grants", verbose_name="person")
    partnership = models.ForeignKey(
        Partnership, models.PROTECT, null=True, blank=True, related_name="role_grants",
        help_text="Empty for an installation administrator alone.",
    )
    role = models.CharField(max_length=30, choices=GRANTED)
    starts_on = models.DateField("from", default=timezone.localdate, validators=[check_year])
    ends_on = date_field("to", "The last day. Leave empty while it goes on.")
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        help_text="Empty when the installation itself gave it, such as to its first administrator.",
    )
    reason = models.CharField("reason", max_length=200, validators=[validate_line])

    objects = scoped(queryset=DatedQuerySet)

    class Meta:
        ordering = ["partnership", "role", "starts_on", "pk"]
        constraints = [
            ends_after_start("role_grant_ends_after_start"),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user")), name="role_not_granted_to_oneself",
                violation_error_message="Nobody gives a role to themselves. Ask another administrator.",
            ),
            models.CheckConstraint(
                condition=Q(partnership__isnull=True, role=Role.INSTALLATION_ADMINISTRATOR)
                | Q(partnership__isnull=False) & ~Q(role=Role.INSTALLATION_ADMINISTRATOR),
                name="role_in_a_partnership_or_the_installation",
                violation_error_message="Choose the partnership, or, for an installation administrator, leave it empty.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[value for value, _ in GRANTED]), name="role_is_one_that_is_granted",
                violation_error_message="Choose a role from the list. Lead and delegated partners follow from their posts.",
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.get_role_display().lower()}"

    def clean(self):
        if self.granted_by_id is not None and self.granted_by_id == self.user_id:
            raise ValidationError("Nobody gives a role to themselves. Ask another administrator.")
        if self.role in ADMINISTRATORS and self.ends_on is not None:
            self.check_another_administrator(from_day=self.ends_on + timedelta(days=1))

    @transaction.atomic
    def save(self, *args, **kwargs):
        self.lock()
        self.clean()
        with scope.every_partnership(why="the row that is read is this grant itself"):
            before = RoleGrant.objects.filter(pk=self.pk).first()
        if before and (before.user_id, before.partnership_id, before.role) != (self.user_id, self.partnership_id, self.role):
            raise ValidationError("A role that was given is ended and another given: it is not turned into another.")
        super().save(*args, **kwargs)

    @transaction.atomic
    def delete(self, *args, **kwargs):
        self.lock()
        if self.role in ADMINISTRATORS:
            self.check_another_administrator(from_day=timezone.localdate())
        return super().delete(*args, **kwargs)

    def lock(self):
        """Let two people who end each other's role come one after the other."""
        with scope.every_partnership(why="the row that is locked is this grant's own"):
            list(Partnership.objects.select_for_update().filter(pk=self.partnership_id).values_list("pk"))

    def check_another_administrator(self, from_day):
        """Raise ValidationError unless someone else has this role, without an end, from ``from_day`` at the latest (AC-08)."""
        with scope.every_partnership(why="the role of installation administrator has no partnership"):
            others = RoleGrant.objects.filter(
                partnership=self.partnership_id, role=self.role, ends_on__isnull=True, starts_on__lte=from_day, user__is_active=True
            ).exclude(user=self.user_id)
            if not others.exists():
                raise ValidationError(LAST_ADMINISTRATOR.format(name=self.user, where=self.partnership or "the installation"))


class AuditQuerySet(models.QuerySet):
    """The log is only added to; the database refuses the rest as well."""

    def update(self, **kwargs):
        raise TypeError("The audit log is only added to.")

    def delete(self):
        raise TypeError("The audit log is only added to.")


audit_word = RegexValidator(r"^[A-Za-z0-9_.:-]*\Z", "Only letters, figures and . _ : - may stand here.")


class AuditRow(models.Model):
    """One line of the audit log: who, as what, did what, where, when, with which result. Ids, never contents."""

    class Result(models.TextChoices):
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"
        FAILED = "failed", "Failed"

    at = models.DateTimeField(default=timezone.now, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    acting_as = models.CharField(max_length=120, blank=True, validators=[RegexValidator(r"^[a-z_,]*\Z")])
    action = models.CharField(max_length=60, validators=[audit_word])
    result = models.CharField(max_length=10, choices=Result, default=Result.DONE)
    partnership = models.ForeignKey(Partnership, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.CharField("address, by its name", max_length=100, blank=True, validators=[audit_word])
    target = models.CharField("kind and id of what it was done to", max_length=100, blank=True, validators=[audit_word])

    objects = scoped(queryset=AuditQuerySet)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "line of the audit log"
        verbose_name_plural = "audit log"
        indexes = [models.Index(fields=["partnership", "at"], name="audit_by_partnership")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.result}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("The audit log is only added to.")
        self.clean_fields()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("The audit log is only added to.")
