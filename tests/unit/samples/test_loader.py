"""Every mistake that a file of samples can hold is named with its file, row and field, and nothing is saved."""
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from arrangements.models import Contribution, Group, GroupLink, RelevantAgency
from arrangements.samples.loading import load
from arrangements.samples.reading import SamplesRefused, parse
from arrangements.samples.values import Refused, amount, date, moment
from masa.guidance.loading import SHIPPED, load_guidance
from masa.partnerships import scope
from masa.partnerships.models import Appointment, Area, Organisation, Partnership, SeatPost
from masa.publishing.models import Publication

GOOD = """
areas: [{slug: brook, name: Brook}]
organisations:
  - {slug: brook-council, name: Brook Council, kind: local_authority, successor: brook-city}
  - {slug: brook-city, name: Brook City Council, kind: local_authority}
  - {slug: mill-school, name: Mill School, kind: education}
posts: [{slug: brook-chief, title: Chief Executive, organisation: brook-council}]
appointments:
  - {post: brook-chief, holder: Ann Sample, ends_on: 2024-12-31}
  - {post: brook-chief, holder: Ben Sample, starts_on: 2025-01-01}
partnership: {slug: brook, name: Brook Partnership, short_name: Brook, sample: invented, host: brook-council, areas: [brook]}
seats:
  - slug: council
    kind: local_authority
    organisation: brook-council
    posts: [{key: place, post: brook-chief, capacity: delegate, delegated_by: lead}, {key: lead, post: brook-chief, capacity: lead}]
agencies: [{slug: schools, category: Each school, members: [{organisation: mill-school}]}]
groups:
  - {slug: executive, name: Executive, meets_times: 4, meets_per: year, links: [{kind: reports_to, to_group: leads}]}
  - {slug: leads, name: Leads, memberships: [{agency: schools}]}
funds:
  - slug: 2026-27
    title: Budget
    body_funded: Brook
    year_starts_on: 2026-04-01
    year_ends_on: 2027-03-31
    contributions: [{label: Council, amount: "1234.50"}]
people: [{email: ed@brook.example, name: Ed Sample, roles: [editor]}]
publications:
  - kind: arrangements
    slug: arrangements
    title: Our plan
    editions:
      - title: Our plan
        as_on: 2024-06-01
        guidance: [wt23]
        sections: [{key: introduction, anchor: start, heading: Why, body: "<p>Because.</p>"}]
        answers: [{guidance: wt23, code: WT23-PUB-01, status: answered, sections: [start]}]
"""

