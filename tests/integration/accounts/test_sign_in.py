"""Signing in, through the real pages: two factors, the same words for everyone, guessing slowed, sessions that end."""
import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from masa.accounts import demo, factor
from masa.accounts.models import AuditRow, RoleGrant
from masa.partnerships import scope
from tests.factories.people import person, sign_in

pytestmark = pytest.mark.django_db
HOME = "/workspace/"
LOGIN = "/account/login/"
WRONG = "The e-mail address or the password is not right. Check both and try again."


def log(action, result="done"):
    with scope.every_partnership(why="the test reads the whole log"):
        return AuditRow.objects.filter(action=action, result=result).count()


def enter(client, email, password=demo.PASSWORD, **extra):
    return client.post(LOGIN + "?next=" + HOME, {"login": email, "password": password}, **extra)


@pytest.fixture
def clock(monkeypatch):
    """A clock for codes and sessions that a test moves on."""

    class Clock:
        now = time.time()

        def __call__(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


def test_au_01_password_then_code(cast, clock):
    client = Client()
    answer = enter(client, "Editor@Two-Rivers.example")
    assert answer.url == reverse("mfa_authenticate")
    assert client.get(HOME).url == f"{LOGIN}?next=%2Fworkspace%2F"  # the password alone opens nothing
    answer = client.post(answer.url, {"code": demo.code_for(cast.editor.email)})
    assert answer.url == HOME
    page = client.get(HOME)
    assert page.status_code == 200
    assert "Editor" in page.text and "Two Rivers Safeguarding Children Partnership" in page.text
    assert page["Cache-Control"] in {"no-store", "max-age=0, no-cache, no-store, must-revalidate, private"}
    assert (log("sign_in"), log("factor.use")) == (1, 1)


def test_au_01_a_code_works_once(cast, clock):
    code = demo.code_for(cast.editor.email)
    for expected in (302, 200):
        client = Client()
        enter(client, cast.editor.email)
        assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == expected
    assert log("factor.use", "failed") == 1


def test_au_01_a_person_without_an_app_sets_one_up_first(db, monkeypatch):
    monkeypatch.setattr(transaction, "on_commit", lambda act, **kwargs: act())  # the test's own transaction never ends
    new = person("new_person", with_factor=False)
    client = Client()
    enter(client, new.email)
    for address in (HOME, "/admin/"):
        assert client.get(address).url == reverse("mfa_activate_totp")
    page = client.get(reverse("mfa_activate_totp"))
    secret = re.search(r"Key: <strong>([A-Z2-7]+)</strong>", page.text)[1]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    before = client.session.session_key
    answer = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert answer.url == reverse("mfa_view_recovery_codes")
    assert client.session.session_key != before
    shown = re.findall(r"<code>(\d+)</code>", client.get(answer.url).text)
    assert len(shown) == 10
    assert "****" not in client.get(HOME).text and client.get(HOME).status_code == 200
    assert re.findall(r"<code>(\d+)</code>", client.get(answer.url).text) == []  # shown once
    stored = Authenticator.objects.get(user=new, type="totp").data["secret"]
    assert secret not in stored
    other = Client()
    enter(other, new.email)
    assert other.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200  # spent when it set the app up
    assert other.post(reverse("mfa_authenticate"), {"code": shown[0]}).status_code == 302
    third = Client()
    enter(third, new.email)
    assert third.post(reverse("mfa_authenticate"), {"code": shown[0]}).status_code == 200  # a recovery code works once


def test_au_01_a_session_from_before_the_app_is_asked_for_a_code(cast):
    client = Client()
    sign_in(client, cast.editor, with_factor=False)
    for address in (HOME, "/admin/", reverse("account_change_password"), reverse("mfa_deactivate_totp"), reverse("mfa_index")):
        assert client.get(address).url.startswith(reverse("mfa_reauthenticate") + "?next=%2F"), address
    answer = client.post(reverse("mfa_reauthenticate") + "?next=" + HOME, {"code": demo.code_for(cast.editor.email)})
    assert answer.url == HOME
    assert client.get(HOME).status_code == 200


def test_au_01_a_factor_of_another_person_in_the_session_counts_for_nothing(cast):
    client = Client()
    sign_in(client, cast.editor)
    session = client.session
    session["account_authentication_methods_user"] = str(cast.publisher.pk)
    session.save()
    assert client.get(HOME).url.startswith(reverse("mfa_reauthenticate"))


def test_au_01_removing_the_app_shuts_the_workspace(cast):
    client = cast.client("editor")
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.filter(user=cast.editor).exists()
    assert client.get(HOME).url == reverse("mfa_activate_totp")


def test_au_01_the_admin_has_no_door_of_its_own(cast):
    signing_in = {"username": cast.editor.email, "password": demo.PASSWORD}
    assert Client().post("/admin/login/", signing_in).url.startswith(LOGIN)
    assert cast.client("editor").post("/admin/login/", signing_in).url == "/admin/"
    assert cast.client("editor").post("/admin/password_change/", signing_in).status_code == 404


def test_au_01_a_new_password_does_not_go_round_the_code(cast):
    client = Client()
    client.post(reverse("account_reset_password"), {"email": cast.editor.email})
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    page = client.get(link, follow=True)
    answer = client.post(page.redirect_chain[-1][0], {"password1": "three odd words here", "password2": "three odd words here"})
    assert answer.url == reverse("account_reset_password_from_key_done")
    assert client.get(HOME).url.startswith(LOGIN)
    assert enter(client, cast.editor.email, "three odd words here").url == reverse("mfa_authenticate")
    assert "no longer works" in client.get(link, follow=True).text  # once
    assert log("password.reset") == 1


@pytest.mark.parametrize(
    ("password", "says"),
    [("short", "too short"), ("password1234", "too common"), ("contributor@two-rivers", "too similar"), ("different each", "same password")],
)
def test_au_03_passwords_by_length_and_list(cast, password, says):
    client = cast.client("contributor")
    second = "another one here" if says == "same password" else password
    page = client.post(
        reverse("account_change_password"), {"oldpassword": demo.PASSWORD, "password1": password, "password2": second}
    )
    assert page.status_code == 200
    assert says in page.text


def test_au_04_a_changed_password_ends_the_other_sessions(cast):
    here, there = cast.client("editor"), cast.client("editor")
    new = "three odd words here"
    here.post(reverse("account_change_password"), {"oldpassword": demo.PASSWORD, "password1": new, "password2": new})
    assert here.get(HOME).status_code == 200
    assert there.get(HOME).url.startswith(LOGIN)
    assert "password" in mail.outbox[-1].subject


def test_au_02_unknown_known_and_disabled_look_alike(cast):
    cast.auditor.is_active = False
    cast.auditor.save()
    tries = {
        "unknown": ("no.one@two-rivers.example", demo.PASSWORD),
        "known": (cast.editor.email, "not the password"),
        "disabled": (cast.auditor.email, demo.PASSWORD),
    }
    pages = {}
    for who, (email, password) in tries.items():
        answer = enter(Client(), email, password)
        assert answer.status_code == 200
        assert WRONG in answer.text
        pages[who] = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.text).replace(email, "EMAIL")
    assert pages["unknown"] == pages["known"] == pages["disabled"]
    assert log("sign_in", "failed") == 3


