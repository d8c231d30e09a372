"""Whoever runs the installation adds its first people; each chooses a password and then an app for the second factor."""
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from masa.accounts import permissions
from masa.accounts.models import User
from masa.accounts.roles import Role

pytestmark = pytest.mark.django_db


def add(*words):
    out = StringIO()
    call_command("add_person", *words, stdout=out)
    return out.getvalue()


def test_the_first_administrator_chooses_a_password_and_is_asked_for_a_second_factor():
    told = add("pat@example.org", "Pat Keys")
    person = User.objects.get(email="pat@example.org")
    assert permissions.roles_of(person, None) == {Role.INSTALLATION_ADMINISTRATOR}
    assert not person.has_usable_password()
    client = Client()
    page = client.get(re.search(r"http\S+", told)[0].replace("http://testserver", ""), follow=True)
    assert page.status_code == 200
    chosen = {"password1": "seven brown foxes run", "password2": "seven brown foxes run"}
    assert client.post(page.request["PATH_INFO"], chosen).status_code == 302
    client.post(reverse("account_login"), {"login": "pat@example.org", "password": "seven brown foxes run"})
    assert client.get("/workspace/").url == reverse("mfa_activate_totp")


def test_a_partnerships_administrator_is_added_by_its_address_word(cast):
    add("kit@example.org", "Kit Keys", "--role", "administrator", "--partnership", cast.partnership.slug)
    assert permissions.roles_of(User.objects.get(email="kit@example.org"), cast.partnership) == {Role.ADMINISTRATOR}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("x@example.org", "X", "--role", "editor"), "Choose the partnership"),
        (("x@example.org", "X", "--role", "editor", "--partnership", "nowhere"), "no partnership called nowhere"),
        (("not an address", "X"), "valid email"),
        (("x@example.org", "  "), "blank|empty|name"),
    ],
)
def test_what_is_wrong_is_a_sentence_and_nothing_is_saved(words, sentence):
    with pytest.raises(CommandError, match=f"(?i){sentence}"):
        add(*words)
    assert not User.objects.filter(email="x@example.org").exists()
