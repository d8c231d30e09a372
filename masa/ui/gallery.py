"""What the gallery of components shows: neutral contents, long enough to be real, and a form with one field of each kind."""
from datetime import date
from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms

from masa.ui.forms import DateInputField, Form, MoneyField
from masa.ui.prose import clean

DIGEST = "9f2c41d07be6a58312c4f0d6b9e7a1503d84c6f27ab19e50c3d2f8841670be9a"

PROSE = """
<h3>How the library service is run</h3>
<p>The service has eleven branches, one mobile library and a <a href="https://www.example.org/catalogue">catalogue of 240,000 items</a>.
 It is paid for by <strong>three bodies</strong>, who meet four times a year. <span data-scope="adults">Evening classes are held in six branches.</span></p>
<p data-scope="children">Every branch keeps a children’s room that opens at 9am on Saturdays.</p>
<ul><li>Opening hours are agreed each March.</li><li data-scope="adults">Study rooms can be booked for two hours at a time.</li><li>Fines ended in 2021.</li></ul>
<h4>Where the figures come from</h4>
<aside data-note="source"><p>The printed plan gives 12 branches in one place and 11 in another. The list at the end has 11.</p></aside>
<table><caption>Branches by size</caption><thead><tr><th scope="col">Branch</th><th scope="col">Opened</th><th scope="col">What it offers</th></tr></thead>
<tbody><tr><th scope="row">Market Square</th><td>1907</td><td>Lending, study rooms, archive</td></tr>
<tr data-scope="children"><th scope="row">Riverside</th><td>1974</td><td>Children’s lending and story time</td></tr></tbody></table>
<table><caption>Hours in a week</caption><tbody><tr><th scope="row">Branch</th><th scope="col" colspan="2">Term</th></tr>
<tr><th scope="row">Market Square</th><td>48</td><td>52</td></tr></tbody></table>
"""


class SampleForm(Form):
    """One field of each kind."""

    title = forms.CharField(max_length=80, help_text="As it should stand on the page.")
    email = forms.EmailField(label="E-mail address")
    summary = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=400, help_text="Two or three sentences.")
    notes = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=200, required=False)
    branch = forms.ChoiceField(choices=[("", "Choose a branch"), ("market", "Market Square"), ("river", "Riverside")])
    how = forms.ChoiceField(label="How should we answer?", widget=forms.RadioSelect, choices=[("post", "By post"), ("mail", "By e-mail")])
    rooms = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, choices=[("a", "Reading room"), ("b", "Study room"), ("c", "Archive")])
    met_on = DateInputField(label="Date of the meeting", help_text="For example, 27 3 2026.")
    amount = MoneyField(label="Amount in pounds", required=False)
    plan = forms.FileField(label="Floor plan", help_text="A PDF of at most 25 MB.")
    password = forms.CharField(widget=forms.PasswordInput)
    agreed = forms.BooleanField(label="I have read the rules of the house")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["how"].option_hints = {"post": "Within five working days."}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        about = ("title", "email", "summary", "notes")
        self.helper.layout = Layout(Fieldset("About the request", *about), *(name for name in self.fields if name not in about))
        self.helper.add_input(Submit("save", "Save and continue"))
        self.helper.add_input(Submit("later", "Save for later", css_class="govuk-button--secondary"))


def contents(asset):
    """Return the context of the gallery page; ``asset`` maps logical names to addresses."""
    return {
        "asset": asset,
        "site": {
            "name": "Northfield and Westlea Library Partnership", "strapline": "A gallery of components", "accent": "teal", "home": "/components/",
            "nav": [{"href": "#main-content", "text": "Plan", "current": True}, {"href": "#contacts", "text": "Branches"},
                    {"href": "#updates", "text": "Updates"}],
            "worried": {"text": "Worried about a child?", "href": "#contacts"},
            "footer": [{"href": "#accessibility", "text": "Accessibility statement"}, {"href": "#privacy", "text": "Privacy"},
                       {"href": "#updates", "text": "Updates"}],
            "search": "/components/",
        },
        "noindex": True, "exit_page": True,
        "crumbs": [{"href": "/components/", "text": "Home"}, {"href": "/components/", "text": "Library plan"}, {"text": "Components"}],
        "form": SampleForm(prefix="empty"), "wrong_form": SampleForm({"wrong-met_on_day": "31", "wrong-met_on_month": "2", "wrong-met_on_year": "2026"}, {}, prefix="wrong"),
        "prose": clean(PROSE).html, "digest": DIGEST,
    } | _TABLES | _LISTS | _STRUCTURE  # fmt: skip


_TABLES = {
    "columns": [{"text": "Branch"}, {"text": "Kind"}, {"text": "Visits", "numeric": True}],
    "rows": [[{"text": "Market Square", "href": "#contacts"}, "Main library", "182,400"], ["Riverside", "Branch", "64,120"], ["All branches", "", "246,520"]],
    "money_columns": ["Cash", "In kind"],
    "money_rows": [
        {"label": "Northfield Borough", "cells": [Decimal("232079"), Decimal("14500.50")]},
        {"label": "Westlea District", "cells": [Decimal("118000"), None], "note": "Includes the mobile library"},
        {"label": "Friends of the Library", "cells": [Decimal("0"), None]},
        {"label": "Total", "cells": [Decimal("350079"), Decimal("14500.50")], "total": True},
    ],
    "chart": [
        ("Northfield Borough", Decimal("232079"), "£232,079"), ("Westlea District", Decimal("118000"), "£118,000"),
        ("Friends of the Library", Decimal("0"), "£0"), ("Adult education service of the two districts", None, "Not stated"),
    ],
    "matrix_columns": ["Board", "Book fund", "Children’s panel", "Buildings"],
    "matrix_key": [{"state": "yes", "words": "Member"}, {"state": "maybe", "words": "Expected to join"}],
    "matrix_rows": [
        {"label": "Northfield Borough", "href": "#contacts", "cells": [{"state": "yes", "words": "Member"}] * 4},
        {"label": "Primary schools", "scope": "children", "cells": [{}, {}, {"state": "yes", "words": "Member", "note": "Two heads in turn"}, {}]},
        {"label": "Adult education service", "scope": "adults", "cells": [{"state": "maybe", "words": "Expected to join"}, {}, {}, {"state": "yes", "words": "Member"}]},
    ],
}  # fmt: skip

