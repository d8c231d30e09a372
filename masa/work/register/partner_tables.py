"""The tables of who the partners are that can be imported and exported."""
from masa.partnerships.models import Appointment, Organisation, Post
from masa.work.register.cells import Choice, Day, FoundRow, Line
from masa.work.register.tables import RegisterResource, Table, column, register


class OrganisationResource(RegisterResource):
    slug = column("slug", "address word", Line(60))
    name = column("name", "name", Line())
    short_name = column("short_name", "short name", Line(60, blank=""))
    kind = column("kind", "kind", Choice(Organisation.Kind, blank=Organisation.Kind.OTHER))
    parent = column("parent", "part of", FoundRow(Organisation, "organisation", blank=None))
    successor = column("successor", "followed by", FoundRow(Organisation, "organisation", blank=None))
    opened_on = column("opened_on", "opened", Day(blank=None))
    closed_on = column("closed_on", "closed", Day(blank=None))
    website = column("website", "website", Line(blank=""))
    needs = ["slug", "name"]

    class Meta:
        model = Organisation
        import_id_fields = ["slug"]


class AppointmentResource(RegisterResource):
    post = column("post", "post", FoundRow(Post, "post", name="title"))
    holder = column("holder", "holder", Line())
    starts_on = column("starts_on", "from", Day(blank=None))
    ends_on = column("ends_on", "to", Day(blank=None))
    standing = column("standing", "standing", Choice(Appointment.Standing, blank=Appointment.Standing.SUBSTANTIVE))
    source_note = column("source_note", "note", Line(blank=""))
    needs = ["post", "holder"]

    class Meta:
        model = Appointment
        import_id_fields = ["post", "holder", "starts_on"]


register(Table("organisations", "Organisations", "One row is one organisation; it is met by its address word.", OrganisationResource))
register(Table("appointments", "Holders of posts", "One row is one person in one post from a date; a post has one holder at a time.", AppointmentResource))
