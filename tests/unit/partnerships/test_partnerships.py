"""Who the parties are: dated rows, names and labels of their day, one holder at a time, scope that fails closed."""
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from masa.partnerships import scope
from masa.partnerships.fields import check_year
from masa.partnerships.models import (
    Appointment,
    ContactRoute,
    Organisation,
    OrganisationName,
    Partnership,
    Post,
    Seat,
    SeatLabel,
    SeatPost,
    not_reserved,
)

days = st.dates(date(1989, 1, 1), date(2100, 12, 31))


@pytest.fixture
def partnership(db):
    with scope.every_partnership(why="the test makes a partnership"):
        yield Partnership.objects.create(slug="testshire", name="Testshire Safeguarding Partnership", short_name="Testshire")


@pytest.fixture
def body(db):
    return Organisation.objects.create(slug="testshire-icb", name="Testshire Integrated Care Board")


@given(start=days, end=days, other=days, last=days)
def test_overlap_is_the_same_from_both_sides_and_as_counted_by_days(start, end, other, last):
    one = Appointment(holder="A", starts_on=min(start, end), ends_on=max(start, end))
    two = Appointment(holder="B", starts_on=min(other, last), ends_on=max(other, last))
    shared = max(one.starts_on, two.starts_on) <= min(one.ends_on, two.ends_on)
    assert one.overlaps(two) == two.overlaps(one) == shared


@pytest.mark.parametrize(
    ("one", "two", "overlap"),
    [((None, None), (None, None), True), ((None, date(2020, 1, 1)), (date(2020, 1, 2), None), False), ((date(2020, 1, 1), None), (None, date(2020, 1, 1)), True)],
)
def test_open_ends_overlap(one, two, overlap):
    first, second = (Appointment(holder="x", starts_on=a, ends_on=b) for a, b in (one, two))
    assert first.overlaps(second) is second.overlaps(first) is overlap


def test_a_second_holder_is_refused_with_a_sentence(body):
    post = Post.objects.create(slug="nurse", title="Chief Nurse", organisation=body)
    Appointment.objects.create(post=post, holder="Ann", starts_on=date(2020, 1, 1))
    with pytest.raises(ValidationError, match="Someone else holds this post in that period"):
        Appointment(post=post, holder="Ben", starts_on=date(2021, 1, 1)).full_clean()
    assert post.holder_on(date(2020, 6, 1)).holder == "Ann"
    assert post.holder_on(date(2019, 6, 1)) is None


def test_a_body_has_the_name_of_the_day(body):
    OrganisationName.objects.create(organisation=body, name="Testshire CCG", starts_on=date(2013, 4, 1), ends_on=date(2022, 6, 30))
    assert body.name_on(date(2022, 6, 30)) == "Testshire CCG"
    assert body.name_on(date(2022, 7, 1)) == "Testshire Integrated Care Board"


def test_no_body_is_above_or_after_itself(body):
    part = Organisation.objects.create(slug="part", name="Part", parent=body)
    body.parent = part
    with pytest.raises(ValidationError, match="its own parent"):
        body.full_clean()


def test_a_label_that_names_the_guidance_comes_before_one_for_any(partnership, body):
    seat = Seat.objects.create(partnership=partnership, slug="health", kind="health", organisation=body)
    SeatLabel.objects.create(seat=seat, text="Health partner")
    SeatLabel.objects.create(seat=seat, text="ICB", guidance="wt23", starts_on=date(2022, 7, 1))
    assert seat.label_on(date(2023, 1, 1), ["wt23"]).text == "ICB"
    assert seat.label_on(date(2023, 1, 1), ["wt18"]).text == "Health partner"
    assert seat.label_on(date(2020, 1, 1), ["wt23"]).text == "Health partner"


def test_layers_of_delegation_are_counted_and_a_circle_ends(partnership, body):
    posts = [Post.objects.create(slug=f"p{n}", title=f"Post {n}", organisation=body) for n in range(3)]
    seat = Seat.objects.create(partnership=partnership, slug="health", kind="health", organisation=body)
    lead, first, second = (
        SeatPost.objects.create(partnership=partnership, seat=seat, post=post, capacity="delegate" if n else "lead") for n, post in enumerate(posts)
    )
    first.delegated_by, second.delegated_by = lead, first
    known = {x.pk: x for x in (lead, first, second)}
    assert [len(x.delegates_above(known)) for x in (first, second)] == [0, 1]
    first.delegated_by = second
    assert len(second.delegates_above(known)) == 1


def test_a_lead_post_needs_a_seat_and_education_does_not(partnership, body):
    post = Post.objects.create(slug="head", title="Head teacher", organisation=body)
    SeatPost.objects.create(partnership=partnership, post=post, capacity="delegate")
    with pytest.raises(IntegrityError), transaction.atomic():
        SeatPost.objects.create(partnership=partnership, post=post, capacity="lead")


def test_periods_do_not_end_before_they_start(partnership, body):
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(partnership=partnership, slug="x", kind="health", organisation=body, starts_on=date(2020, 1, 2), ends_on=date(2020, 1, 1))


def test_a_contact_route_reaches_someone(partnership):
    route = ContactRoute(partnership=partnership, kind="child", name="Front door")
    with pytest.raises(ValidationError, match="Give a telephone number, a web page or an e-mail address"):
        route.full_clean()
    route.telephone = "ring 0800"
    with pytest.raises(ValidationError, match="Use figures and spaces"):
        route.full_clean()


@pytest.mark.parametrize("slug", ["admin", "verify", "workspace", "static"])
def test_the_sites_own_address_words_are_not_taken(slug):
    with pytest.raises(ValidationError, match="is used by the site itself"):
        not_reserved(slug)


@pytest.mark.parametrize(("day", "fits"), [(date(1988, 12, 31), False), (date(1989, 1, 1), True), (date(2100, 12, 31), True), (date(2101, 1, 1), False)])
def test_years_run_from_1989_to_2100(day, fits):
    if fits:
        check_year(day)
    else:
        with pytest.raises(ValidationError, match="between 1989 and 2100"):
            check_year(day)


def test_scope_shows_its_own_partnerships_and_nothing_without_one(partnership, body):
    other = Partnership.objects.create(slug="other", name="Other", short_name="Other")
    for owner in (partnership, other):
        Seat.objects.create(partnership=owner, slug="health", kind="health", organisation=body)
    with scope.of(partnership):
        assert [s.partnership_id for s in Seat.objects.all()] == [partnership.pk]
        assert scope.partnership_ids() == [partnership.pk]
        assert list(Partnership.objects.all()) == [partnership]
        assert body.seats.count() == 1
    with scope.of(partnership, other):
        assert Seat.objects.count() == 2
    with pytest.raises(ValueError, match="Say why"), scope.every_partnership(why=""):
        pass


def test_a_change_of_a_row_is_in_its_history(partnership):
    partnership.strapline = "Together for children"
    partnership.save()
    assert [h.strapline for h in partnership.history.order_by("history_id")] == ["", "Together for children"]
