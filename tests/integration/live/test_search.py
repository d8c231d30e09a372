"""Search in what is published, and never in anything else. The same tests run on both engines."""
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from masa.bundle import searching
from masa.bundle.live import search_table
from masa.bundle.models import SearchEntry
from masa.partnerships import scope
from masa.publishing import services
from tests.factories.editions import later, make_world, submit
from tests.factories.published import new_draft, remove_aims, written

pytestmark = pytest.mark.django_db


def found(query, address="/world/search/", **more):
    """Return the page of a search."""
    answer = Client().get(address, {"q": query, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def test_words_are_found_in_their_place(world):
    page = found("newwater")
    assert "1 page with “newwater”" in page
    assert '<a class="govuk-link" href="/world/plan/aims/">Aims</a>' in page
    assert "We keep all children safe in <mark>Newwater</mark> &amp; beyond" in page


@pytest.mark.parametrize("query", ["child", "CHILDREN", "keep safe", '"safe" AND -keep', "children's", "the children of newwater", "beyond*", "{safe}:^keep"])
def test_words_are_found_whatever_stands_around_them(world, query):
    assert "1 page with" in found(query)


def test_all_words_must_be_there(world):
    assert "No page has" in found("newwater zebra")


def test_earlier_editions_are_found_only_when_asked_for(world):
    assert "No page has" in found("oldwater")
    page = found("oldwater", editions="all")
    assert '/world/plan/editions/1/aims/' in page and "Superseded" in page


def test_the_whole_installation_is_searched_and_says_whose_it_is(world):
    assert "World: Test plan, edition 2" in found("newwater", "/search/")


def test_nothing_is_found_in_drafts_consultations_or_texts_awaiting_agreement(world, django_capture_on_commit_callbacks):
    with scope.every_partnership(why="test"), django_capture_on_commit_callbacks(execute=True):
        new_draft(world)
        written(world, "aims", "<p>Plantedword in a draft.</p>")
        searching.rebuild(world.partnership.pk)
        assert not SearchEntry.objects.filter(text__contains="Plantedword").exists()
        submit(world)
        searching.rebuild(world.partnership.pk)
        assert not SearchEntry.objects.filter(text__contains="Plantedword").exists()
    for address in ("/world/search/", "/search/"):
        assert "No page has" in found("plantedword", address, editions="all")


def test_withdrawn_words_leave_the_search(world, django_capture_on_commit_callbacks):
    with scope.every_partnership(why="test"), django_capture_on_commit_callbacks(execute=True):
        services.withdraw(edition_id=world.edition.pk, by=world.people["publisher"], now=later(60), reason="Wrong area.")
    assert "No page has" in found("newwater", editions="all")


def test_removed_and_withdrawn_words_are_not_found_even_if_the_entries_stayed(world):
    """The hooks run after the commit, so this test, which never commits, sees what a failed hook would leave behind."""
    with scope.every_partnership(why="test"):
        remove_aims(world)
        assert SearchEntry.objects.filter(text__contains="Newwater").exists()
    assert "No page has" in found("newwater", editions="all")


def test_removed_words_are_no_longer_stored(world, django_capture_on_commit_callbacks):
    with scope.every_partnership(why="test"), django_capture_on_commit_callbacks(execute=True):
        remove_aims(world)
    with scope.every_partnership(why="test"):
        assert not SearchEntry.objects.filter(text__contains="water").exists()


def test_a_partnership_finds_only_its_own(world):
    with scope.every_partnership(why="test"):
        make_world("elsewhere")
    assert "No page has" in found("newwater", "/elsewhere/search/")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("a\x00b", "The search holds a hidden character."),
        ("safe\u202echildren", "The search holds a hidden character."),
        ("x" * 201, "Search for at most 200 characters: this has 201."),
        ('"*() -', "Type one word or several to search for"),
        ("the of and", "Those words are on almost every page."),
    ],
)
def test_a_search_that_cannot_be_carried_out_is_answered_with_a_sentence(world, query, sentence):
    answer = Client().get("/world/search/", {"q": query})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()


def test_an_empty_search_says_what_to_type(world):
    assert "Type one word or several." in found("")


def test_nothing_found_says_what_to_do(world):
    page = found("zebra")
    assert "check the spelling" in page and 'href="tel:999"' in page and 'href="/world/#contacts"' in page


def test_what_was_typed_is_printed_as_words(world):
    page = found("<script>alert(1)</script> newwater")
    assert "<script>alert" not in page


def test_results_come_ten_to_a_page(world, django_capture_on_commit_callbacks):
    with scope.every_partnership(why="test"):
        like = SearchEntry.objects.get(text__contains="Newwater")
        SearchEntry.objects.bulk_create(
            SearchEntry(partnership=like.partnership, edition=like.edition, part=like.part, heading=f"Page {n}", path=f"plan/{n}/", audience="both", text="Marmalade")
            for n in range(23)
        )
    first, last = found("marmalade"), found("marmalade", page="3")
    assert "23 pages with" in first and first.count("<mark>") == 10 and last.count("<mark>") == 3
    assert "?q=marmalade&amp;page=2" in first
    assert found("marmalade", page="99") == first == found("marmalade", page="x") == found("marmalade", page="-1")


def test_the_number_of_queries_is_the_same_for_few_and_many(world, django_assert_num_queries):
    with scope.every_partnership(why="test"):
        like = SearchEntry.objects.get(text__contains="Newwater")
        with django_assert_num_queries(3):
            searching.search(["newwater"])
        SearchEntry.objects.bulk_create(
            SearchEntry(partnership=like.partnership, edition=like.edition, part=like.part, heading="H", path="p/", audience="both", text="newwater") for _ in range(200)
        )
        with django_assert_num_queries(3):
            assert searching.search(["newwater"]).count == 201


def test_an_unknown_partnership_is_not_there(world):
    assert Client().get("/nowhere/search/?q=a").status_code == 404


def test_the_search_sets_no_cookie(world):
    assert not Client().get("/world/search/?q=newwater").cookies


def test_the_command_makes_the_entries_anew(world, capsys):
    with scope.every_partnership(why="test"):
        SearchEntry.objects.all().delete()
    assert "No page has" in found("newwater")
    call_command("rebuild_search")
    assert "1 page with" in found("newwater")


def test_the_index_is_put_back_after_a_table_was_remade(world):
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name in search_table.TRIGGERS:
                cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute(f"UPDATE {search_table.TABLE} SET text = 'A zebra.' WHERE text LIKE '%%Newwater%%'")
    search_table.install()
    search_table.install()
    assert ("1 page with" in found("zebra")) == (connection.vendor == "sqlite")
