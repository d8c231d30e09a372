"""The tables of who the partners are (``masa/partnerships``)."""
from django.contrib import admin
from django.db.models import Prefetch
from django.utils import timezone

from masa.accounts import permissions
from masa.accounts.permissions import Action
from masa.partnerships.models import (
    Appointment,
    Area,
    ContactRoute,
    DataController,
    Footprint,
    Organisation,
    OrganisationName,
    OrganisationContact,
    OutsideCode,
    Partnership,
    Post,
    Seat,
    SeatLabel,
    SeatPost,
    Succession,
)
from masa.partnerships.scope import every_partnership
from masa.work.register import access
from masa.work.register.base import HoldsNow, RegisterAdmin, RegisterInline, period
from masa.work.register.forms import HolderForm, HoldersFormSet

DATES = ("When it holds", {"fields": [("starts_on", "ends_on")]})


@admin.register(Partnership)
class PartnershipAdmin(RegisterAdmin):
    purpose = "How your partnership presents itself: its name, its area, its colour and the notes at the foot of its public pages."
    list_display = ["name", "short_name", "audience", "holders_correct_on"]
    search_fields = ["name", "short_name"]
    autocomplete_fields = ["host"]
    filter_horizontal = ["areas", "footprints"]
    prepopulated_fields = {"slug": ["short_name"]}
    public_path = ""
    fieldsets = [
        ("Name and look", {"fields": ["name", "short_name", "slug", "strapline", "accent"]}),
        ("Whom and where it covers", {"fields": ["audience", "areas", "footprints", "host"]}),
        ("Current post holders", {"fields": ["holders_correct_on"]}),
        ("Notes on the public site", {"fields": ["privacy_note", "accessibility_note"]}),
    ]

    def get_queryset(self, request):
        if access.in_installation(request.user):
            with every_partnership(why="the installation's administrators make partnerships and see which there are"):
                return Partnership.objects.all()
        return super().get_queryset(request)

    def get_object(self, request, object_id, from_field=None):
        if access.in_installation(request.user):
            return self.get_queryset(request).filter(pk=object_id).first() if object_id.isdecimal() and len(object_id) < 19 else None
        return super().get_object(request, object_id, from_field)

    def has_add_permission(self, request):
        return access.in_installation(request.user)

    def has_delete_permission(self, request, obj=None):
        return False  # what it published stays; a partnership that ends is followed by another


@admin.register(Succession)
class SuccessionAdmin(RegisterAdmin):
    purpose = "Which bodies came before your partnership, such as the safeguarding children board that it replaced."
    list_display = ["before", "kind", "happened_on"]
    list_select_related = ["predecessor"]
    fields = ["kind", "predecessor", "predecessor_name", "happened_on", "note"]

    @admin.display(description="body before")
    def before(self, row):
        return row.predecessor or row.predecessor_name

    def own_fields(self):
        return self.fields


@admin.register(DataController)
class DataControllerAdmin(RegisterAdmin):
    purpose = "Which body answers for personal data, and for which purpose. A partnership is no legal person, so a partner must."
    list_display = ["purpose", "organisation", "contact"]
    list_select_related = ["organisation"]
    search_fields = ["purpose", "organisation__name"]
    autocomplete_fields = ["organisation"]


@admin.register(ContactRoute)
class ContactRouteAdmin(RegisterAdmin):
    purpose = "Whom to call, and when. A change is live on every public page at once and needs nobody's agreement, so check it twice."
    change_action = Action.CONTACTS_CHANGE
    list_display = ["kind", "name", "telephone", "hours", "checked_on"]
    list_display_links = ["kind", "name"]
    list_filter = ["kind"]
    list_select_related = ["area"]
    search_fields = ["name", "telephone", "address"]
    fieldsets = [
        ("Whom to call", {"fields": ["kind", "name", "telephone", "address", "hours", "note"]}),
        ("Where it holds", {"fields": ["area", "position"]}),
        ("Last checked", {"fields": [("checked_on", "checked_by")]}),
    ]


