"""What the crispy template pack "govuk" asks of a field: which shape it has, what describes it, where a summary link should land."""
from django import forms, template
from django.forms.boundfield import BoundWidget
from django.template.loader import render_to_string

from masa.ui.forms import BOXES, DatePartsWidget

register = template.Library()

_KINDS = (
    (DatePartsWidget, "date"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
)
_CLASSES = {
    "text": "govuk-input", "password": "govuk-input govuk-password-input__input govuk-js-password-input-input", "select": "govuk-select",
    "textarea": "govuk-textarea", "file": "govuk-file-upload", "radios": "govuk-radios__input", "checkboxes": "govuk-checkboxes__input",
    "checkbox": "govuk-checkboxes__input",
}  # fmt: skip


def kind_of(field):
    """Return the name of the template in govuk/kinds/ that prints a bound field."""
    if field.is_hidden:
        return "hidden"
    return next((kind for widget, kind in _KINDS if isinstance(field.field.widget, widget)), "text")


def focus_id(field):
    """Return the id of the element that should have the focus when someone mends this field."""
    kind = kind_of(field)
    if kind == "date":
        return f"{field.auto_id}_{BOXES.index(_wrong_boxes(field)[0]) if field.errors else 0}"
    return f"{field.auto_id}_0" if kind in {"radios", "checkboxes"} else field.id_for_label or field.auto_id


def _wrong_boxes(field):
    """Which boxes of a date are to be mended: those the error names, or all."""
    named = [box for error in field.form.errors.as_data().get(field.name, []) for box in (error.params or {}).get("boxes", [])]
    return [box for box in BOXES if box in named] or list(BOXES)


@register.simple_tag
def govuk_field(field, form_show_labels=True, show_errors=True):
    """Print a bound field with its label, hint and errors."""
    kind = kind_of(field)
    errors = list(field.errors) if show_errors is not False else []
    limit = int(field.field.widget.attrs["maxlength"]) if kind == "textarea" and field.field.widget.attrs.get("maxlength") else None
    described = [
        *([f"{field.auto_id}-hint"] if field.help_text else []),
        *([f"{field.auto_id}-error"] if errors else []),
        *([f"{field.auto_id}-info"] if limit else []),
    ]
    context = {
        "field": field, "errors": errors, "described_by": " ".join(described), "limit": limit,
        "show_label": form_show_labels is not False, "optional": not field.field.required,
    }  # fmt: skip
    return render_to_string(f"govuk/kinds/{kind}.html", context | _PARTS.get(kind, _control)(field, kind, context))


def _attrs(field, kind, context):
    own = field.field.widget.attrs.get("class", "")
    error = f" {_CLASSES[kind].split()[0]}--error" if context["errors"] else ""
    attrs = {"class": f"{_CLASSES[kind]}{error} {own}".strip()}
    if context["described_by"]:
        attrs["aria-describedby"] = context["described_by"]
    return attrs


def _control(field, kind, context):
    if kind == "hidden":
        return {"control": field.as_hidden() if not field.field.show_hidden_initial else str(field)}
    attrs = _attrs(field, kind, context)
    if kind == "textarea" and context["limit"]:
        attrs |= {"class": attrs["class"] + " govuk-js-character-count", "maxlength": False}  # may be overrun, and is then told by how much
    if kind == "password":
        attrs |= {"spellcheck": "false", "autocapitalize": "none"}
    usual = "current-password" if kind == "password" else "email" if isinstance(field.field.widget, forms.EmailInput) else None
    if usual and "autocomplete" not in field.field.widget.attrs:
        attrs["autocomplete"] = usual
    return {"control": field.as_widget(attrs=attrs)}


def _file(field, kind, context):
    """A file that is there already is named in words; it may be ticked off where the field is optional."""
    widget, attrs = field.field.widget, {"id": field.auto_id, **_attrs(field, kind, context)}
    plain = forms.FileInput(attrs=widget.attrs)
    if field.field.required and not field.initial:
        attrs["required"] = field.form.use_required_attribute
    now = field.initial if getattr(field.initial, "name", "") or isinstance(field.initial, str) else None
    clear = widget.clear_checkbox_name(field.html_name) if isinstance(widget, forms.ClearableFileInput) and now and not field.field.required else ""
    return {"control": plain.render(field.html_name, None, attrs), "now": now, "clear": clear}


def _options(field, kind, context):
    widget = field.field.widget
    attrs = widget.attrs | {"id": field.auto_id, "class": _CLASSES[kind]}
    if field.field.disabled:
        attrs["disabled"] = True
    hints = getattr(field.field, "option_hints", {})
    options = []
    for data in widget.subwidgets(field.html_name, field.value(), attrs=attrs):
        option = BoundWidget(widget, data, field.form.renderer)
        hint = hints.get(str(data["value"]))
        if hint:
            data["attrs"]["aria-describedby"] = f"{data['attrs']['id']}-hint"
        options.append({"control": option.tag(), "id": data["attrs"]["id"], "label": option.choice_label, "hint": hint})
    return {"options": options, "small": "govuk-radios--small" in widget.attrs.get("class", "")}


def _date(field, kind, context):
    wrong = _wrong_boxes(field) if context["errors"] else []
    values = field.value()
    values = list(values) if isinstance(values, list | tuple) else field.field.widget.decompress(values)
    boxes = []
    for index, (name, value) in enumerate(zip(BOXES, values, strict=True)):
        width = "4" if name == "year" else "2"
        error = " govuk-input--error" if name in wrong else ""
        attrs = {"id": f"{field.auto_id}_{index}", "class": f"govuk-input govuk-date-input__input govuk-input--width-{width}{error}"}
        if field.field.disabled:
            attrs["disabled"] = True
        control = field.field.widget.widgets[index].render(f"{field.html_name}_{name}", value, attrs)
        boxes.append({"control": control, "id": attrs["id"], "label": name.capitalize()})
    return {"boxes": boxes}


_PARTS = {"radios": _options, "checkboxes": _options, "date": _date, "file": _file}


@register.simple_tag
def govuk_errors(form):
    """Return what the error summary lists: [{href, text}], the errors of the whole form first, then field by field."""
    whole = [{"href": "", "text": words} for words in form.non_field_errors()]
    hidden = [{"href": "", "text": words} for field in form.hidden_fields() for words in field.errors]
    return whole + hidden + [{"href": f"#{focus_id(field)}", "text": words} for field in form.visible_fields() for words in field.errors]


@register.simple_tag
def govuk_formset_errors(formset):
    """The same for a formset and all its forms."""
    whole = [{"href": "", "text": words} for words in formset.non_form_errors()]
    return whole + [error for form in formset.forms for error in govuk_errors(form)]


@register.filter
def button_classes(classes):
    """Return the classes that a layout gave a button, without those that another design's buttons start from."""
    return " ".join(name for name in classes.split() if not name.startswith("btn"))
