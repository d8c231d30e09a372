"""People and their rights in partnerships."""
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from masa.ui.text import validate_line


class UserManager(BaseUserManager):
    """Finds people by e-mail address, in capitals or not."""

    def create_user(self, email, name, password=None):
        """Store a person who may sign in; without a password, only after following a link to set one."""
        user = self.model(email=email, name=name)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user

    def get_by_natural_key(self, email):
        return self.get(email=tidy_email(email))


def tidy_email(email):
    """Return an e-mail address as it is stored: small letters, no spaces around it."""
    return email.strip().lower()


class User(AbstractBaseUser):
    """A person who signs in. Rights come from role grants and appointments alone: there is no superuser."""

    email = models.EmailField("e-mail address", unique=True, error_messages={"unique": "Someone with this e-mail address already has an account."})
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

    def save(self, *args, **kwargs):
        self.email = tidy_email(self.email)
        super().save(*args, **kwargs)
