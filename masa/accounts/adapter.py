"""Where our sign-in differs from django-allauth's: closed, the same words for everybody, slowed without locking anyone out."""
import base64
import logging
import secrets
from smtplib import SMTPException

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.signing import BadSignature
from django.urls import reverse
from django.utils.crypto import salted_hmac

from masa.accounts import audit, factor
from masa.accounts.models import tidy_email

logger = logging.getLogger(__name__)
KNOWN_BROWSER_SECONDS = 180 * 86_400
KNOWN_BROWSER_COOKIE = "__Host-known" if settings.SECURE_COOKIES else "masa-known"
KNOWN_BROWSER_SALT = "masa.accounts.known_browser"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail address and password, for people who were given an account."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The e-mail address or the password is not right. Check both and try again.",
        "too_many_login_attempts": "There were too many tries. Wait an hour, or set a new password if you have forgotten it.",
        "rate_limited": "There were too many tries. Wait a few minutes and try again.",
        "incorrect_code": "That code is not right, or has been used. Wait for the app to show the next one and enter that.",
        "enter_current_password": "That is not your present password. Try again.",
    }  # fmt: skip

    def is_open_for_signup(self, request):
        return False

    # The same answer, whether an account is unknown, disabled or has another password (AU-02)

    def authenticate(self, request, **credentials):
        """Return the person, or None; an account that may not sign in answers as one that never was."""
        user = super().authenticate(request, **credentials)
        if user is None or user.is_active:
            return user
        self.pre_authenticate(request, **credentials)
        self.authentication_failed(request, **credentials)
        return None

    def authentication_failed(self, request, **credentials):
        typed = audit.typed_account(credentials.get("email", ""))
        audit.record("sign_in", request=request, result=audit.Result.FAILED, target=typed)

    # Guessing is slowed by account; a browser that has signed in before has tries of its own, so nobody is locked out

    def _get_login_attempts_cache_key(self, request, **credentials):
        email = tidy_email(credentials.get("email", ""))
        return f"{known_browser(request, email)}:{email}"

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        if not known_browser(request, user.email):
            response.set_signed_cookie(
                KNOWN_BROWSER_COOKIE, f"{secrets.token_urlsafe(9)}:{user.email}", salt=KNOWN_BROWSER_SALT,
                max_age=KNOWN_BROWSER_SECONDS, secure=settings.SECURE_COOKIES, httponly=True, samesite="Lax",
            )  # fmt: skip
        return response

    # Stepping up is by the second factor, once there is one

    def get_reauthentication_methods(self, user):
        if not (user.is_authenticated and factor.has_set_up(user)):
            return []
        return [{"id": "mfa_reauthenticate", "description": "Enter a code", "url": reverse("mfa_reauthenticate")}]

    def is_reauthentication_required(self, *, app, **kwargs):
        request = context.request
        return factor.has_set_up(request.user) and not factor.fresh_factor(request)

    # Mail

    def format_email_subject(self, subject):
        return str(subject)

    def get_reset_password_from_key_url(self, key):
        """Return the link to set a new password, at the site's own address whatever the request said (AC-05)."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", key)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Tell the owner of a change. The change stands when the mail cannot go out, and the log says so."""
        try:
            super().send_notification_mail(template_prefix, user, context, email or user.email)
        except (OSError, SMTPException):
            logger.exception("A notice about an account could not be sent.")


def known_browser(request, email):
    """Return the mark of a browser in which this person has signed in before, or an empty string."""
    try:
        mark = request.get_signed_cookie(KNOWN_BROWSER_COOKIE, "", salt=KNOWN_BROWSER_SALT, max_age=KNOWN_BROWSER_SECONDS)
    except BadSignature:
        return ""
    name, _, owner = mark.partition(":")
    return name if owner == tidy_email(email) else ""


class FactorAdapter(DefaultMFAAdapter):
    """The second factor: its secrets are encrypted in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def get_totp_issuer(self):
        return "MASA (demo)" if settings.DEMO else "MASA"

    def build_totp_svg(self, url):
        """Return the picture as an element for the page, without the declaration of a file of its own."""
        picture = super().build_totp_svg(url)
        return picture[picture.index("<svg"):]

    def encrypt(self, text):
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher():
    """Return the cipher whose key comes from the installation's secret, which is kept apart from the database."""
    return Fernet(base64.urlsafe_b64encode(salted_hmac("masa.accounts.factor", "totp", algorithm="sha256").digest()))
