"""Every page of every table opens for those who may, and for nobody else."""
import pytest
from django.contrib import admin
from django.urls import reverse

from arrangements.models import RelevantAgency
from masa.partnerships import scope
from masa.partnerships.models import Area, Organisation, Partnership, Seat
from tests.factories import register

TABLES = [
    "arrangements_agreement", "arrangements_disputeroute", "arrangements_fund", "arrangements_group", "arrangements_handoveritem",
    "arrangements_milestone", "arrangements_priority", "arrangements_relevantagency", "arrangements_reportingroute",
    "arrangements_scrutinymechanism", "arrangements_strand", "arrangements_strategiclink", "partnerships_area", "partnerships_contactroute",
    "partnerships_datacontroller", "partnerships_footprint", "partnerships_organisation", "partnerships_partnership", "partnerships_post",
    "partnerships_seat", "partnerships_seatpost", "partnerships_succession",
]  # fmt: skip
INSTALLATION = {"partnerships_area", "partnerships_footprint", "partnerships_partnership"}


def test_the_register_holds_these_tables_and_no_others():
    registered = sorted(f"{m._meta.app_label}_{m._meta.model_name}" for m in admin.site._registry)
    assert [name for name in registered if name.startswith(("arrangements", "partnerships"))] == TABLES
    assert not [name for name in registered if name.startswith("publishing")]


@pytest.mark.parametrize("table", TABLES)
def test_an_editor_opens_every_list_and_every_empty_form(editor, table):
    page = editor.get(reverse(f"admin:{table}_changelist"), {"q": "a", "o": "1"})
    assert page.status_code == 200
    assert b'class="purpose"' in page.content
    assert editor.get(reverse(f"admin:{table}_add")).status_code == (403 if table in INSTALLATION else 200)


@pytest.mark.parametrize("table", TABLES)
def test_every_filter_of_every_table_opens(editor, table):
    page = editor.get(reverse(f"admin:{table}_changelist"))
    for spec in page.context["cl"].filter_specs:
        for choice in spec.choices(page.context["cl"]):
            assert editor.get(reverse(f"admin:{table}_changelist") + choice["query_string"]).status_code == 200


@pytest.mark.parametrize("table", TABLES)
def test_others_are_refused(client, stranger, scrutineer, table):
    address = reverse(f"admin:{table}_changelist")
    assert client.get(address).url.startswith("/account/")
    assert stranger.get(address).status_code == 404
    assert scrutineer.get(address).status_code == 403


def rows(world):
    with scope.every_partnership(why="A test names rows of two partnerships."):
        dispute = [register.make_dispute_route(p, slug=f"route-{p.slug}") for p in (world.ours, world.theirs)]
        fund = [register.make_fund(p, slug=f"fund-{p.slug}") for p in (world.ours, world.theirs)]
    return {
        "group": ("arrangements_group", world.our_group, world.their_group),
        "agency": ("arrangements_relevantagency", world.our_agency, world.their_agency),
        "strand": ("arrangements_strand", world.our_strand, world.their_strand),
        "seat": ("partnerships_seat", world.our_seats["health"], world.their_seats["health"]),
        "route": ("partnerships_contactroute", world.our_route, world.their_route),
        "dispute": ("arrangements_disputeroute", *dispute),
        "fund": ("arrangements_fund", *fund),
        "partnership": ("partnerships_partnership", world.ours, world.theirs),
    }


PAGES = ["change", "history", "delete"]


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_of_one_row_open_for_its_editor_and_are_not_there_for_another(editor, of_both, world, page):
    for table, ours, theirs in rows(world).values():
        if (table, page) == ("partnerships_partnership", "delete"):
            continue
        name = f"admin:{table}_{page}"
        assert editor.get(reverse(name, args=[ours.pk])).status_code == 200
        assert editor.get(reverse(name, args=[theirs.pk])).status_code == 404
        assert editor.get(reverse(name, args=[987654321])).status_code == 404
        assert editor.post(reverse(name, args=[theirs.pk]), {"post": "yes"}).status_code == 404
        assert of_both.get(reverse(name, args=[theirs.pk])).status_code == 200


@pytest.mark.parametrize("odd", ["x", "1_2D1", "99999999999999999999999", "-1", "%00"])
def test_an_odd_id_is_not_found(editor, keeper, odd):
    assert editor.get(f"/admin/arrangements/group/{odd}/change/").status_code == 404
    assert editor.get(f"/admin/arrangements/group/{odd}/history/").status_code == 404
    assert keeper.get(f"/admin/partnerships/partnership/{odd}/change/").status_code == 404


