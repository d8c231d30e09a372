"""Adding, changing and deleting rows: whose they become, what is refused and in which words."""
from datetime import date

import pytest
from django.urls import reverse

from arrangements.models import Contribution, Group, GroupLink, Involvement, RelevantAgency
from masa.partnerships import scope
from masa.partnerships.models import Appointment, ContactRoute, Organisation, Post, Seat
from tests.factories import register

WHY = "the test looks at both partnerships"


def inline(prefix, *rows, initial=0):
    """Return the fields of an inline: rows are mappings of their fields."""
    fields = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial, f"{prefix}-MIN_NUM_FORMS": 0, f"{prefix}-MAX_NUM_FORMS": 1000}
    for position, row in enumerate(rows):
        fields |= {f"{prefix}-{position}-{name}": value for name, value in row.items()}
    return fields


def inlines(*prefixes):
    return {name: value for prefix in prefixes for name, value in inline(prefix).items()}


GROUP = {"name": "Board", "slug": "board", "kind": "subgroup", "state": "active", "audience": "children", "position": 0}
GROUP_INLINES = inlines("chairs", "memberships", "links", "names")
AGENCY = {"category": "Dentists", "slug": "dentists", "sector": "health", "basis": "voluntary", "audience": "children", "position": 0}


def everything():
    """Return how many rows of each sort there are, in every partnership."""
    with scope.every_partnership(why=WHY):
        return {m.__name__: m.objects.count() for m in (Group, GroupLink, Involvement, RelevantAgency, Organisation, Post, Appointment, Seat)}


def test_a_new_row_goes_to_the_persons_partnership_whatever_is_posted(editor, world):
    fields = GROUP | GROUP_INLINES | {"partnership": world.theirs.pk, "change_reason": "Agreed in May"}
    assert editor.post(reverse("admin:arrangements_group_add"), fields).status_code == 302
    with scope.every_partnership(why=WHY):
        group = Group.objects.get(slug="board")
    assert group.partnership == world.ours
    entry = group.history.get()
    assert (entry.history_user, entry.history_change_reason) == (editor.user, "Agreed in May")


def test_someone_with_two_partnerships_chooses(of_both, world):
    assert b"id_partnership" in of_both.get(reverse("admin:arrangements_group_add")).content
    assert of_both.post(reverse("admin:arrangements_group_add"), GROUP | GROUP_INLINES).status_code == 200
    assert of_both.post(reverse("admin:arrangements_group_add"), GROUP | GROUP_INLINES | {"partnership": world.theirs.pk}).status_code == 302
    with scope.every_partnership(why=WHY):
        assert Group.objects.get(slug="board").partnership == world.theirs


def test_an_address_word_is_taken_once_in_a_partnership(editor, world):
    page = editor.post(reverse("admin:arrangements_group_add"), GROUP | GROUP_INLINES | {"slug": "executive"})
    assert page.status_code == 200
    assert page.context["errors"]


def test_a_change_keeps_the_address_word_and_the_partnership(editor, world):
    address = reverse("admin:arrangements_group_change", args=[world.our_group.pk])
    fields = GROUP | GROUP_INLINES | {"name": "Executive board", "partnership": world.theirs.pk}
    assert editor.post(address, fields).status_code == 302
    with scope.every_partnership(why=WHY):
        world.our_group.refresh_from_db()
    assert (world.our_group.name, world.our_group.slug, world.our_group.partnership_id) == ("Executive board", "executive", world.ours.pk)
    shown = editor.get(reverse("admin:arrangements_group_history", args=[world.our_group.pk])).content.decode()
    assert "Executive of two-rivers" in shown
    assert "Executive board" in shown
    assert "Editor" in shown


@pytest.mark.parametrize("who", ["editor", "of_both"])
def test_a_row_of_another_partnership_is_no_choice_in_an_inline(request, world, who):
    client = request.getfixturevalue(who)
    before = everything()
    address = reverse("admin:arrangements_group_change", args=[world.our_group.pk])
    fields = GROUP | GROUP_INLINES | inline("links", {"kind": "advises", "to_group": world.their_group.pk})
    page = client.post(address, fields)
    assert page.status_code == 200
    assert "far-hills" not in " ".join(str(e) for e in page.context["errors"])
    fields = AGENCY | inlines("members") | inline("involvements", {"strand": world.their_strand.pk, "certainty": "expected", "audience": "both"})
    assert client.post(reverse("admin:arrangements_relevantagency_change", args=[world.our_agency.pk]), fields).status_code == 200
    assert everything() == before


