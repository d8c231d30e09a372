"""Sample people who can sign in, in the demo and in tests alone: one password, and codes that the demo shows on request."""
import base64

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.utils.crypto import salted_hmac

from masa.accounts.models import User, tidy_email

PASSWORD = "one river two bridges"
SAMPLE_ENDING = ".example"


class NotADemo(RuntimeError):
    """Sample people exist in the demo and in tests alone."""


class NoSamplePerson(LookupError):
    """Nobody in the demo has this e-mail address."""


def check_is_demo():
    """Raise NotADemo on any installation but the demo; Django's tests alone have an outbox."""
    if not (settings.DEMO or hasattr(mail, "outbox")):
        raise NotADemo("Sample people can sign in to the demo alone. Set MASA_DEMO=True on your own machine.")


@transaction.atomic
def create_person(email, name):
    """Return the sample person with this address, who can sign in with the demo's password and codes.

    The address ends in ``.example``, so that no mail can reach anyone. Raises NotADemo outside the demo, ValueError for
    another address.
    """
    check_is_demo()
    if not tidy_email(email).endswith(SAMPLE_ENDING):
        raise ValueError(f"{email}: the address of a sample person ends in {SAMPLE_ENDING}.")
    user = User.objects.filter(email=tidy_email(email)).first() or User.objects.create_user(email, name, PASSWORD)
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, secret_for(email))
    return user


def secret_for(email):
    """Return the secret of a sample person's authenticator: always the same on one installation."""
    digest = salted_hmac("masa.accounts.demo", tidy_email(email), algorithm="sha256").digest()
    return base64.b32encode(digest[:20]).decode()


def code_for(email):
    """Return the six figures that a sample person's app would show now. Raises NotADemo, NoSamplePerson."""
    check_is_demo()
    if not people().filter(email=tidy_email(email)).exists():
        raise NoSamplePerson("Nobody in the demo has this e-mail address. The list below has everyone.")
    return format_hotp_value(hotp_value(secret_for(email), next(iter(yield_hotp_counters_from_time()))))


def people():
    """Return everyone in the demo who has a sample address."""
    return User.objects.filter(email__endswith=SAMPLE_ENDING, is_active=True)
