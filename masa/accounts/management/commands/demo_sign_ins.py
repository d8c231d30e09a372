from django.core.management.base import BaseCommand, CommandError

from masa.accounts import demo, selectors


class Command(BaseCommand):
    help = "In the demo: list the sample people who can sign in, or show the code of one of them."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="list everyone, not one person for each role")
        parser.add_argument("--code", metavar="EMAIL", help="show this person's code for the second factor, good for up to 30 seconds")

    def handle(self, *args, code=None, all=False, **options):
        try:
            demo.check_is_demo()
            self.stdout.write(demo.code_for(code) if code else "\n".join(table(everyone=all)))
        except (demo.NotADemo, demo.NoSamplePerson) as refused:
            raise CommandError(str(refused)) from None


def table(*, everyone):
    """Return the lines of the list: what somebody is, name, e-mail address; one for each role, or everyone with a role."""
    rows = [(what, person.name, person.email) for person in demo.people() for what in roles_in_words(person)]
    if not everyone:
        rows = {role_of(what): (what, name, email) for what, name, email in reversed(rows)}.values()
    rows = sorted(rows)
    widths = [max((len(row[n]) for row in rows), default=0) for n in (0, 1)]
    lines = [f"  {what:{widths[0]}}  {name:{widths[1]}}  {email}" for what, name, email in rows]
    more = [] if everyone else ["Everyone else who can sign in: python3 dev.py demo_sign_ins --all"]
    return ["Sample sign-ins", *lines, "", f"Everyone's password: {demo.PASSWORD}", "Codes: at /account/demo-code/, or with --code EMAIL", *more]


def roles_in_words(person):
    """Return each role of a person with the partnership it is in."""
    own = selectors.words_for(person, None)
    return own + [f"{role} ({standing.partnership.short_name})" for standing in selectors.standings_of(person) for role in standing.roles]


def role_of(what):
    """Return the role in such words, without the body and the partnership."""
    return what.partition(" (")[0].partition(" for ")[0]
