"""Bringing tables from spreadsheets and taking them away: the pages beside the register's own."""
import secrets

from django import forms
from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from masa.accounts import audit, permissions
from masa.accounts.permissions import Action
from masa.partnerships.models import Partnership
from masa.work import spreadsheets
from masa.work.register import access, partner_tables, tables

__all__ = ["partner_tables"]

KEPT_SECONDS = 30 * 60
MOST_SHOWN = 500


class ChooseFile(forms.Form):
    """Which file to read, and into which partnership when the person edits several."""

    file = forms.FileField(
        label="File", help_text="A .xlsx or .csv file, at most 25 MB and 5,000 rows. The headings stand in the first row.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )  # fmt: skip

    def __init__(self, *args, partnerships, **kwargs):
        super().__init__(*args, **kwargs)
        if len(partnerships) > 1:
            self.fields["partnership"] = forms.ModelChoiceField(
                Partnership.objects.filter(pk__in=partnerships), label="Partnership",
                error_messages={"required": "Choose the partnership whose register this is."},
            )  # fmt: skip


def page(request, template, title, **context):
    """Return a page of the register's site."""
    return TemplateResponse(request, template, {**admin.site.each_context(request), "title": title, **context})


def table_or_404(slug):
    """Return the table that an address names."""
    table = tables.get(slug)
    if table is None:
        raise Http404
    return table


def partnerships_or_refuse(request, action):
    """Return the ids of the partnerships in which the person may do ``action``; raises PermissionDenied when there is none."""
    ids = access.partnerships_for(request.user, action)
    if not ids:
        raise PermissionDenied("This needs a role that may import or export the register.")
    return ids


@require_GET
def tables_index(request):
    """List the tables, each with what one row of it is."""
    exporting = access.partnerships_for(request.user, Action.REGISTER_EXPORT)
    return page(
        request, "admin/register_tables.html", "Import and export", tables=tables.every(),
        may_import=permissions.can_anywhere(request.user, Action.REGISTER_IMPORT),
        partnerships=Partnership.objects.filter(pk__in=exporting),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def import_table(request, slug):
    """Read a file and show what each row would do. Nothing is stored in the register."""
    table = table_or_404(slug)
    ids = partnerships_or_refuse(request, Action.REGISTER_IMPORT)
    form = ChooseFile(request.POST or None, request.FILES or None, partnerships=ids)
    context = {"table": table, "form": form}
    if request.method == "POST" and form.is_valid():
        partnership = form.cleaned_data.get("partnership") or Partnership.objects.get(pk=ids[0])
        try:
            sheet = spreadsheets.read(form.cleaned_data["file"], wanted=table.title)
        except spreadsheets.Refused as refused:
            form.add_error("file", str(refused))
        else:
            return show_report(request, table, partnership, sheet, form.cleaned_data["file"].name)
    return page(request, "admin/register_import.html", f"Import {lowered(table.title)}", **context)


def show_report(request, table, partnership, sheet, name):
    """Answer with what an import would do, and keep the rows for half an hour so that it can be confirmed."""
    report = tables.check(table, sheet, partnership=partnership, by=request.user)
    token = ""
    if report.changes_anything:
        token = secrets.token_urlsafe(24)
        cache.set(key_of(request, token), {"table": table.slug, "partnership": partnership.pk, "sheet": sheet, "name": name}, KEPT_SECONDS)
    return report_page(request, table, partnership, report, name, token)


def report_page(request, table, partnership, report, name, token):
    order = {tables.WRONG: 0, tables.CHANGED: 1, tables.NEW: 2, tables.SAME: 3}
    shown = sorted(report.outcomes, key=lambda outcome: (order[outcome.state], outcome.number))[:MOST_SHOWN]
    return page(
        request, "admin/register_report.html", f"Check before importing {lowered(table.title)}", table=table, report=report, shown=shown,
        partnership=partnership, file_name=name, token=token, unshown=len(report.outcomes) - len(shown),
        counts=[(state, words, report.count(state)) for state, words in STATES],
    )  # fmt: skip


STATES = ((tables.NEW, "to be added"), (tables.CHANGED, "to be changed"), (tables.SAME, "already as they are here"), (tables.WRONG, "to be put right"))


def key_of(request, token):
    """Return where a checked file is kept: for this person alone."""
    return f"register-import:{request.user.pk}:{token}"


@require_POST
def confirm_import(request, slug, token):
    """Carry out a checked import, all rows or none."""
    table = table_or_404(slug)
    kept = cache.get(key_of(request, token))
    ids = partnerships_or_refuse(request, Action.REGISTER_IMPORT)
    if kept is None or kept["table"] != slug or kept["partnership"] not in ids:
        messages.warning(request, "That check is over half an hour old or was used already. Choose the file again.")
        return redirect("admin:table-import", slug)
    partnership = Partnership.objects.get(pk=kept["partnership"])
    report = tables.carry_out(table, kept["sheet"], partnership=partnership, by=request.user)
    cache.delete(key_of(request, token))
    if not report.fits:
        messages.error(request, "The register has changed since the check, so nothing was imported. See below what no longer fits.")
        return report_page(request, table, partnership, report, kept["name"], "")
    audit.record("register.import", user=request.user, partnership=partnership, request=request, target=f"table:{table.slug}")
    done = f"{report.count(tables.NEW)} added, {report.count(tables.CHANGED)} changed, {report.count(tables.SAME)} left as they were."
    messages.success(request, f"{table.title} imported: {done}")
    return redirect("admin:tables")


@require_GET
def export_table(request, slug, form):
    """Answer with a table of one partnership as a file, and note it in the audit log."""
    table = table_or_404(slug)
    if form not in spreadsheets.MEDIA_TYPES:
        raise Http404
    partnership = exported_partnership(request)
    if partnership is None:
        return redirect("admin:tables")
    headings, rows = tables.lines_of(table, partnership)
    audit.record("register.export", user=request.user, partnership=partnership, request=request, target=f"table:{table.slug}")
    name = f"{partnership.slug}-{table.slug}-{timezone.localdate().isoformat()}.{form}"
    return download(spreadsheets.write(form, table.title, headings, rows), name, form)


def exported_partnership(request):
    """Return the partnership whose rows are asked for, or None when the person is to choose; another's is not found."""
    ids = partnerships_or_refuse(request, Action.REGISTER_EXPORT)
    slug = request.GET.get("partnership", "").replace("\0", "")
    own = Partnership.objects.filter(pk__in=ids)
    if slug:
        chosen = own.filter(slug=slug).first()
        if chosen is None:
            raise Http404
        return chosen
    return own.get() if len(ids) == 1 else None


@require_GET
def empty_table(request, slug, form):
    """Answer with a file that holds the headings alone, to be filled in."""
    table = table_or_404(slug)
    partnerships_or_refuse(request, Action.REGISTER_IMPORT)
    if form not in spreadsheets.MEDIA_TYPES:
        raise Http404
    headings = [column.column_name for column in table.columns]
    return download(spreadsheets.write(form, table.title, headings, []), f"{table.slug}-empty.{form}", form)


def download(data, name, form):
    """Return a file to be kept, never shown in place."""
    return HttpResponse(data, content_type=spreadsheets.MEDIA_TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def lowered(title):
    return title[0].lower() + title[1:]
