"""The three invented partnerships of the two rivers: each shows the whole work from draft to publication."""
import re

import pytest

from arrangements.samples.loading import load, shipped
from masa.guidance.loading import load_guidance
from masa.partnerships import scope
from masa.partnerships.models import Partnership
from masa.publishing import hooks
from masa.publishing.models import Edition, JournalRow, PartPayload, SignOff
from masa.ui.prose import text_of

pytestmark = pytest.mark.django_db

PLACES = ["northside", "southside", "eastvale"]
PUBLISHED = {
    "northside": {"arrangements": 2, "children-and-families": 1, "meeting-2026-03": 1, "thresholds": 1},
    "southside": {"arrangements": 2, "children-and-families": 1, "annual-budget-2026-27": 1},
    "eastvale": {"arrangements": 2, "children-and-families": 1},
}


@pytest.fixture(scope="module")
def two_rivers(django_db_setup, django_db_blocker):
    """The three partnerships, loaded once and gone again after these tests. The PDF is another room's; a short one stands in."""
    from django.db import transaction

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setitem(hooks._made, "pdf", lambda *args, **kwargs: b"%PDF-1.7 stands in")
        with transaction.atomic():
            load_guidance()
            load(shipped(PLACES))
            with scope.every_partnership(why="tests read the samples"):
                yield
            transaction.set_rollback(True)


@pytest.mark.parametrize("place", PLACES)
def test_what_is_published(two_rivers, place):
    live = Edition.objects.filter(publication__partnership__slug=place, state="published")
    assert dict(live.values_list("publication__slug", "number")) == PUBLISHED[place]
    first = Edition.objects.get(publication__partnership__slug=place, publication__slug="arrangements", number=1)
    assert (first.state, first.guidance[0], first.published_at.year) == ("superseded", "wt23", 2024)
    assert live.get(publication__slug="children-and-families").explains.number == 2
    assert Partnership.objects.get(slug=place).sample == "invented"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("number", [1, 2])
def test_three_seats_agreed_one_on_record_and_one_with_conditions(two_rivers, place, number):
    edition = Edition.objects.get(publication__partnership__slug=place, publication__slug="arrangements", number=number)
    rows = SignOff.objects.filter(signed_text=edition.signed_text)
    assert sorted(row.seat.kind for row in rows) == ["health", "local_authority", "police"]
    assert sorted(row.decision for row in rows) == ["agree", "agree", "conditions"]
    recorded = rows.get(how="recorded")
    assert recorded.evidence.startswith("Minutes of the lead partners' meeting of ")
    assert recorded.confirmation.confirmed_by != recorded.recorded_by
    assert edition.text_changed_by not in [row.person for row in rows]
    assert all(row.digest == edition.digest for row in rows)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("number", [1, 2])
def test_the_text_is_of_a_plans_length_and_every_requirement_has_an_answer(two_rivers, place, number):
    edition = Edition.objects.get(publication__partnership__slug=place, publication__slug="arrangements", number=number)
    assert 2_500 <= sum(len(text_of(section.body).split()) for section in edition.sections.all()) <= 4_000
    codes = set(edition.answers.values_list("code", flat=True))
    expected = {f"{'WT23-PUB' if number == 1 else 'WT26-C-PUB'}-{i:02}" for i in range(1, 21)}
    if number == 2:
        expected |= {"WT26-PUB-01", "WT26-PUB-02", "WT26-PUB-03", "WT26-PUB-04"}
    assert codes >= expected
    short = edition.answers.exclude(status="answered")
    assert short and all(answer.reason and answer.by_when for answer in short)


@pytest.mark.parametrize("place", PLACES)
def test_sections_keep_their_ids_and_edition_two_differs(two_rivers, place):
    editions = Edition.objects.filter(publication__partnership__slug=place, publication__slug="arrangements")
    first, second = ({s.anchor: s for s in editions.get(number=n).sections.all()} for n in (1, 2))
    assert {"looked-after-children", "child-protection-teams"} == second.keys() - first.keys()
    assert all(first[anchor].uid == second[anchor].uid for anchor in first)
    assert sum(first[anchor].body != second[anchor].body for anchor in first) >= 7
    shared = [anchor for anchor in first if anchor in second]
    assert shared != [anchor for anchor in second if anchor in first]


def test_what_is_out_for_comment_is_in_no_public_text(two_rivers):
    drafts = Edition.objects.filter(state="consultation")
    assert {edition.publication.partnership.slug for edition in drafts} == {"northside", "eastvale"}
    holding = PartPayload.objects.filter(text__contains="kingfisher-lantern")
    assert {part.part.signed_text.digest for part in holding} == {edition.digest for edition in drafts}


def test_only_national_numbers_stand_in_the_samples():
    for path in shipped(PLACES)[1:]:
        numbers = set(re.findall(r"\b0[\d ]{9,}\d|\b0800 1111\b", path.read_text()))
        assert numbers <= {"0808 800 5000", "0800 1111"}


def test_a_second_loading_changes_nothing(two_rivers):
    before = list(JournalRow.objects.values_list("hash", flat=True))
    assert load(shipped(PLACES)).kept == PLACES
    assert list(JournalRow.objects.values_list("hash", flat=True)) == before


