"""Who may do what, from roles, posts and dates (AC-01, AC-06)."""
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from masa.accounts import permissions
from masa.accounts.models import RoleGrant
from masa.accounts.permissions import Action
from masa.partnerships import scope
from masa.partnerships.models import Appointment, Post, SeatPost

pytestmark = pytest.mark.django_db
STAFF = {"editor", "publisher"}
SIGNERS = {"lead_council", "lead_icb", "lead_police", "delegate_council", "scrutineer"}
READERS = STAFF | SIGNERS | {"reviews_officer", "auditor", "administrator"}
EVERYONE = {
    "editor", "publisher", "lead_council", "lead_icb", "lead_police", "delegate_council", "scrutineer", "contributor",
    "reviews_officer", "auditor", "administrator", "delegate_education", "stranger", "installation_administrator", "nobody",
}  # fmt: skip
MAY = {  # in Two Rivers; the whole table, typed by hand
    "workspace.view": READERS | {"contributor", "installation_administrator"},
    "register.view": STAFF | {"reviews_officer", "auditor", "administrator"},
    "register.change": STAFF,
    "register.import": STAFF,
    "register.export": STAFF | {"auditor"},
    "contacts.change": STAFF,
    "edition.view": READERS,
    "edition.edit": STAFF,
    "edition.submit": STAFF,
    "edition.consult": STAFF,
    "edition.sign": SIGNERS,
    "edition.record_sign_off": STAFF,
    "edition.confirm_record": STAFF,
    "edition.schedule": {"publisher"},
    "edition.publish": {"publisher"},
    "edition.withdraw": {"publisher"},
    "part.remove": {"publisher"},
    "journal.view": READERS,
    "roles.grant": {"administrator", "installation_administrator"},
    "partnership.create": {"installation_administrator"},
}


def test_ac_01_the_table_of_rights(cast):
    assert {action.value for action in Action} == set(MAY)
    for action, people in MAY.items():
        found = {who for who in EVERYONE if permissions.can(getattr(cast, who), action, cast.partnership)}
        assert found == people, action


def test_ac_01_a_stranger_has_rights_in_their_own_partnership_alone(cast):
    assert permissions.can(cast.stranger, Action.EDITION_PUBLISH, cast.elsewhere)
    assert not permissions.can(cast.stranger, Action.EDITION_PUBLISH, cast.partnership)
    assert permissions.partnerships_of(cast.stranger) == {cast.elsewhere.pk}


def test_require_raises_where_can_says_no(cast):
    permissions.require(cast.publisher, Action.EDITION_PUBLISH, cast.partnership)
    with pytest.raises(PermissionDenied):
        permissions.require(cast.editor, Action.EDITION_PUBLISH, cast.partnership)


def test_an_unknown_action_raises_even_for_someone_without_roles(cast):
    for user in (cast.publisher, cast.nobody, AnonymousUser()):
        with pytest.raises(ValueError):
            permissions.can(user, "edition.publsh", cast.partnership)
        with pytest.raises(ValueError):
            permissions.can_anywhere(user, "edition.publsh")


def test_a_thing_without_a_partnership_raises(cast):
    with pytest.raises(TypeError):
        permissions.can(cast.editor, Action.REGISTER_VIEW, "two-rivers")


def test_a_row_is_asked_for_its_partnership_along_its_owners(cast):
    seat = cast.seats["council"]
    assert permissions.can(cast.editor, Action.REGISTER_CHANGE, seat)
    assert permissions.can(cast.editor, Action.REGISTER_CHANGE, seat.organisation)
    with scope.of(cast.partnership):
        post = SeatPost.objects.filter(seat=seat).first().post
    assert permissions.can(cast.editor, Action.REGISTER_CHANGE, post)
    assert not permissions.can(cast.stranger, Action.REGISTER_CHANGE, post)


def test_ac_04_a_shared_row_without_an_owner_is_nobody_s_to_change(cast):
    nowhere = Post.objects.create(slug="unowned", title="Unowned")
    assert not any(permissions.can(getattr(cast, who), Action.REGISTER_CHANGE, nowhere) for who in EVERYONE)


def test_a_visitor_and_a_disabled_person_may_nothing(cast):
    cast.publisher.is_active = False
    cast.publisher.save()
    for user in (AnonymousUser(), cast.publisher):
        assert not permissions.can(user, Action.EDITION_VIEW, cast.partnership)
        assert permissions.partnerships_of(user) == set()
        assert permissions.seats_of(user, cast.partnership) == []


