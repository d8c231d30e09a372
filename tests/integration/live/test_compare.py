"""The page that compares two published editions."""
import pytest
from django.test import Client

from masa.partnerships import scope
from tests.factories.published import new_draft, remove_aims, written

pytestmark = pytest.mark.django_db
ADDRESS = "/world/plan/compare/1/2/"


def words_in(answer):
    return answer.content.decode()


def test_what_changed_is_marked_word_by_word(world):
    answer = Client().get(ADDRESS)
    page = words_in(answer)
    assert answer.status_code == 200
    assert "We keep <ins>all </ins>children safe in <del>Oldwater</del> <ins>Newwater &amp; beyond</ins>." in page
    assert "1 of 2 sections changed" in page
    assert "3 words added and 1 removed" in page
    assert 'href="/world/plan/editions/1/"' in page and 'href="/world/plan/editions/2/"' in page
    assert 'href="/world/plan/aims/"' in page


def test_the_earlier_edition_comes_first_with_a_note(world):
    page = words_in(Client().get("/world/plan/compare/2/1/"))
    assert "<del>Oldwater</del>" in page
    assert "The earlier edition always comes first here" in page
    assert "The earlier edition always comes first here" not in words_in(Client().get(ADDRESS))


def test_an_edition_and_itself_are_the_same(world):
    assert "Nothing changed: the two have the same words." in words_in(Client().get("/world/plan/compare/2/2/"))


def test_the_whole_text_can_be_opened(world):
    assert "<details class=\"govuk-details\" open>" in words_in(Client().get(ADDRESS + "?show=all"))
    assert "<details class=\"govuk-details\" open>" not in words_in(Client().get(ADDRESS + "?show=other"))


def test_only_public_editions_of_that_partnership_are_compared(world):
    with scope.every_partnership(why="test"):
        new_draft(world)
        written(world, "aims", "<p>Plantedword in a draft.</p>")
    for address in ("/world/plan/compare/2/3/", "/world/plan/compare/1/99999999999/", "/elsewhere/plan/compare/1/2/", "/world/other/compare/1/2/"):
        answer = Client().get(address)
        assert answer.status_code == 404
        assert b"Plantedword" not in answer.content


def test_a_removed_part_is_gone_from_the_page(world, django_capture_on_commit_callbacks):
    with scope.every_partnership(why="test"), django_capture_on_commit_callbacks(execute=True):
        remove_aims(world)
    page = words_in(Client().get(ADDRESS))
    assert "Oldwater" not in page and "Newwater" not in page
    assert "This section was removed on 2 March 2026. Reason: it could identify a child. It cannot be compared any more." in page


def test_the_page_sets_no_cookie_and_is_not_stored(world):
    answer = Client().get(ADDRESS)
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert 'name="robots" content="noindex"' in words_in(answer)


def test_the_number_of_queries_does_not_grow_with_the_editions(world, django_assert_max_num_queries):
    Client().get(ADDRESS)
    with django_assert_max_num_queries(40):
        Client().get(ADDRESS)


def test_asking_too_often_is_answered_with_a_sentence(world, settings):
    settings.PUBLIC_TRIES_A_MINUTE_BY_ADDRESS = 2
    answers = [Client().get(ADDRESS) for _ in range(3)]
    assert [answer.status_code for answer in answers][-1] == 429
    assert "Wait a minute and try again" in words_in(answers[-1])
    assert answers[-1]["Retry-After"] == "60"


def test_one_partnership_asked_too_often_leaves_the_others_alone(world, settings):
    settings.PUBLIC_TRIES_A_MINUTE_BY_PARTNERSHIP = 1
    Client().get(ADDRESS)
    assert Client().get(ADDRESS).status_code == 429
    assert Client().get("/search/?q=newwater").status_code == 200
