"""Add a person to a new installation: its first administrator, or the first of a partnership."""
from allauth.account.adapter import get_adapter
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from masa.accounts import audit
from masa.accounts.models import RoleGrant, User, tidy_email
from masa.accounts.roles import GRANTED, Role
from masa.partnerships import scope
from masa.partnerships.models import Partnership


class Command(BaseCommand):
    help = "Adds a person with a role and prints the address at which to choose a password. For whoever runs the installation."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("name", help="as others see it, in quotation marks")
        parser.add_argument("--role", choices=[value for value, _ in GRANTED], default=Role.INSTALLATION_ADMINISTRATOR.value)
        parser.add_argument("--partnership", metavar="WORD", help="the partnership's address word; not for an installation administrator")

    def handle(self, email, name, role, partnership, **options):
        """Print the address; nothing is saved when something is wrong."""
        with scope.every_partnership(why="the installation gives its first roles itself"):
            try:
                person = added(email, name, role, found(partnership))
            except ValidationError as refused:
                raise CommandError(" ".join(refused.messages)) from None
        key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
        self.stdout.write(f"{person.name} may now choose a password, once and soon, at:")
        self.stdout.write(get_adapter().get_reset_password_from_key_url(key))


def found(word):
    """Return the partnership with this address word, or None for none."""
    if word is None:
        return None
    try:
        return Partnership.objects.get(slug=word)
    except Partnership.DoesNotExist:
        raise CommandError(f"There is no partnership called {word}.") from None


@transaction.atomic
def added(email, name, role, partnership):
    """Return the person with this address, made now unless known, who has the role from today on."""
    person = User.objects.filter(email=tidy_email(email)).first() or User.objects.create_user(email, name)
    grant = RoleGrant(user=person, role=role, partnership=partnership, reason="Given when the installation was set up.")
    grant.full_clean()
    grant.save()
    audit.record(f"role.grant.{role}", user=None, thing=grant)
    return person