def test_an_auditor_reads_and_does_not_change(auditor, world):
    address = reverse("admin:arrangements_group_change", args=[world.our_group.pk])
    page = auditor.get(address)
    assert "You may read this and not change it" in page.content.decode()
    assert auditor.post(address, {"name": "Other"}).status_code == 403
    assert auditor.get(reverse("admin:arrangements_group_add")).status_code == 403
    assert auditor.get(reverse("admin:arrangements_group_delete", args=[world.our_group.pk])).status_code == 403
    assert auditor.get(reverse("admin:arrangements_group_history", args=[world.our_group.pk])).status_code == 200


def test_a_member_with_another_role_in_that_partnership_is_refused_its_rows(world, signed_in):
    client = signed_in("split", ("editor", world.ours), ("scrutineer", world.theirs))
    assert client.get(reverse("admin:arrangements_group_change", args=[world.their_group.pk])).status_code == 403
    listed = client.get(reverse("admin:arrangements_group_changelist")).content.decode()
    assert "Executive of two-rivers" in listed
    assert "Executive of far-hills" not in listed


def test_areas_are_changed_by_the_installation_alone(editor, keeper):
    area = Area.objects.get(slug="two-rivers")
    address = reverse("admin:partnerships_area_change", args=[area.pk])
    assert editor.get(address).status_code == 200
    assert editor.post(address, {"name": "Elsewhere", "kind": "region"}).status_code == 403
    assert keeper.post(address, {"name": "Elsewhere", "kind": "region"}).status_code == 302
    area.refresh_from_db()
    assert area.name == "Elsewhere"


def test_the_installation_makes_a_partnership_and_says_when_its_address_is_taken(keeper, world):
    fields = {"name": "New Vale Safeguarding Partnership", "short_name": "New Vale", "slug": "far-hills", "accent": "teal", "audience": "children"}
    page = keeper.post(reverse("admin:partnerships_partnership_add"), fields)
    assert page.status_code == 200
    assert "slug" in page.context["adminform"].errors
    assert keeper.post(reverse("admin:partnerships_partnership_add"), fields | {"slug": "new-vale"}).status_code == 302
    with scope.every_partnership(why="the test looks"):
        assert Partnership.objects.get(slug="new-vale").short_name == "New Vale"
    assert "New Vale" in keeper.get(reverse("admin:partnerships_partnership_changelist")).content.decode()


@pytest.mark.parametrize(
    "query", ["name__startswith=E", "partnership__slug=far-hills", "name__regex=(a%2B)%2B$", "links__to_group__name=x", "kind__in=a,b"]
)
def test_lists_are_filtered_by_listed_values_alone(editor, query):
    assert editor.get(reverse("admin:arrangements_group_changelist") + "?" + query).status_code == 400


@pytest.mark.parametrize("query", ["o=99.-x", "p=zz", "q=" + "x" * 5000, "q=%00", "e=1", "all="])
def test_odd_searches_break_nothing(editor, query):
    assert editor.get(reverse("admin:arrangements_group_changelist") + "?" + query, follow=True).status_code == 200


def test_there_is_one_sign_in(editor, client):
    assert client.get("/admin/login/").status_code == 302
    assert editor.get("/admin/login/").url == "/admin/"
    assert editor.get("/admin/password_change/").status_code == 404
    assert editor.get("/admin/r/1/1/").status_code == 404
    assert editor.get("/admin/logout/").url == reverse("account_logout")


def queries(client, address, counter):
    client.get(address)
    with counter() as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("model", [RelevantAgency, Organisation])
def test_a_list_asks_as_often_for_one_row_as_for_a_thousand(editor, world, model):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    few = queries(editor, address, lambda: CaptureQueriesContext(connection))
    bodies = Organisation.objects.bulk_create(Organisation(slug=f"body-{i}", name=f"Body {i}", owner=world.ours) for i in range(1000))
    with scope.of(world.ours):
        RelevantAgency.objects.bulk_create(
            RelevantAgency(partnership=world.ours, slug=f"body-{i}", organisation=body) for i, body in enumerate(bodies)
        )
    assert queries(editor, address, lambda: CaptureQueriesContext(connection)) <= few + 1


def test_seats_list_once(editor, world):
    with scope.every_partnership(why="the test looks"):
        assert Seat.objects.count() == 6
    assert editor.get(reverse("admin:partnerships_seat_changelist")).context["cl"].result_count == 3