@admin.register(Area)
class AreaAdmin(RegisterAdmin):
    purpose = "Places that arrangements cover. They are shared by all partnerships, so an administrator of the installation keeps them."
    list_display = ["name", "kind", "parent"]
    list_filter = ["kind"]
    list_select_related = ["parent"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["parent"]

    def has_add_permission(self, request):
        return access.in_installation(request.user)

    def has_change_permission(self, request, obj=None):
        return access.in_installation(request.user)


@admin.register(Footprint)
class FootprintAdmin(RegisterAdmin):
    purpose = "Wider areas in which several partnerships plan together. An administrator of the installation keeps them."
    list_display = ["name", "about"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    def has_add_permission(self, request):
        return access.in_installation(request.user)

    def has_change_permission(self, request, obj=None):
        return access.in_installation(request.user)


# Organisations and posts: shared rows, each kept by one partnership ---------------------------------------------------


class SharedAdmin(RegisterAdmin):
    """Rows that serve many partnerships. Everyone reads; the partnership that keeps a row changes it."""

    def has_add_permission(self, request):
        return permissions.can_anywhere(request.user, Action.REGISTER_CHANGE) or access.in_installation(request.user)

    def has_change_permission(self, request, obj=None):
        if obj is None or obj.pk is None:
            return self.has_add_permission(request)
        return access.may_change(request.user, obj)


class SharedInline(RegisterInline):
    def allowed(self, request, obj):
        if obj is None or obj.pk is None:
            return permissions.can_anywhere(request.user, Action.REGISTER_CHANGE) or access.in_installation(request.user)
        return access.may_change(request.user, obj)


class OrganisationNameInline(SharedInline):
    model = OrganisationName
    verbose_name_plural = "Names that it had before, or has for a time"


class OutsideCodeInline(SharedInline):
    model = OutsideCode
    verbose_name_plural = "How others number it"


class OrganisationContactInline(SharedInline):
    model = OrganisationContact
    verbose_name_plural = "Whom to ask there (for staff)"


class KeptByUs(admin.SimpleListFilter):
    """Whether the person may change the row."""

    title = "who keeps the record"
    parameter_name = "kept"

    def lookups(self, request, model_admin):
        return [("us", "We keep it"), ("others", "Others keep it")]

    def queryset(self, request, queryset):
        ours = access.kept_by(request.user, queryset).values("pk")
        if self.value() == "us":
            return queryset.filter(pk__in=ours)
        return queryset.exclude(pk__in=ours) if self.value() == "others" else queryset


@admin.register(Organisation)
class OrganisationAdmin(SharedAdmin):
    purpose = (
        "Councils, police forces, NHS bodies, schools and charities. One record serves every partnership that works with the body; "
        "the partnership that keeps it may change it, the others read."
    )
    list_display = ["name", "kind", "kept", "closed_on"]
    list_filter = ["kind", KeptByUs]
    search_fields = ["name", "short_name", "names__name", "codes__code"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["parent", "successor"]
    inlines = [OrganisationNameInline, OutsideCodeInline, OrganisationContactInline]
    fieldsets = [
        ("Name", {"fields": ["name", "short_name", "slug", "kind", "website"]}),
        ("Before and after", {"fields": ["parent", "successor", ("opened_on", "closed_on")]}),
    ]

    def prepared(self, rows):
        # Every organisation is shared and the name of its keeper stands beside it, also when that is outside the person's scope.
        with every_partnership(why="the keeper of a shared row is named"):
            return rows.prefetch_related(Prefetch("owner", Partnership.objects.all()))

    @admin.display(description="kept by", ordering="owner__name")
    def kept(self, row):
        return row.owner.short_name if row.owner_id else "the installation"


class AppointmentInline(SharedInline):
    model = Appointment
    form, formset = HolderForm, HoldersFormSet
    fields = ["holder", "standing", "starts_on", "ends_on", "source_note"]
    verbose_name_plural = "Who holds it, and who held it. Days without a holder are days when it is vacant."


@admin.register(Post)
class PostAdmin(SharedAdmin):
    purpose = "Posts that the arrangements name, and who holds them when. Documents name the post; the public pages show today's holder beside it."
    list_display = ["title", "organisation", "holder"]
    list_filter = [KeptByUs]
    list_select_related = ["organisation"]
    search_fields = ["title", "organisation__name", "appointments__holder"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["organisation"]
    inlines = [AppointmentInline]
    fields = ["title", "organisation", "slug"]

    def prepared(self, rows):
        return rows.prefetch_related("appointments")

    def own_fields(self):
        return self.fields

    @admin.display(description="holder today")
    def holder(self, row):
        held = row.holder_on(timezone.localdate())
        return held.holder if held else "vacant"


# Seats ---------------------------------------------------------------------------------------------------------------


class SeatLabelInline(RegisterInline):
    model = SeatLabel
    fields = ["text", "guidance", "lead_term", "delegate_term", "starts_on", "ends_on"]
    verbose_name_plural = "Words printed for it"


class SeatPostInline(RegisterInline):
    model = SeatPost
    fields = ["post", "capacity", "delegated_by", "place", "note", "starts_on", "ends_on", "position"]
    autocomplete_fields = ["post", "delegated_by"]
    verbose_name_plural = "Posts on this seat"


@admin.register(Seat)
class SeatAdmin(RegisterAdmin):
    purpose = "The statutory partners' places at the table: each must agree before anything is published. The posts on a seat say who may sign for it."
    list_display = ["organisation", "kind", "area", period, "position"]
    list_filter = ["kind", HoldsNow]
    list_select_related = ["organisation", "area"]
    search_fields = ["organisation__name", "slug"]
    autocomplete_fields = ["organisation", "acts_for"]
    inlines = [SeatLabelInline, SeatPostInline]
    fieldsets = [
        ("Whose place it is", {"fields": ["kind", "organisation", "slug", "area", "acts_for", "position"]}),
        DATES,
    ]


@admin.register(SeatPost)
class SeatPostAdmin(RegisterAdmin):
    purpose = "Every post on a seat, and delegated posts without one, such as education. Without a seat a post never counts as agreeing."
    list_display = ["post", "seat", "capacity", "place", period]
    list_filter = ["capacity", HoldsNow]
    list_select_related = ["post__organisation", "seat__organisation", "delegated_by__post__organisation"]
    search_fields = ["post__title", "post__organisation__name", "place"]
    autocomplete_fields = ["post", "seat", "delegated_by"]
    fieldsets = [
        ("Which post, on which seat", {"fields": ["post", "seat", "capacity", "delegated_by", "place", "note", "position"]}),
        DATES,
    ]
