"""What every table of the register has in common: whose rows are shown, who may change them, how refusals read."""
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import NestedObjects, unquote
from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS, IntegrityError, models
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst

from masa.accounts import permissions
from masa.accounts.permissions import Action
from masa.partnerships.models import Partnership
from masa.ui.text import date_words
from masa.work.register import access, history, tables
from masa.work.register.forms import DayField, RegisterForm, TopForm, placed_by

EMPTY = "not stated"
HOLDERS_OVERLAP = "Someone else holds this post in part of that time. Give one of the two another date."
CLASH = "Someone else changed these rows at the same moment, so nothing was saved. Look at them again and repeat your change."


class HoldsNow(admin.SimpleListFilter):
    """Rows that hold today, held once, or will hold."""

    title = "when it holds"
    parameter_name = "when"

    def lookups(self, request, model_admin):
        return [("now", "Holds now"), ("over", "Over"), ("to-come", "Still to come")]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        if self.value() == "now":
            return queryset.filter(Q(starts_on=None) | Q(starts_on__lte=today)).filter(Q(ends_on=None) | Q(ends_on__gte=today))
        if self.value() == "over":
            return queryset.filter(ends_on__lt=today)
        return queryset.filter(starts_on__gt=today) if self.value() == "to-come" else queryset


@admin.display(description="holds", ordering="starts_on")
def period(row):
    """Return from when to when a row holds, in words."""
    if row.starts_on is None and row.ends_on is None:
        return "no dates"
    start = f"from {date_words(row.starts_on)}" if row.starts_on else ""
    return " ".join(filter(None, [start, f"to {date_words(row.ends_on)}" if row.ends_on else ""]))


