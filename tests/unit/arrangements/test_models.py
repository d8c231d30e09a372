"""What a row of the arrangements refuses: overlaps, circles, rows of another partnership, minus amounts."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from arrangements.models import (
    ChairTerm,
    Contribution,
    DisputeStep,
    Expenditure,
    Group,
    GroupLink,
    Membership,
    how_often,
)
from masa.partnerships import scope
from tests.factories import register as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    partnership = make.make_partnership("two-rivers")
    with scope.of(partnership):
        yield partnership


def refusal(row):
    """Return the words with which a row is refused, or an empty string."""
    try:
        row.full_clean()
    except ValidationError as refused:
        return " ".join(refused.messages)
    return ""


PERIODS = [  # the term that stands, the new one, whether they share a day
    ((None, None), (None, None), True),
    ((date(2019, 1, 1), date(2019, 12, 31)), (date(2019, 12, 31), None), True),
    ((date(2019, 1, 1), date(2019, 12, 31)), (date(2020, 1, 1), None), False),
    ((date(2020, 1, 1), None), (None, date(2019, 12, 31)), False),
    ((date(2020, 1, 1), None), (None, date(2020, 1, 1)), True),
]


@pytest.mark.parametrize(("stands", "new", "shared"), PERIODS)
def test_in_09_a_group_has_one_chair_at_a_time(place, stands, new, shared):
    group = make.make_group(place, "executive")
    ChairTerm.objects.create(group=group, person="A", starts_on=stands[0], ends_on=stands[1])
    words = refusal(ChairTerm(group=group, person="B", starts_on=new[0], ends_on=new[1]))
    assert ("another chair in that period" in words) is shared
    assert refusal(ChairTerm(group=group, person="B", role="vice", starts_on=new[0], ends_on=new[1])) == ""


@pytest.mark.parametrize(("stands", "new", "shared"), PERIODS)
def test_in_09_an_organisation_belongs_to_a_category_once_at_a_time(place, stands, new, shared):
    schools, oak = make.make_agency(place, "schools"), make.make_organisation("oak")
    schools.members.create(organisation=oak, starts_on=stands[0], ends_on=stands[1])
    again = schools.members.model(agency=schools, organisation=oak, starts_on=new[0], ends_on=new[1])
    assert ("already belongs" in refusal(again)) is shared


def test_a_row_may_be_saved_again_beside_itself(place):
    chair = ChairTerm.objects.create(group=make.make_group(place, "executive"), person="A")
    assert refusal(chair) == ""


def test_an_organisation_has_one_place_in_a_group_at_a_time(place):
    group, oak = make.make_group(place, "executive"), make.make_organisation("oak")
    Membership.objects.create(group=group, organisation=oak)
    assert "already has a place" in refusal(Membership(group=group, organisation=oak))
    assert refusal(Membership(group=group, organisation=make.make_organisation("ash"))) == ""


def test_a_member_is_no_agency_of_another_partnership(place):
    group = make.make_group(place, "executive")
    with scope.every_partnership(why="The test has a second place."):
        theirs = make.make_agency(make.make_partnership("elsewhere"), "oak")
        assert "group's own partnership" in refusal(Membership(group=group, agency=theirs))


def test_no_group_reports_to_itself_by_any_way_round(place):
    top = make.make_group(place, "top")
    middle = make.make_group(place, "middle", under=top)
    bottom = make.make_group(place, "bottom", under=middle)
    assert "would report to itself" in refusal(GroupLink(group=top, kind="reports_to", to_group=bottom))
    assert refusal(GroupLink(group=top, kind="advises", to_group=bottom)) == ""
    assert refusal(GroupLink(group=top, kind="advises", to_group=top)) == "A group cannot be tied to itself."


def test_a_step_leads_only_to_a_later_step_of_its_own_route(place):
    one = make.make_dispute_route(place, "one", steps=("a", "b"))
    other = make.make_dispute_route(place, "other", steps=("a", "b"))
    first, second = one.steps.all()
    second.if_unresolved = first
    assert "later step" in refusal(second)
    first.if_unresolved = other.steps.get(number=2)
    assert refusal(first) == "Choose a step of the same route."
    first.if_unresolved = second
    assert refusal(first) == ""
    assert isinstance(first, DisputeStep)


@pytest.mark.parametrize("model", [Contribution, Expenditure])
def test_no_amount_is_negative_in_the_form_or_in_the_database(place, model):
    fund = make.make_fund(place)
    name = {Contribution: "label", Expenditure: "heading"}[model]
    row = model(fund=fund, amount="-1", **{name: "A line"})
    assert "An amount cannot be negative." in refusal(row)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize(
    ("times", "per", "words"),
    [
        (4, "year", "quarterly"),
        (12, "year", "monthly"),
        (1, "year", "once a year"),
        (2, "year", "twice a year"),
        (3, "year", "3 times a year"),
        (1, "month", "monthly"),
        (2, "month", "twice a month"),
        (1, "week", "weekly"),
        (None, "", ""),
    ],
)
def test_how_often_a_group_meets_is_told_in_words(times, per, words):
    assert how_often(times, per) == words
    assert Group(meets_times=times, meets_per=per).meets == words
    assert Group(meets_times=times, meets_per=per, meets_words="and when asked").meets.endswith("and when asked")