def test_au_02_forgotten_looks_alike_and_writes_to_nobody_unknown(cast):
    answers = [Client().post(reverse("account_reset_password"), {"email": e}) for e in (cast.editor.email, "no.one@two-rivers.example")]
    assert [a.url for a in answers] == [reverse("account_reset_password_done")] * 2
    assert [m.to for m in mail.outbox] == [[cast.editor.email]]


def test_au_02_guessing_one_account_is_slowed_and_its_owner_is_not_locked_out(cast):
    known = Client()  # the owner's browser, in which they have signed in before
    enter(known, cast.editor.email)
    known.post(reverse("mfa_authenticate"), {"code": demo.code_for(cast.editor.email)})
    assert "masa-known" in known.cookies
    known.post(reverse("account_logout"))
    for n in range(10):
        assert WRONG in enter(Client(), cast.editor.email, f"guess {n}", REMOTE_ADDR=f"127.0.1.{n}").text
    slowed = enter(Client(), cast.editor.email, REMOTE_ADDR="127.0.2.1")
    assert "There were too many tries" in slowed.text  # even with the right password
    assert enter(Client(), cast.publisher.email, REMOTE_ADDR="127.0.2.1").status_code == 302
    assert enter(known, cast.editor.email, REMOTE_ADDR="127.0.2.2").url == reverse("mfa_authenticate")


def test_au_02_a_known_browser_is_known_for_its_owner_alone(cast):
    known = Client()
    enter(known, cast.editor.email)
    known.post(reverse("mfa_authenticate"), {"code": demo.code_for(cast.editor.email)})
    known.post(reverse("account_logout"))
    for n in range(10):
        enter(Client(), cast.publisher.email, f"guess {n}", REMOTE_ADDR=f"127.0.1.{n}")
    assert "There were too many tries" in enter(known, cast.publisher.email, REMOTE_ADDR="127.0.2.2").text


def test_au_02_one_address_has_twenty_tries_an_hour(cast):
    for n in range(20):
        assert WRONG in enter(Client(), f"guess.{n}@two-rivers.example").text
    assert "There were too many tries" in enter(Client(), cast.editor.email).text


def test_au_02_codes_are_slowed_too(cast):
    client = Client()
    enter(client, cast.editor.email)
    for n in range(10):
        client.post(reverse("mfa_authenticate"), {"code": f"00000{n}"}, REMOTE_ADDR=f"127.0.1.{n}")
    page = client.post(reverse("mfa_authenticate"), {"code": demo.code_for(cast.editor.email)}, REMOTE_ADDR="127.0.2.1")
    assert "There were too many tries" in page.text