class OwnChoices:
    """What the pages and the inlines share: forms that know who is asking."""

    empty_value_display = EMPTY
    formfield_overrides = {
        models.TextField: {"widget": admin.widgets.AdminTextareaWidget(attrs={"rows": 4})},
        models.DateField: {"form_class": DayField, "widget": admin.widgets.AdminDateWidget},
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        if isinstance(widget, admin.widgets.RelatedFieldWidgetWrapper):
            # Rows are added from their own pages; a row in use is never deleted from a picker.
            widget.can_change_related = widget.can_delete_related = widget.can_view_related = False
        return field


class RegisterAdmin(OwnChoices, admin.ModelAdmin):
    """A table of the register.

    ``purpose``: one or two sentences on what the table is for. ``public_path``: the row's own public address below that of
    its partnership, as a format of the row, such as "agencies/{row.slug}/".
    """

    form = TopForm
    purpose = ""
    change_action = Action.REGISTER_CHANGE
    public_path = None
    list_per_page = 50
    list_max_show_all = 0
    show_facets = admin.ShowFacets.NEVER
    save_on_top = False
    delete_confirmation_template = "admin/register_delete.html"
    delete_selected_confirmation_template = "admin/register_delete_selected.html"
    object_history_template = "admin/register_history.html"

    # Whose rows

    def get_queryset(self, request):
        """Return the rows this person may read: their partnerships' by the scope, narrowed to those where they read the register."""
        rows = self.prepared(super().get_queryset(request))
        path = access.path_of(self.model)
        if path is None:
            return rows
        return rows.filter(**{f"{path or 'pk'}__in": access.partnerships_for(request.user, Action.REGISTER_VIEW)})

    def get_object(self, request, object_id, from_field=None):
        """Return the row of this id, also where the person is a member without the right, who is then refused."""
        if from_field is not None:
            return None
        try:
            return self.prepared(super().get_queryset(request)).get(pk=self.model._meta.pk.to_python(object_id))
        except (self.model.DoesNotExist, ValueError, OverflowError, admin.options.ValidationError):
            return None

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404

    def prepared(self, rows):
        """Return rows with what the columns of the list count or add up."""
        return rows

    # Who may

    def has_module_permission(self, request):
        return access.opens(request.user)

    def has_view_permission(self, request, obj=None):
        return access.opens(request.user) if obj is None else access.may_view(request.user, obj)

    def has_change_permission(self, request, obj=None):
        if obj is not None and obj.pk is not None:
            return access.may_change(request.user, obj, self.change_action)
        return permissions.can_anywhere(request.user, self.change_action)

    def has_add_permission(self, request):
        return permissions.can_anywhere(request.user, self.change_action)

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def has_import_permission(self, request):
        return permissions.can_anywhere(request.user, Action.REGISTER_IMPORT)

    # The form

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.request = request
        return form

    def get_fieldsets(self, request, obj=None):
        """Return the groups of fields; who decides the partnership and why it changes come last."""
        groups = [(title, dict(options)) for title, options in self.fieldsets or [(None, {"fields": self.own_fields()})]]
        chooser = self.chooser(request, obj)
        if chooser:
            groups[0][1]["fields"] = [chooser, *groups[0][1]["fields"]]
        if obj is None or self.has_change_permission(request, obj):
            groups.append((None, {"fields": ["change_reason"]}))
        return groups

    def own_fields(self):
        """Return the fields of the model in their order, without those that we set."""
        hidden = {"partnership", "owner"}
        return [f.name for f in (*self.opts.fields, *self.opts.many_to_many) if f.editable and not f.primary_key and f.name not in hidden]

    def chooser(self, request, obj):
        """Return the field by which someone with several partnerships says where a new row goes, or ""."""
        several = obj is None and len(access.partnerships_for(request.user, Action.REGISTER_CHANGE)) > 1
        return placed_by(self.model) if several else ""

    def get_readonly_fields(self, request, obj=None):
        fixed = tuple(super().get_readonly_fields(request, obj))
        return (*fixed, "slug") if obj is not None and access.has_field(self.model, "slug") and "slug" not in fixed else fixed

    def get_prepopulated_fields(self, request, obj=None):
        return super().get_prepopulated_fields(request, obj) if obj is None else {}

    # Searching, filtering, ordering: listed values only (IN-10)

    def get_search_results(self, request, queryset, search_term):
        term = search_term.replace("\0", "")[: settings.MAX_SEARCH_LENGTH]
        return super().get_search_results(request, queryset, term)

    def lookup_allowed(self, lookup, value, request):
        """Allow the lookups of our own filters and no others."""
        for item in self.get_list_filter(request):
            if isinstance(item, str) and lookup in {f"{item}__exact", f"{item}__isnull", f"{item}__id__exact"}:
                return True
            if lookup == getattr(item, "parameter_name", None):
                return True
        return False

    # Saving

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as refused:
            # Two people at once: what the form could not see the database refused. Nothing of the form is saved.
            messages.error(request, HOLDERS_OVERLAP if "overlap:" in str(refused) else CLASH)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request, obj, form, change):
        obj._change_reason = form.cleaned_data.get("change_reason", "")
        super().save_model(request, obj, form, change)

    # Who changed what is kept by the history of each row; a second log would say it twice.

    def log_addition(self, request, obj, message):
        return None

    def log_change(self, request, obj, message):
        return None

    def log_deletions(self, request, queryset):
        return None

    # Deleting

    def get_deleted_objects(self, objs, request):
        """Return what goes and what forbids it, in sentences; rows of other partnerships are counted and never named."""
        collector = NestedObjects(using=DEFAULT_DB_ALIAS, origin=objs)
        collector.collect(objs)
        refused = {self.opts.verbose_name for row in objs if not self.has_delete_permission(request, row)}
        return (
            [said(row, request.user) for row in with_its_rows(collector.nested())],
            {rows.model._meta.verbose_name_plural if hasattr(rows, "model") else model._meta.verbose_name_plural: len(rows)
             for model, rows in collector.model_objs.items() if not model._meta.auto_created},
            refused,
            protected_by(collector.protected, request.user),
        )  # fmt: skip

    # History

    def history_view(self, request, object_id, extra_context=None):
        """Show who changed a row and the rows below it, when, and what from and to."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        below = [inline.model for inline in self.get_inline_instances(request, row)]
        context = {
            **self.admin_site.each_context(request), "title": f"History of {row}", "object": row, "opts": self.opts,
            "module_name": capfirst(self.opts.verbose_name_plural), "changes": history.of(row, below), "most": history.MOST,
        }  # fmt: skip
        return TemplateResponse(request, self.object_history_template, context)

    # Words around the page

    def changelist_view(self, request, extra_context=None):
        table = tables.for_model(self.model)
        more = {
            "title": capfirst(self.opts.verbose_name_plural), "purpose": self.purpose, "public": self.public_home(request),
            "import_url": table and self.has_import_permission(request) and reverse("admin:table-import", args=[table.slug]),
            "export_table": table if table and permissions.can_anywhere(request.user, Action.REGISTER_EXPORT) else None,
        }  # fmt: skip
        return super().changelist_view(request, more | (extra_context or {}))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        may = obj is None or self.has_change_permission(request, obj)
        context |= {"purpose": self.purpose, "reads_only": "" if may else self.why_reading_only(obj)}
        if obj is not None and may:
            context["title"] = f"Change {self.opts.verbose_name}"
        return super().render_change_form(request, context, add, change, form_url, obj)

    def why_reading_only(self, row):
        """Say why a person may read a row and not change it, and whom to ask."""
        if not access.is_shared(type(row)):
            return "You may read this and not change it. Ask an editor of this partnership."
        keeper = access.keeper_id_of(row)
        if keeper is None:
            return "This record is shared by all partnerships. Ask an administrator of the installation to change it."
        return "This record is shared, and another partnership keeps it. Ask that partnership's business unit to change it."

    def get_view_on_site_url(self, obj=None):
        if obj is None or self.public_path is None:
            return None
        partnership = obj if isinstance(obj, Partnership) else obj.partnership
        return public_address(partnership, self.public_path.format(row=obj))

    def public_home(self, request):
        """Return the public address of the person's partnership when there is one and it has published."""
        own = Partnership.objects.filter(pk__in=access.partnerships_for(request.user, Action.REGISTER_VIEW))[:2]
        return public_address(own[0], "") if len(own) == 1 else None


