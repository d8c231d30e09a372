from django.core.management.base import BaseCommand, CommandError

from masa.accounts import demo, selectors


class Command(BaseCommand):
    help = "In the demo: list the sample people who can sign in, or show the code of one of them."

    def add_arguments(self, parser):
        parser.add_argument("--code", metavar="EMAIL", help="show this person's code for the second factor, good for up to 30 seconds")

    def handle(self, *args, code=None, **options):
        try:
            demo.check_is_demo()
            self.stdout.write(demo.code_for(code) if code else "\n".join(table()))
        except (demo.NotADemo, demo.NoSamplePerson) as refused:
            raise CommandError(str(refused)) from None


def table():
    """Return the lines of the list: e-mail address, who it is, what they are."""
    rows = [(person.email, person.name, what_they_are(person)) for person in demo.people()]
    widths = [max((len(row[n]) for row in rows), default=0) for n in (0, 1)]
    lines = [f"{email:{widths[0]}}  {name:{widths[1]}}  {what}" for email, name, what in rows]
    return [*lines, "", f"Everyone's password: {demo.PASSWORD}", "Codes: at /account/demo-code/, or with --code EMAIL"]


def what_they_are(person):
    """Return a person's roles in all their partnerships, in one line."""
    parts = [f"{', '.join(standing.roles)} ({standing.partnership.short_name})" for standing in selectors.standings_of(person)]
    return "; ".join([*selectors.words_for(person, None), *parts]) or "no role"
