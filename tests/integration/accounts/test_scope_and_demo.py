"""The scope of a request (AC-04), public pages left alone (AU-04), and the demo's sign-ins."""
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from masa.accounts import demo
from masa.accounts.middleware import SignedInScope
from masa.partnerships import scope
from masa.partnerships.models import Partnership
from masa.partnerships.scope import ScopeError

pytestmark = pytest.mark.django_db


def partnerships_seen(cast, rf, who, path):
    """Return the slugs that a view at ``path`` would read for one of the cast."""
    request = rf.get(path)
    client = cast.client(who)
    request.user, request.session = getattr(cast, who, AnonymousUser()), client.session
    seen = []

    def view(request):
        seen.extend(Partnership.objects.values_list("slug", flat=True))
        return HttpResponse()

    SignedInScope(view)(request)
    return seen


@pytest.mark.parametrize(
    ("who", "slugs"),
    [
        ("editor", ["two-rivers"]),
        ("lead_police", ["two-rivers"]),
        ("stranger", ["elsewhere"]),
        ("delegate_education", []),
        ("installation_administrator", []),
        ("nobody", []),
    ],
)
@pytest.mark.parametrize("path", ["/workspace/", "/admin/"])
def test_ac_04_a_request_reads_its_person_s_partnerships_alone(cast, rf, who, slugs, path):
    assert partnerships_seen(cast, rf, who, path) == slugs
    with pytest.raises(ScopeError):
        Partnership.objects.count()


@pytest.mark.parametrize("path", ["/two-rivers/search/", "/verify/", "/account/login/"])
def test_ac_04_a_visitor_has_no_scope(cast, rf, path):
    with pytest.raises(ScopeError):
        partnerships_seen(cast, rf, "visitor", path)


def test_au_04_a_public_page_sets_no_cookie_and_asks_no_session(cast, django_assert_num_queries):
    client = cast.client("editor")
    with django_assert_num_queries(0):
        answer = client.get("/nowhere-at-all/")
    assert answer.status_code == 404
    assert not answer.cookies


def test_sample_people_exist_in_the_demo_and_in_tests_alone(db, monkeypatch, settings):
    monkeypatch.delattr(mail, "outbox")
    with pytest.raises(demo.NotADemo):
        demo.create_person("ann@two-rivers.example", "Ann")
    with pytest.raises(CommandError, match="demo alone"):
        call_command("demo_sign_ins")
    settings.DEMO = True
    ann = demo.create_person("ann@two-rivers.example", "Ann")
    assert demo.create_person("Ann@two-rivers.example", "Ann") == ann


def test_a_sample_person_s_address_can_reach_nobody(db):
    with pytest.raises(ValueError, match="ends in .example"):
        demo.create_person("ann@bolton.gov.uk", "Ann")


def test_the_demo_lists_its_people_and_shows_a_code(cast, settings):
    settings.DEMO = True
    out = StringIO()
    call_command("demo_sign_ins", stdout=out)
    assert out.getvalue().count("Lead partner for") == 1
    assert "editor@two-rivers.example" in out.getvalue()
    out = StringIO()
    call_command("demo_sign_ins", "--all", stdout=out)
    assert "lead.icb@two-rivers.example" in out.getvalue()
    assert "Lead partner for Two Rivers Icb (Two Rivers)" in out.getvalue()
    assert demo.PASSWORD in out.getvalue()
    out = StringIO()
    call_command("demo_sign_ins", "--code", "editor@two-rivers.example", stdout=out)
    client = Client()
    client.post(reverse("account_login"), {"login": cast.editor.email, "password": demo.PASSWORD})
    assert client.post(reverse("mfa_authenticate"), {"code": out.getvalue().strip()}).status_code == 302


def test_the_demo_page_shows_a_code_of_a_sample_person_alone(cast, settings):
    client = Client()
    address = reverse("demo_code")
    assert client.post(address, {"email": cast.editor.email}).status_code == 404
    settings.DEMO = True
    assert demo.code_for(cast.editor.email) in client.post(address, {"email": cast.editor.email}).text
    assert "Nobody in the demo has this e-mail address" in client.post(address, {"email": "no.one@two-rivers.example"}).text
    with scope.every_partnership(why="the page asks about people, not partnerships"):
        assert "editor@two-rivers.example" in client.get(address).text