class RegisterInline(OwnChoices, admin.TabularInline):
    """Rows of the register shown on the page of the row above them."""

    form = RegisterForm
    extra = 0
    show_change_link = False
    change_action = Action.REGISTER_CHANGE

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.request = request
        formset.form.parent_name = formset.fk.name
        return formset

    def allowed(self, request, obj):
        if obj is None or obj.pk is None:
            return permissions.can_anywhere(request.user, self.change_action)
        return access.may_change(request.user, obj, self.change_action)

    def has_view_permission(self, request, obj=None):
        return access.opens(request.user) if obj is None else access.may_view(request.user, obj)

    def has_add_permission(self, request, obj=None):
        return self.allowed(request, obj)

    def has_change_permission(self, request, obj=None):
        return self.allowed(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.allowed(request, obj)


class StackedRegisterInline(RegisterInline):
    """The same, one row below another: for rows with many fields."""

    template = "admin/edit_inline/stacked.html"


def public_address(partnership, below):
    """Return a page's address on the public site, or None while the partnership has published nothing."""
    if not (settings.BUNDLE_DIR / partnership.slug / "current").exists():
        return None
    return f"/{partnership.slug}/{below}"


# What goes with a deleted row ----------------------------------------------------------------------------------------


def with_its_rows(nested):
    """Yield the rows of Django's nested lists, one after another."""
    for item in nested:
        if isinstance(item, list):
            yield from with_its_rows(item)
        elif not item._meta.auto_created:
            yield item


def said(row, user):
    """Return how a row is named on a page: its kind, its words, and a link where it has a page of its own."""
    kind = capfirst(row._meta.verbose_name)
    if not access.may_view(user, row):
        return f"{kind} of another partnership"
    try:
        address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return f"{kind}: {row}"
    return format_html('{}: <a href="{}">{}</a>', kind, address, row)


def protected_by(rows, user):
    """Return what forbids a deletion: own and shared rows by name, those of other partnerships as a bare statement."""
    own = [row for row in rows if known_to_register(row) and access.may_view(user, row)]
    named = sorted({said(row, user) for row in own})
    return [*named, "Other records outside your register use it."] if len(own) < len(rows) else named


def known_to_register(row):
    """Say whether a row is one of the register, whose readers this module knows."""
    return row._meta.app_label in {"partnerships", "arrangements"}
