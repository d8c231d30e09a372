"""Giving and ending roles (AC-08), and people's addresses."""
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from masa.accounts import services
from masa.accounts.models import AuditRow, RoleGrant, User
from masa.partnerships import scope
from masa.partnerships.scope import ScopeError
from tests.factories.people import grant, person

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def give(cast, user, role="editor", by=None, partnership="two-rivers", **values):
    where = {"two-rivers": cast.partnership, "elsewhere": cast.elsewhere, None: None}[partnership]
    values = {"starts_on": TODAY, "reason": "Joined the business unit"} | values
    return services.grant_role(user=user, role=role, partnership=where, by=by or cast.administrator, **values)


def test_an_administrator_gives_a_role_and_it_is_on_the_record(cast):
    given = give(cast, cast.nobody)
    with scope.of(cast.partnership):
        row = AuditRow.objects.get(action="role.grant.editor")
    assert (row.user, row.partnership, row.acting_as, row.result) == (cast.administrator, cast.partnership, "administrator", "done")
    assert row.target == f"accounts.RoleGrant:{given.pk}"
    assert given.granted_by == cast.administrator


@pytest.mark.parametrize("who", ["editor", "publisher", "lead_council", "scrutineer", "auditor", "contributor", "stranger", "nobody"])
def test_nobody_else_gives_roles(cast, who):
    with pytest.raises(PermissionDenied):
        give(cast, cast.delegate_education, by=getattr(cast, who))


def test_an_administrator_gives_none_elsewhere(cast):
    with pytest.raises(PermissionDenied):
        give(cast, cast.nobody, partnership="elsewhere")


def test_ac_08_nobody_gives_a_role_to_themselves(cast):
    with pytest.raises(ValidationError, match="Nobody gives a role to themselves"):
        give(cast, cast.administrator, "publisher")
    with pytest.raises(ValidationError, match="Nobody gives a role to themselves"):
        grant(cast.nobody, "editor", cast.partnership, granted_by=cast.nobody)


def test_ac_08_the_database_refuses_a_role_given_to_oneself_too(cast):
    row = RoleGrant(user=cast.nobody, granted_by=cast.nobody, role="editor", partnership=cast.partnership, reason="Mine")
    with scope.of(cast.partnership), pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.bulk_create([row])


def test_an_installation_administrator_appoints_administrators_alone(cast):
    give(cast, cast.nobody, "administrator", by=cast.installation_administrator, partnership="elsewhere")
    with pytest.raises(PermissionDenied, match="appoints a partnership's administrator"):
        give(cast, cast.nobody, "editor", by=cast.installation_administrator)


def test_an_installation_administrator_has_no_partnership_and_others_have_one(cast):
    give(cast, cast.nobody, "installation_administrator", by=cast.installation_administrator, partnership=None)
    for role, partnership in (("installation_administrator", "two-rivers"), ("administrator", None)):
        with pytest.raises(ValidationError, match="Choose the partnership"):
            give(cast, cast.delegate_education, role, by=cast.installation_administrator, partnership=partnership)


@pytest.mark.parametrize("role", ["lead", "delegate"])
def test_lead_and_delegated_partners_are_never_given(cast, role):
    with pytest.raises(ValidationError):
        give(cast, cast.nobody, role)
    with pytest.raises(IntegrityError), transaction.atomic():
        grant(cast.nobody, role, cast.partnership)


def admin_grant(cast):
    with scope.of(cast.partnership):
        return RoleGrant.objects.get(user=cast.administrator)


def test_ac_08_the_last_administrator_stays(cast):
    for refused in (
        lambda: services.end_role(grant=admin_grant(cast), ends_on=TODAY, by=cast.installation_administrator),
        lambda: admin_grant(cast).delete(),
        lambda: leave(cast.administrator),
    ):
        with pytest.raises(ValidationError, match="is the last administrator of Two Rivers"):
            refused()


def leave(user):
    user.is_active = False
    user.save()


def test_ac_08_the_last_installation_administrator_stays(cast):
    with pytest.raises(ValidationError, match="is the last administrator of the installation"):
        leave(cast.installation_administrator)


def test_an_administrator_goes_when_another_stays(cast):
    give(cast, cast.nobody, "administrator")
    ended = services.end_role(grant=admin_grant(cast), ends_on=timezone.localdate(), by=cast.nobody)
    assert ended.ends_on == timezone.localdate()
    leave(cast.administrator)


@pytest.mark.parametrize("other", [{"ends_on": date(2027, 1, 1)}, {"starts_on": timezone.localdate() + timedelta(days=90)}])
def test_another_administrator_who_ends_or_has_yet_to_start_is_not_enough(cast, other):
    give(cast, cast.nobody, "administrator", **{"starts_on": date(2024, 1, 1)} | other)
    with pytest.raises(ValidationError, match="last administrator"):
        services.end_role(grant=admin_grant(cast), ends_on=timezone.localdate(), by=cast.installation_administrator)


def test_another_administrator_who_may_not_sign_in_is_not_enough(cast):
    give(cast, cast.nobody, "administrator")
    leave(cast.nobody)
    with pytest.raises(ValidationError, match="last administrator"):
        services.end_role(grant=admin_grant(cast), ends_on=TODAY, by=cast.installation_administrator)


def test_a_role_given_is_not_turned_into_another(cast):
    with scope.of(cast.partnership):
        given = RoleGrant.objects.get(user=cast.editor)
        given.role = "publisher"
        with pytest.raises(ValidationError, match="ended and another given"):
            given.save()


def test_ac_04_grants_are_read_in_a_scope_alone(cast):
    with pytest.raises(ScopeError):
        RoleGrant.objects.count()
    with scope.of(cast.elsewhere):
        assert [g.user for g in RoleGrant.objects.all()] == [cast.stranger]


def test_an_address_is_one_person_s_in_any_case(db):
    ann = User.objects.create_user(" Ann@Two-Rivers.EXAMPLE ", "Ann")
    assert ann.email == "ann@two-rivers.example"
    assert not ann.has_usable_password()
    assert User.objects.get_by_natural_key("ANN@two-rivers.example") == ann
    with pytest.raises(ValidationError, match="already has an account"):
        User.objects.create_user("ANN@TWO-RIVERS.example", "Another Ann")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email="Ann@two-rivers.example", name="Another Ann")])


@pytest.mark.parametrize(("email", "name"), [("not an address", "Ann"), ("ann@two-rivers.example", ""), ("ann@two-rivers.example", "A\u202enn")])
def test_a_person_has_an_address_and_a_name_that_can_be_seen(db, email, name):
    with pytest.raises(ValidationError):
        User.objects.create_user(email, name)


def test_people_of_the_cast_have_an_app_unless_told_otherwise(db):
    from masa.accounts import factor

    assert factor.has_set_up(person("ann"))
    assert not factor.has_set_up(person("ben", with_factor=False))