MISTAKES = [
    # (what stands in the good file, what stands there instead, row, field, words of the sentence)
    ("areas: [", "arias: [", "file", "arias", "A file has no part of this name."),
    ("name: Executive,", "name: Executive, colour: red,", "groups 1 (executive)", "colour", "No row here has this. What it may have: slug, name,"),
    ("name: Executive,", "name: Executive, id: 7,", "groups 1 (executive)", "id", "No row here has this."),
    ("organisation: mill-school", "organisation: hill-school", "agencies 1 (schools): members 1", "organisation",
     "There is no organisation called “hill-school”."),
    ("to_group: leads", "to_group: leaders", "groups 1 (executive): links 1", "to_group", "There is no group called “leaders”."),
    ("successor: brook-city", "successor: brook-town", "organisations 1 (brook-council)", "successor", "There is no organisation called “brook-town”."),
    ("areas: [brook]", "areas: [brooke]", "partnership", "areas", "There is no area called “brooke”."),
    ("ends_on: 2024-12-31", "ends_on: 2026-02-30", "appointments 1", "ends_on", "February 2026 has no day 30."),
    ("ends_on: 2024-12-31", "ends_on: 1988-12-31", "appointments 1", "ends_on", "Enter a year from 1989 to 2100."),
    ("year_ends_on: 2027-03-31", "year_ends_on: 2101-03-31", "funds 1 (2026-27)", "year_ends_on", "Enter a year from 1989 to 2100."),
    ("ends_on: 2024-12-31", "ends_on: 31/12/2024", "appointments 1", "ends_on", "Write it as year, month and day"),
    ("starts_on: 2025-01-01", "starts_on: 2024-12-31", "appointments 2", "row", "Someone else holds this post in that period."),
    ('"1234.50"', '"-1"', "funds 1 (2026-27): contributions 1", "amount", "An amount cannot be negative."),
    ('"1234.50"', '"1e3"', "funds 1 (2026-27): contributions 1", "amount", "“1e3” is not an amount."),
    ('"1234.50"', '"£1,00"', "funds 1 (2026-27): contributions 1", "amount", "“£1,00” is not an amount."),
    ("kind: education", "kind: school", "organisations 3 (mill-school)", "kind", "“school” is not a choice here. Write one of: local_authority,"),
    ("meets_times: 4", "meets_times: often", "groups 1 (executive)", "meets_times", "is not a whole number"),
    ("memberships: [{agency: schools}]", "memberships: [{note: nobody}]", "groups 2 (leads): memberships 1", "row",
     "Choose exactly one of a post, an organisation or an agency."),
    ("memberships: [{agency: schools}]", "links: [{kind: reports_to, to_group: executive}]", "groups 2 (leads): links 1", "to_group",
     "Leads would report to itself along this line."),
    ("slug: leads", "slug: executive", "groups 2 (executive)", "slug", "“executive” is the name of an earlier row."),
    ("slug: mill-school, name", "name", "organisations 3", "slug", "The row needs a slug"),
    ("[{slug: brook, name: Brook}]", "[{slug: brook, slug: brock, name: Brook}]", "line 2", "slug", "This name stands twice in the same place."),
    ("[{slug: brook, name: Brook}]", "{slug: brook, name: Brook}", "areas", "row", "Write a list here"),
    ("[{slug: brook, name: Brook}]", "[brook]", "areas 1", "row", "“brook” is not a row."),
    ("[{slug: brook, name: Brook}]", "[{slug: brook, name: [Brook]}]", "areas 1 (brook)", "name", "Write words here"),
    ("name: Brook}]", '"name": "Br\\u202eook"}]', "areas 1 (brook)", "name", "changes the direction of writing"),
    ("slug: brook, name: Brook Partnership", "slug: admin, name: Brook", "partnership", "row", "is used by the site itself"),
    ("sample: invented, ", "", "partnership", "sample", "a file may only hold a sample"),
    ("<p>Because.</p>", "<p>Because.</p><script>steal()</script>", "publications 1 (arrangements): editions 1: sections 1 (introduction)", "body",
     "active or embedded content was removed"),
    ("<p>Because.</p>", "<p onclick='x'>A</p><img src=x>", "publications 1 (arrangements): editions 1: sections 1 (introduction)", "body", "1 picture was removed."),
    ("<p>Because.</p>", "<p><a href='javascript:x()'>A</a></p>", "publications 1 (arrangements): editions 1: sections 1 (introduction)", "body", "1 link was removed"),
    ("<p>Because.</p>", "<blockquote>" * 200, "publications 1 (arrangements): editions 1: sections 1 (introduction)", "body", "nested more than 30 levels deep"),
    ("kind: arrangements", "kind: arrangement", "publications 1 (arrangements)", "kind", "“arrangement” is no kind of publication. Write one of: arrangements,"),
    ("anchor: start,", "anchor: start, blocks: [agents],", "publications 1 (arrangements): editions 1: sections 1 (introduction)", "blocks", "“agents” is no block."),
    ("key: introduction, ", "as_before: true, ", "publications 1 (arrangements): editions 1: sections 1", "as_before", "Write only the anchor"),
    ("guidance: [wt23]", "guidance: [wt99]", "publications 1 (arrangements): editions 1", "guidance", "No edition of guidance is called “wt99”."),
    ("code: WT23-PUB-01", "code: WT23-PUB-99", "publications 1 (arrangements): editions 1: answers 1", "code", "“WT23-PUB-99” is no requirement of wt23."),
    ("sections: [start]", "sections: [end]", "publications 1 (arrangements): editions 1: answers 1", "sections", "There is no section “end” in this edition."),
    ("status: answered", "status: partly", "publications 1 (arrangements): editions 1: answers 1", "by_when", "Write the date by which"),
    ("as_on: 2024-06-01", "state: published", "publications 1 (arrangements): editions 1", "state", "No row here has this."),
    ("as_on: 2024-06-01", "as_on: 2024-06-01\n        reconstruction: {source: A report, status_then: draft}",
     "publications 1 (arrangements): editions 1", "reconstruction", "this partnership is invented"),
    ("as_on: 2024-06-01", "as_on: 2024-06-01\n        explains: {publication: arrangements, edition: 9}",
     "publications 1 (arrangements): editions 1", "explains", "further up in this file"),
    ("as_on: 2024-06-01", "as_on: 2024-06-01\n        moves: [{do: publish, by: ed@brook.example, at: 2024-06-02T10:00}]",
     "publications 1 (arrangements): editions 1: moves 1", "by", "Your role does not let you do this: publish"),
    ("as_on: 2024-06-01", "as_on: 2024-06-01\n        moves: [{do: submit, by: ed@brook.example, at: 2024-06-02T10:00}]",
     "publications 1 (arrangements): editions 1: moves 1", "do", "No seat is held for health."),
    ("as_on: 2024-06-01", "as_on: 2024-06-01\n        moves: [{do: jump, by: no@brook.example, at: 2024-06-02T25:00}]",
     "publications 1 (arrangements): editions 1: moves 1", "at", "hours go from 00 to 23"),
    ("ed@brook.example", "ed@brook.org", "people 1", "email", "Write an address that ends in .example"),
    ("roles: [editor]", "roles: [lead]", "people 1", "roles", "“lead” is no role that is granted."),
    ("roles: [editor]", "holds: [brook-chief]", "people 1", "holds", "names Ed Sample as its holder"),
]  # fmt: skip