def test_a_foreign_id_hidden_in_an_inline_changes_nothing(editor, world):
    with scope.every_partnership(why=WHY):
        theirs = Involvement.objects.create(agency=world.their_agency, strand=world.their_strand, note="theirs")
    row = {"id": theirs.pk, "agency": world.our_agency.pk, "strand": world.our_strand.pk, "certainty": "expected", "audience": "both", "note": "ours"}
    fields = AGENCY | inlines("members") | inline("involvements", row, initial=1)
    page = editor.post(reverse("admin:arrangements_relevantagency_change", args=[world.our_agency.pk]), fields)
    assert page.status_code == 200
    with scope.every_partnership(why=WHY):
        theirs.refresh_from_db()
    assert (theirs.note, theirs.agency_id) == ("theirs", world.their_agency.pk)


def test_ticking_a_foreign_row_deletes_nothing(editor, world):
    before = everything()
    fields = {"action": "delete_selected", "_selected_action": [world.their_group.pk], "post": "yes"}
    editor.post(reverse("admin:arrangements_group_changelist"), fields, follow=True)
    assert everything() == before


def test_pickers_offer_own_and_shared_rows_alone(editor, world):
    def offered(app, model, field, term):
        query = {"app_label": app, "model_name": model, "field_name": field, "term": term}
        page = editor.get(reverse("admin:autocomplete"), query)
        return [row["text"] for row in page.json()["results"]]

    assert offered("arrangements", "grouplink", "to_group", "executive") == ["Executive of two-rivers"]
    assert offered("partnerships", "seat", "acts_for", "health") == ["Two Rivers Integrated Care Board (Health)"]
    assert offered("arrangements", "relevantagency", "organisation", "far-hills\0") == []
    assert "Far Hills School" in offered("arrangements", "relevantagency", "organisation", "far hills")


def test_a_contact_route_needs_a_way_to_reach_someone(editor, world):
    fields = {"kind": "child", "name": "Front door", "telephone": "", "address": "", "position": 0}
    page = editor.post(reverse("admin:partnerships_contactroute_add"), fields)
    assert "Give a telephone number" in page.content.decode()
    assert editor.post(reverse("admin:partnerships_contactroute_add"), fields | {"telephone": "0800 1111"}).status_code == 302
    with scope.of(world.ours):
        assert ContactRoute.objects.filter(telephone="0800 1111").count() == 1


# Shared rows


def test_a_shared_record_is_changed_by_its_keeper_alone(editor, world):
    theirs = reverse("admin:partnerships_organisation_change", args=[world.their_body.pk])
    assert "another partnership keeps it" in editor.get(theirs).content.decode()
    fields = {"name": "Renamed", "kind": "education"} | inlines("names", "codes", "contacts")
    assert editor.post(theirs, fields).status_code == 403
    assert editor.post(reverse("admin:partnerships_organisation_delete", args=[world.their_body.pk]), {"post": "yes"}).status_code == 403
    assert editor.post(reverse("admin:partnerships_organisation_change", args=[world.our_body.pk]), fields).status_code == 302
    world.their_body.refresh_from_db()
    world.our_body.refresh_from_db()
    assert (world.their_body.name, world.our_body.name) == ("Far Hills School", "Renamed")


def test_a_new_organisation_is_kept_by_its_maker(editor, world):
    fields = {"name": "New body", "slug": "new-body", "kind": "other", "owner": world.theirs.pk} | inlines("names", "codes", "contacts")
    assert editor.post(reverse("admin:partnerships_organisation_add"), fields).status_code == 302
    assert Organisation.objects.get(slug="new-body").owner == world.ours


def test_a_post_is_added_to_an_organisation_that_one_keeps(editor, world):
    fields = {"title": "Head", "slug": "head", "organisation": world.their_body.pk} | inlines("appointments")
    assert editor.post(reverse("admin:partnerships_post_add"), fields).status_code == 200
    assert editor.post(reverse("admin:partnerships_post_add"), fields | {"organisation": ""}).status_code == 200
    assert editor.post(reverse("admin:partnerships_post_add"), fields | {"organisation": world.our_body.pk}).status_code == 302
    assert Post.objects.get(slug="head").organisation == world.our_body