def test_nobody_signs_up(db):
    for address in ("/account/signup/", "/account/email/", "/account/reauthenticate/", "/account/inactive/"):
        assert Client().get(address).status_code == 404


def test_au_04_the_session_gets_a_new_name_at_sign_in(cast):
    client = Client()
    enter(client, cast.editor.email)
    before = client.session.session_key
    client.post(reverse("mfa_authenticate"), {"code": demo.code_for(cast.editor.email)})
    assert client.session.session_key != before


def test_au_04_a_session_ends_after_twelve_hours_of_work(cast, clock):
    client = cast.client("editor")
    clock.now += 12 * 3600 - 1
    assert client.get(HOME).status_code == 200
    clock.now += 1
    assert client.get(HOME).url.startswith(LOGIN)
    assert "been signed in for a long time" in client.get(LOGIN).text


def test_au_04_work_begins_the_half_hour_anew(cast):
    client = cast.client("editor")
    row = Session.objects.get()
    row.expire_date -= timedelta(minutes=20)
    row.save()
    client.get("/nowhere-at-all/")
    assert Session.objects.get().expire_date == row.expire_date
    client.get(HOME)
    assert Session.objects.get().expire_date - row.expire_date >= timedelta(minutes=19)


def test_au_04_a_session_ends_on_the_server_when_idle_or_signed_out(cast, settings):
    assert settings.SESSION_COOKIE_AGE == 30 * 60
    client = cast.client("editor")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.get(HOME)
    row = Session.objects.get(pk=cookie)
    row.expire_date = row.expire_date.replace(year=2020)
    row.save()
    assert client.get(HOME).url.startswith(LOGIN)
    client = cast.client("editor")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get(reverse("account_logout")).status_code == 200  # a page that asks; GET changes nothing
    assert client.get(HOME).status_code == 200
    client.post(reverse("account_logout"))
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert stolen.get(HOME).url.startswith(LOGIN)


def test_au_05_a_factor_is_fresh_for_fifteen_minutes(cast, clock, rf):
    client = cast.client("editor")
    request = rf.get(HOME)
    request.user, request.session = cast.editor, client.session
    assert factor.fresh_factor(request)
    clock.now += 15 * 60 - 1
    assert factor.fresh_factor(request)
    clock.now += 1
    assert not factor.fresh_factor(request)
    assert factor.has_passed(request)


@pytest.mark.parametrize("name", ["mfa_deactivate_totp", "mfa_generate_recovery_codes"])
def test_au_05_factors_are_changed_with_a_fresh_code_alone(cast, clock, name):
    client = cast.client("editor")
    clock.now += 15 * 60
    assert client.post(reverse(name)).url.startswith(reverse("mfa_reauthenticate"))
    before = client.session.session_key
    client.post(reverse("mfa_reauthenticate"), {"code": demo.code_for(cast.editor.email)})
    assert client.session.session_key != before
    assert client.get(reverse(name)).status_code == 200


def test_ac_06_a_right_taken_away_is_gone_at_the_next_request(cast):
    client = cast.client("editor")
    assert client.get("/admin/").status_code == 200
    with scope.of(cast.partnership):
        RoleGrant.objects.get(user=cast.editor).delete()
    assert client.get("/admin/").status_code == 404  # without a role anywhere one is a stranger
    assert "You have no role in a partnership today" in client.get(HOME).text


def test_ac_06_a_disabled_person_is_out_at_the_next_request(cast):
    client = cast.client("editor")
    cast.editor.is_active = False
    cast.editor.save()
    assert client.get(HOME).url.startswith(LOGIN)


def test_a_sign_in_leads_only_to_our_own_pages(cast):
    client = Client()
    client.post(LOGIN + "?next=https://elsewhere.example/", {"login": cast.editor.email, "password": demo.PASSWORD})
    answer = client.post(reverse("mfa_authenticate"), {"code": demo.code_for(cast.editor.email)})
    assert answer.url == HOME


def test_ac_05_the_link_in_a_mail_is_at_the_site_s_own_address(cast, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    Client(headers={"host": "other.example"}).post(reverse("account_reset_password"), {"email": cast.editor.email})
    assert "http://testserver/account/password/new/" in mail.outbox[0].body
    assert "other.example" not in mail.outbox[0].body


def test_the_home_page_says_what_a_person_is(cast):
    assert "Lead partner for Two Rivers Council" in cast.client("lead_council").get(HOME).text
    assert "Installation administrator of this installation" in cast.client("installation_administrator").get(HOME).text
    assert 'href="/admin/"' in cast.client("editor").get(HOME).text
    assert 'href="/admin/"' not in cast.client("lead_council").get(HOME).text


def test_a_notice_that_cannot_be_sent_does_not_undo_the_change(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    new = "three odd words here"
    answer = cast.client("editor").post(
        reverse("account_change_password"), {"oldpassword": demo.PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    cast.editor.refresh_from_db()
    assert cast.editor.check_password(new)
