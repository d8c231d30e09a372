"""What paper needs of markup made for a screen."""
import re

from masa.bundle.pdf_paper import for_paper, told_once

HEAD = '<table class="govuk-table cards cards--words" role="table"><caption class="c">Agencies</caption>'


def table(*rows):
    first, *rest = rows
    head = "".join(f'<th scope="col">{word}</th>' for word in first)
    body = "".join(f'<tr><th scope="row">{row[0]}</th>' + "".join(f'<td><span class="cell-label" aria-hidden="true">x</span>{word}</td>' for word in row[1:]) + "</tr>" for row in rest)
    return f"{HEAD}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def shares(markup):
    return [float(share) for share in re.findall(r'<col style="width:([0-9.]+)%">', markup)]


def test_a_column_with_much_to_say_gets_the_room_and_no_word_is_broken():
    made = for_paper(table(("Name", "When", "Groups"), ("Protocol", "2017", "board " * 40), ("Plan", "2018", "one group")))
    name, when, groups = shares(made)
    assert 99 < name + when + groups < 101
    assert groups > 70
    assert when * 170 / 100 > 4 + 4 * 1.9


def test_what_is_the_same_in_every_row_is_said_once():
    made = for_paper(table(("Name", "Basis", "Note"), ("Police", "By law & custom", "a"), ("Council", "By law & custom", "b")).replace("law & ", "law &amp; "))
    assert made.count("By law &amp; custom") == 1
    assert "For each: Basis: By law &amp; custom.</span></caption>" in made
    assert len(shares(made)) == 2
    assert re.findall(r"<td>(.*?)</td>", made) == ["a", "b"]


def test_one_row_keeps_all_its_columns():
    made = for_paper(table(("Name", "Basis"), ("Police", "By law")))
    assert "For each" not in made
    assert len(shares(made)) == 2


def test_what_belongs_to_a_phone_is_left_out():
    made = for_paper('<svg x="1" class="diagram diagram--narrow"><g></g></svg><p>kept</p>' + table(("A", "B"), ("c", "d")))
    assert "narrow" not in made
    assert "cell-label" not in made
    assert "role=" not in made
    assert "<p>kept</p>" in made


def test_a_chart_without_a_bar_is_left_out():
    chart = '<figure class="figure"><svg viewBox="0 0 1 1" class="chart">{}</svg></figure>'
    assert for_paper(chart.format("<text>Not stated</text>")) == ""
    assert for_paper(chart.format("<rect/>")) == chart.format("<rect/>")


def test_groups_that_a_structure_tells_are_not_told_again():
    def block(key, *names):
        return {"key": key, "data": {"groups": [{"name": name} for name in names]}}

    def keys(*blocks):
        return [row["key"] for row in told_once([{"blocks": list(blocks)}])[0]["blocks"]]

    assert keys(block("structure", "a", "b"), block("groups", "a")) == ["structure"]
    assert keys(block("structure", "a"), block("groups", "a", "b")) == ["structure", "groups"]
    assert keys(block("groups", "a")) == ["groups"]