@pytest.mark.parametrize(
    ("on", "may"), [(date(2023, 12, 31), False), (date(2024, 1, 1), True), (date(2024, 6, 30), True), (date(2024, 7, 1), False)]
)
def test_a_role_holds_from_its_first_day_to_its_last(cast, on, may):
    with scope.of(cast.partnership):
        RoleGrant.objects.get(user=cast.editor).delete()
        RoleGrant.objects.create(
            user=cast.editor, role="editor", partnership=cast.partnership, starts_on=date(2024, 1, 1), ends_on=date(2024, 6, 30), reason="Cover"
        )
    assert permissions.can(cast.editor, Action.EDITION_EDIT, cast.partnership, on=on) is may


def test_seats_follow_from_current_posts(cast):
    council = cast.seats["council"]
    assert permissions.seats_of(cast.lead_council, cast.partnership) == [(council, "lead")]
    assert permissions.seats_of(cast.delegate_council, cast.partnership) == [(council, "delegate")]
    assert permissions.seats_of(cast.lead_council, cast.elsewhere) == []
    assert permissions.seats_of(cast.lead_council, cast.partnership, date(2023, 12, 31)) == []


def test_a_delegate_without_a_seat_never_counts(cast):
    assert permissions.seats_of(cast.delegate_education, cast.partnership) == []
    assert permissions.partnerships_of(cast.delegate_education) == set()


@pytest.mark.parametrize("ended", ["appointment", "seat", "seat_post"])
def test_a_lead_stops_being_one_when_any_link_ends(cast, ended):
    yesterday = timezone.localdate() - timedelta(days=1)
    with scope.of(cast.partnership):
        link = {
            "appointment": Appointment.objects.get(user=cast.lead_icb),
            "seat": cast.seats["icb"],
            "seat_post": SeatPost.objects.get(seat=cast.seats["icb"]),
        }[ended]
    assert permissions.can(cast.lead_icb, Action.EDITION_SIGN, cast.partnership)
    link.ends_on = yesterday
    link.save()
    assert not permissions.can(cast.lead_icb, Action.EDITION_SIGN, cast.partnership)
    assert permissions.seats_of(cast.lead_icb, cast.partnership, yesterday) == [(cast.seats["icb"], "lead")]


def test_ac_06_nothing_is_remembered_unless_a_request_asks_for_it(cast):
    assert permissions.can(cast.editor, Action.EDITION_EDIT, cast.partnership)
    with scope.of(cast.partnership):
        RoleGrant.objects.get(user=cast.editor).delete()
    assert not permissions.can(cast.editor, Action.EDITION_EDIT, cast.partnership)


def test_rights_are_asked_for_once_in_a_request(cast, django_assert_num_queries):
    permissions.remember_rights(cast.editor)
    with django_assert_num_queries(2):
        for action in Action:
            permissions.can(cast.editor, action, cast.partnership)


@pytest.mark.parametrize(
    ("who", "permission", "answer"),
    [
        ("editor", "partnerships.change_seat", True),
        ("editor", "arrangements.delete_group", True),
        ("editor", "partnerships.import_seat", True),
        ("auditor", "partnerships.view_seat", True),
        ("auditor", "partnerships.export_seat", True),
        ("auditor", "partnerships.change_seat", False),
        ("contributor", "partnerships.view_seat", False),
        ("editor", "accounts.change_user", False),
        ("administrator", "auth.add_permission", False),
        ("installation_administrator", "partnerships.view_seat", False),
        ("editor", "partnerships.obliterate_seat", False),
        ("editor", "nonsense", False),
    ],
)
def test_the_admin_asks_the_same_table(cast, who, permission, answer):
    assert getattr(cast, who).has_perm(permission) is answer


def test_the_admin_asks_again_with_the_row(cast):
    assert cast.stranger.has_perm("partnerships.change_seat")
    assert not cast.stranger.has_perm("partnerships.change_seat", cast.seats["council"])
    assert cast.editor.has_perms(["partnerships.view_seat", "partnerships.change_seat"], cast.seats["council"])


@pytest.mark.parametrize(("who", "staff"), [("editor", True), ("auditor", True), ("lead_council", False), ("contributor", False), ("nobody", False)])
def test_only_roles_of_the_register_open_the_admin(cast, who, staff):
    assert getattr(cast, who).is_staff is staff
    assert getattr(cast, who).has_module_perms("partnerships") is staff
