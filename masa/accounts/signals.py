"""What follows a sign-in, a second factor or a new password, wherever it came from."""
from allauth.account import signals as account
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.db.models.signals import post_save

from masa.accounts import audit, factor, middleware
from masa.accounts.models import User

FAILED = audit.Result.FAILED


def connect():
    """Connect everything in this module; called once, when the app is ready."""
    auth.user_logged_in.connect(middleware.note_start)
    auth.user_logged_in.connect(signed_in)
    auth.user_logged_out.connect(signed_out)
    mfa.authenticator_added.connect(factor.note_set_up)
    mfa.authenticator_used.connect(factor.note_used)
    mfa.authentication_failed.connect(code_refused)
    for signal, action in FACTOR_ACTS.items():
        signal.connect(recorder(action), weak=False)
    for signal, action in PASSWORD_ACTS.items():
        signal.connect(recorder(action), weak=False)
    post_save.connect(keep_one_address, sender=User)


FACTOR_ACTS = {
    mfa.authenticator_added: "factor.add",
    mfa.authenticator_removed: "factor.remove",
    mfa.authenticator_reset: "factor.new_recovery_codes",
    mfa.authenticator_used: "factor.use",
}
PASSWORD_ACTS = {account.password_changed: "password.change", account.password_reset: "password.reset"}


def recorder(action):
    """Return a receiver that records ``action`` of the signal's person."""

    def receive(request, user, **kwargs):
        audit.record(action, user=user, request=request)

    return receive


def signed_in(request, user, **kwargs):
    audit.record("sign_in", user=user, request=request)


def signed_out(request, user, **kwargs):
    if user is not None:
        audit.record("sign_out", user=user, request=request)


def code_refused(request, user, **kwargs):
    audit.record("factor.use", user=user, request=request, result=FAILED)


def keep_one_address(instance, **kwargs):
    """Forget addresses that the sign-in library kept for a person and that are no longer theirs: only ours signs in."""
    EmailAddress.objects.filter(user=instance).exclude(email=instance.email).delete()
