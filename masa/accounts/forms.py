"""The forms of signing in, in our words."""
from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as factor
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import TOTP
from django import forms

PASSWORD_HINT = "At least 12 characters. Three words that do not belong together make a good one. Not one from a list of common passwords."
CODE_HINT = "The 6 figures that the app shows now. Each code works once."


class InOurWords:
    """Labels, hints and messages of a form, in sentences."""

    words = {}  # field: (label, hint, message when it is empty)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (label, hint, empty) in self.words.items():
            field = self.fields[name]
            field.label, field.help_text, field.error_messages["required"] = label, hint, empty
            field.widget.attrs.pop("placeholder", None)


class SignInForm(InOurWords, account.LoginForm):
    words = {
        "login": ("E-mail address", "", "Enter your e-mail address."),
        "password": ("Password", "", "Enter your password."),
    }  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].error_messages["invalid"] = "Enter an e-mail address, such as name@example.org."


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    words = {
        "oldpassword": ("Present password", "", "Enter your present password."),
        "password1": ("New password", PASSWORD_HINT, "Enter a new password."),
        "password2": ("New password again", "", "Enter the new password again."),
    }  # fmt: skip


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):
    words = {"email": ("E-mail address", "", "Enter your e-mail address.")}


class SetPasswordForm(InOurWords, account.ResetPasswordKeyForm):
    words = {
        "password1": ("New password", PASSWORD_HINT, "Enter a new password."),
        "password2": ("New password again", "", "Enter the new password again."),
    }  # fmt: skip


class CodeForm(InOurWords):
    """A form that asks for a code of the app, or a recovery code."""

    words = {"code": ("Code", CODE_HINT + " Or one of your recovery codes.", "Enter the code that the app shows.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}


class AuthenticateForm(CodeForm, factor.AuthenticateForm):
    pass


class ReauthenticateForm(CodeForm, factor.ReauthenticateForm):
    pass


class ActivateForm(CodeForm, totp.ActivateTOTPForm):
    words = {"code": ("Code", CODE_HINT, "Enter the code that the app shows.")}

    def clean_code(self):
        """Spend the code that sets the factor up, like any other (AU-01)."""
        code = super().clean_code()
        if not TOTP(Authenticator(user=self.user, type=Authenticator.Type.TOTP))._mark_code_used(code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class DemoCodeForm(forms.Form):
    """Which sample person's code to show."""

    email = forms.EmailField(
        label="E-mail address of the sample person",
        error_messages={"required": "Enter an e-mail address.", "invalid": "Enter an e-mail address, such as name@two-rivers.example."},
    )  # fmt: skip
