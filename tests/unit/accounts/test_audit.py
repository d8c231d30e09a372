"""The audit log: ids and no contents, one line a row, only added to."""
import pytest
from django.core.exceptions import ValidationError

from masa.accounts import audit
from masa.accounts.models import AuditRow
from masa.partnerships import scope

pytestmark = pytest.mark.django_db


def rows(**values):
    with scope.every_partnership(why="the test reads the whole log"):
        return list(AuditRow.objects.filter(**values))


def test_a_line_says_who_as_what_did_what_where(cast):
    row = audit.record("export", user=cast.editor, thing=cast.seats["police"])
    assert row.acting_as == "editor"
    assert row.partnership == cast.partnership
    assert row.target == f"partnerships.Seat:{cast.seats['police'].pk}"
    assert row.result == "done"


def test_a_line_without_a_person_or_partnership(db):
    row = audit.record("sign_in", result=audit.Result.FAILED, target=audit.typed_account("ann@two-rivers.example"))
    assert (row.user, row.acting_as, row.partnership) == (None, "", None)


def test_what_was_typed_at_sign_in_is_marked_but_cannot_be_read(db):
    mark = audit.typed_account("Ann@two-rivers.example ")
    assert mark == audit.typed_account("ann@two-rivers.example") != audit.typed_account("ben@two-rivers.example")
    assert "ann" not in mark


@pytest.mark.parametrize("forged", ["export\n2026-01-01 sign_in done", "a\r\nb", "a\u2028b", "a b", "<b>", "a,b"])
def test_no_line_can_be_forged(db, forged):
    row = audit.record(forged, target=forged)
    assert not set("\r\n\u2028 <,") & set(row.action + row.target)
    with pytest.raises(ValidationError):
        AuditRow(action=forged).save()


def test_an_unknown_result_is_refused(db):
    with pytest.raises(ValidationError):
        AuditRow(action="export", result="perhaps").save()


def test_the_log_is_only_added_to(cast):
    row = audit.record("export", user=cast.editor, partnership=cast.partnership)
    row.action = "nothing"
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()
    with scope.of(cast.partnership):
        with pytest.raises(TypeError):
            AuditRow.objects.all().delete()
        with pytest.raises(TypeError):
            AuditRow.objects.update(action="nothing")
    assert [r.action for r in rows(action="export")] == ["export"]