def test_a_post_has_one_holder_at_a_time(editor, world):
    post = register.make_post("head", "Head", world.our_body)
    address = reverse("admin:partnerships_post_change", args=[post.pk])
    rows = (
        {"holder": "Ann Ash", "standing": "substantive", "starts_on": "2024-01-01", "ends_on": ""},
        {"holder": "Ben Bell", "standing": "interim", "starts_on": "2025-03-01", "ends_on": ""},
    )
    fields = {"title": "Head", "organisation": world.our_body.pk} | inline("appointments", *rows)
    page = editor.post(address, fields)
    assert "Ann Ash holds this post from 1 January 2024" in page.content.decode()
    assert Appointment.objects.filter(post=post).count() == 0
    fields["appointments-0-ends_on"] = "2025-02-28"
    assert editor.post(address, fields).status_code == 302
    assert [a.holder for a in Appointment.objects.filter(post=post)] == ["Ann Ash", "Ben Bell"]


def test_what_the_database_refuses_is_a_sentence(editor, world, monkeypatch):
    from masa.work.register.forms import HoldersFormSet

    monkeypatch.setattr(HoldersFormSet, "clean", lambda self: None)  # as when another person saved between the check and the save
    post = register.make_post("head", "Head", world.our_body, holder="Ann Ash", starts_on=date(2024, 1, 1))
    held = post.appointments.get()
    first = {"id": held.pk, "post": post.pk, "holder": "Ann Ash", "standing": "substantive", "starts_on": "2024-01-01", "ends_on": ""}
    fields = {"title": "Head", "organisation": world.our_body.pk}
    fields |= inline("appointments", first, {"holder": "Ben Bell", "standing": "interim", "starts_on": "2025-03-01", "ends_on": ""}, initial=1)
    page = editor.post(reverse("admin:partnerships_post_change", args=[post.pk]), fields, follow=True)
    assert page.redirect_chain, page.context["errors"]
    assert "Someone else holds this post in part of that time" in page.content.decode()
    assert post.appointments.count() == 1


def test_what_is_in_use_is_not_deleted_and_others_are_not_named(editor, world):
    with scope.every_partnership(why=WHY):
        RelevantAgency.objects.create(partnership=world.theirs, slug="secret", organisation=world.our_body, printed_name="Named over there")
    page = editor.get(reverse("admin:partnerships_organisation_delete", args=[world.our_body.pk]))
    assert "cannot be deleted, because other records use it" in page.content.decode()
    assert "Named over there" not in page.content.decode()
    editor.post(reverse("admin:partnerships_organisation_delete", args=[world.our_body.pk]), {"post": "yes"})
    assert Organisation.objects.filter(pk=world.our_body.pk).exists()


def test_a_row_that_nothing_uses_is_deleted_and_its_history_stays(editor, world):
    assert editor.post(reverse("admin:arrangements_group_delete", args=[world.our_group.pk]), {"post": "yes"}).status_code == 302
    with scope.every_partnership(why=WHY):
        assert not Group.objects.filter(pk=world.our_group.pk).exists()
    assert Group.history.filter(id=world.our_group.pk, history_type="-", history_user=editor.user).count() == 1


# Structures and money


def test_a_group_does_not_report_to_itself_in_a_circle(editor, world):
    below = register.make_group(world.ours, "below", under=world.our_group)
    fields = GROUP | GROUP_INLINES | inline("links", {"kind": "reports_to", "to_group": below.pk})
    page = editor.post(reverse("admin:arrangements_group_change", args=[world.our_group.pk]), fields)
    assert "would report to itself" in page.content.decode()


FUND = {"title": "2018/19", "slug": "2018-19", "body_funded": "The board", "year_starts_on": "1 April 2018", "year_ends_on": "2019-03-31", "position": 0}
LINE = {"label": "Police", "form": "cash", "stage": "actual", "position": 0}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("-5", "without a minus sign"), ("12.345", "at most 2 figures"), ("lots", "in pounds in figures"), ("1e3", "in pounds in figures")],
)
def test_money_that_is_none_is_refused(editor, world, typed, sentence):
    fields = FUND | inlines("spending") | inline("contributions", LINE | {"amount": typed})
    page = editor.post(reverse("admin:arrangements_fund_add"), fields)
    assert page.status_code == 200
    assert sentence in page.content.decode()


def test_money_is_typed_as_people_write_it_and_empty_is_not_nought(editor, world):
    lines = (LINE | {"amount": "£17,995.50"}, LINE | {"label": "CRC", "amount": ""})
    fields = FUND | {"printed_total": "-17,995.50", "printed_total_value": "-17995.50"} | inlines("spending") | inline("contributions", *lines)
    assert editor.post(reverse("admin:arrangements_fund_add"), fields).status_code == 302
    with scope.of(world.ours):
        assert [str(c.amount) for c in Contribution.objects.all()] == ["17995.50", "None"]
    listed = editor.get(reverse("admin:arrangements_fund_changelist")).content.decode()
    assert "£17,995.50, with 1 line not stated" in listed
    assert "prints it as a credit" in listed
