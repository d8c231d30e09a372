from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from masa.bundle import bake
from masa.partnerships import scope
from masa.partnerships.models import Partnership


class Command(BaseCommand):
    help = "Make the public pages: of the partnerships named, of all, or of those whose last bake failed."

    def add_arguments(self, parser):
        parser.add_argument("slug", nargs="*", help="the address words of partnerships")
        parser.add_argument("--all", action="store_true", help="every partnership and the installation's own pages")
        parser.add_argument("--due", action="store_true", help="the partnerships whose last bake failed")
        parser.add_argument("--check", action="store_true", help="change nothing; fail if anything would change")

    def handle(self, *, slug, all, due, check, **options):  # noqa: A002  (named as the option is)
        now, failed = timezone.now(), []
        for partnership_id in chosen(slug, all, due):
            failed += self.one(bake.bake, partnership_id, now=now, check=check)
        failed += self.one(bake.bake_site, now=now, check=check)
        if failed:
            raise CommandError(" ".join(failed))

    def one(self, function, *args, check, **options):
        """Bake one site, say what was done, and return why it failed, if it did: the others are still baked."""
        try:
            done = function(*args, check=check, **options)
        except bake.BakeFailed as error:
            return [str(error)]
        self.stdout.write(str(done) if not check or not done.is_new else f"{done.name}: these would change: {', '.join(done.reasons)}")
        return [f"{done.name} is not up to date."] if check and done.is_new else []


def chosen(slugs, every, due):
    """Return the ids of the partnerships to bake, in the order of their address words."""
    if due:
        return bake.owed()
    with scope.every_partnership(why="the command may bake any partnership"):
        rows = Partnership.objects.order_by("slug")
        found = dict((rows if every else rows.filter(slug__in=slugs)).values_list("slug", "pk"))
    if unknown := sorted(set(slugs) - found.keys()) if not every else []:
        raise CommandError(f"There is no partnership called {', '.join(unknown)}.")
    return list(found.values())