@pytest.fixture
def guidance(db):
    load_guidance([SHIPPED / "wt18.yaml", SHIPPED / "wt23.yaml"])


@pytest.fixture
def loaded(tmp_path, guidance):
    """Load a file with this text, as ``brook.yaml``; return what was loaded."""

    def load_text(text, name="brook.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return load([path])

    return load_text


def saved():
    """How many rows of the kinds that the file begins, middles and ends with are in the database."""
    with scope.every_partnership(why="a test counts"):
        return [model.objects.count() for model in (Area, Organisation, Partnership, Group, Publication)]


def test_a_file_becomes_rows_with_their_references(loaded):
    assert loaded(GOOD).new == ["brook"]
    with scope.every_partnership(why="a test reads"):
        brook = Partnership.objects.get(slug="brook")
        council = Organisation.objects.get(slug="brook-council")
        assert (brook.host, council.successor.name, council.owner) == (council, "Brook City Council", brook)
        assert SeatPost.objects.get(capacity="delegate").delegated_by.capacity == "lead"
        assert str(RelevantAgency.objects.get().members.get()) == "Mill School"
        assert str(GroupLink.objects.get()) == "Executive reports to Leads"
        assert Contribution.objects.get().amount == Decimal("1234.50")
        edition = Publication.objects.get().editions.get()
        section = edition.sections.get()
        assert edition.answers.get().sections == [str(section.uid)]
        assert (edition.number, edition.state, section.template_key, section.body) == (1, "draft", "introduction", "<p>Because.</p>")


def test_history_has_the_clock_of_the_file(loaded):
    loaded("entered_at: 2024-07-01T09:30\n" + GOOD)
    assert [str(row.history_date) for row in Organisation.history.filter(slug="mill-school")] == ["2024-07-01 08:30:00+00:00"] * 2


@pytest.mark.parametrize(("stands", "instead", "row", "field", "words"), MISTAKES)
def test_a_mistake_is_named_and_nothing_is_saved(loaded, stands, instead, row, field, words):
    assert stands in GOOD
    with pytest.raises(SamplesRefused) as refused:
        loaded(GOOD.replace(stands, instead, 1))
    named = [p for p in refused.value.problems if (p.file, p.row, p.field) == ("brook.yaml", row, field)]
    assert any(words in problem.sentence for problem in named), str(refused.value)
    assert str(named[0]).startswith(f"brook.yaml: {row}: {field}: ")
    assert saved() == [0, 0, 0, 0, 0]


def test_all_mistakes_of_all_files_are_named_at_once(tmp_path, guidance):
    (tmp_path / "a.yaml").write_text("areas: [{slug: A B, name: A}]")
    (tmp_path / "b.yaml").write_text(GOOD.replace("2024-12-31", "2024-02-31").replace('"1234.50"', '"x"'))
    with pytest.raises(SamplesRefused) as refused:
        load([tmp_path / "b.yaml", tmp_path / "a.yaml"])
    assert [(p.file, p.field) for p in refused.value.problems] == [("a.yaml", "slug"), ("b.yaml", "ends_on"), ("b.yaml", "amount")]
    assert saved() == [0, 0, 0, 0, 0]


def test_a_row_that_names_a_broken_row_is_not_reported_again(loaded):
    with pytest.raises(SamplesRefused) as refused:
        loaded(GOOD.replace("slug: mill-school, name: Mill School", "slug: mill-school, name: ''"))
    assert [(p.row, p.field) for p in refused.value.problems] == [("organisations 3 (mill-school)", "name")]


def test_what_is_there_already_is_left_as_it_is(loaded):
    loaded(GOOD)
    with scope.every_partnership(why="a test changes a row"):
        Partnership.objects.update(strapline="Entered at work")
        Organisation.objects.filter(slug="mill-school").update(name="Mill Lane School")
    assert loaded(GOOD).kept == ["brook"]
    other = GOOD.replace("slug: brook, name: Brook Partnership", "slug: pond, name: Pond Partnership").replace("ed@", "edna@")
    assert loaded(other).new == ["pond"]
    with scope.every_partnership(why="a test reads"):
        assert Partnership.objects.get(slug="brook").strapline == "Entered at work"
        assert Organisation.objects.get(slug="mill-school").name == "Mill Lane School"
        assert Appointment.objects.count() == 2


def test_two_files_for_one_partnership_are_refused(tmp_path, guidance):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(GOOD)
    with pytest.raises(SamplesRefused, match=r"b\.yaml: partnership: slug: Another file describes brook already"):
        load([tmp_path / "a.yaml", tmp_path / "b.yaml"])


@pytest.mark.parametrize("text", ["[1, 2", "a: &x 1\nb: *x", "just words", "[" * 50, "a: !!python/object:os.system x", ""])
def test_a_file_that_cannot_be_read_is_a_problem(text):
    assert parse("x.yaml", text).problems[0].file == "x.yaml"


def test_a_missing_file_is_a_problem(tmp_path, db):
    with pytest.raises(SamplesRefused, match="gone.yaml: file: file: The file cannot be opened"):
        load([tmp_path / "gone.yaml"])


@pytest.mark.parametrize("slug", ["atlantis", "../pyproject", "shared"])
def test_the_command_names_the_samples_there_are(db, slug):
    with pytest.raises(CommandError, match=f"There is no sample called {slug}. The samples are: .*northside"):
        call_command("load_samples", slug)


@given(st.text(max_size=20))
def test_an_amount_is_taken_as_written_or_refused(text):
    try:
        taken = amount(text)
    except Refused as refused:
        assert "is not an amount" in str(refused)
    else:
        assert taken == Decimal(text) and "e" not in text.lower()


@given(st.dates())
def test_a_date_is_taken_in_the_years_that_matter(day):
    if 1989 <= day.year <= 2100:
        assert date(day.isoformat()) == day
    else:
        with pytest.raises(Refused):
            date(day.isoformat())


@pytest.mark.parametrize(("written", "instant"), [("2024-07-01T09:30", "2024-07-01 08:30:00+00:00"), ("2024-12-01T09:30", "2024-12-01 09:30:00+00:00")])
def test_a_time_is_that_of_london(written, instant):
    assert str(moment(written)) == instant


@pytest.mark.parametrize("written", ["2024-03-31T01:30", "2024-10-27T01:30", "2024-07-01", "2024-07-01T09:60", "2024-07-01T09:30Z"])
def test_a_time_that_names_no_one_instant_is_refused(written):
    with pytest.raises(Refused):
        moment(written)