_LISTS = {
    "summary": [{"key": "Edition", "value": "3"}, {"key": "In force from", "value": "1 April 2026", "href": "#control", "action": "Change"},
                {"key": "Due for review", "value": "By 31 March 2027"}],
    "errors": [{"href": "#id_wrong-title", "text": "Fill in: title."}, {"text": "The plan was changed by someone else while you worked."}],
    "pages": [{"number": 1, "href": "?page=1"}, {"number": 2, "href": "?page=2", "current": True}, {"number": 3, "href": "?page=3"}],
    "routes": [
        {"name": "Lost property and anything urgent about a child", "telephone": "01632 960 101", "hours": "Monday to Friday, 8.45am to 5pm",
         "address": "desk@library.example", "href": "mailto:desk@library.example", "checked": date(2026, 11, 2)},
        {"name": "Evenings, weekends and bank holidays", "telephone": "01632 960 102", "note": "Ask for the duty officer.", "checked": date(2026, 11, 2)},
        {"name": "Another language or format", "address": "Ask for large print, audio or Easy Read", "href": "#formats"},
    ],
    "steps": [
        {"who": "The two members of staff", "what": "Talk it through and write down what was agreed.", "within": "Within 1 working day"},
        {"who": "Their managers", "what": "Meet, read the notes and decide.", "within": "Within 3 working days", "contact": "Branch managers’ line, 01632 960 110"},
        {"who": "The board", "what": "Hears both sides. What it decides is final."},
    ],
    "contents_items": [
        {"href": "#a", "text": "Who we are", "about": "Three bodies and what each brings"}, {"href": "#b", "text": "Story time and reading clubs", "scope": "children"},
        {"href": "#c", "text": "Evening classes", "scope": "adults"}, {"href": "#d", "text": "Money"}, {"href": "#e", "text": "When people disagree"},
    ],
    "updates": [
        {"on": date(2026, 11, 2), "title": "Edition 3 published", "href": "#a", "words": "Westlea District joins; Saturday hours change."},
        {"on": date(2026, 4, 1), "title": "Telephone number of the main desk changed"},
    ],
    "control": [{"key": "Title", "value": "Library plan"}, {"key": "Edition", "value": "3"}, {"key": "Agreed by", "value": "Northfield Borough, Westlea District, Friends of the Library"}],
    "before_section": {"href": "#a", "text": "Who we are"}, "after_section": {"href": "#c", "text": "Evening classes"},
}  # fmt: skip

_STRUCTURE = {
    "nodes": [
        {"id": "council", "label": "Joint committee of the two councils", "kind": "outside"},
        {"id": "board", "label": "Library board", "kind": "lead", "note": "Meets 4 times a year"},
        {"id": "books", "label": "Book fund", "kind": "plain"},
        {"id": "young", "label": "Children’s panel", "kind": "plain", "scope": "children"},
        {"id": "adults", "label": "Evening classes panel", "kind": "plain", "scope": "adults"},
        {"id": "build", "label": "Buildings", "kind": "plain"},
        {"id": "mobile", "label": "Mobile library", "kind": "plain", "note": "Joint with the county"},
        {"id": "story", "label": "Story time volunteers", "kind": "plain", "scope": "children"},
        {"id": "club", "label": "Reading clubs", "kind": "plain"},
        {"id": "heritage", "label": "Heritage working party", "kind": "former", "note": "Ended in 2024"},
        {"id": "friends", "label": "Friends of the Library", "kind": "outside"},
    ],
    "edges": [
        {"from": "board", "to": "council", "kind": "reports_to", "label": "reports to"},
        *({"from": ident, "to": "board", "kind": "reports_to", "label": "reports to"} for ident in ("books", "young", "adults", "build", "mobile")),
        {"from": "story", "to": "young", "kind": "reports_to", "label": "reports to"},
        {"from": "club", "to": "young", "kind": "reports_to", "label": "reports to"},
        {"from": "heritage", "to": "build", "kind": "reports_to", "label": "reports to"},
        {"from": "friends", "to": "board", "kind": "advises", "label": "advises"},
        {"from": "story", "to": "build", "kind": "links", "label": "works with"},
    ],
    "tree": [
        {"label": "Joint committee of the two councils", "children": [
            {"label": "Library board", "href": "#contacts", "note": "Meets 4 times a year", "children": [
                {"label": "Book fund"}, {"label": "Children’s panel", "scope": "children", "children": [{"label": "Story time volunteers", "ties": ["Works with Buildings"]}]},
            ]},
        ]},
        {"label": "Friends of the Library", "ties": ["Advises the Library board"]},
    ],
}  # fmt: skip
