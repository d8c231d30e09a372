from django.core.management.base import BaseCommand

from masa.bundle import searching
from masa.bundle.management.commands.bake import chosen


class Command(BaseCommand):
    help = "Make the search entries anew from what is published: of the partnerships named, or of all."

    def add_arguments(self, parser):
        parser.add_argument("slug", nargs="*", help="the address words of partnerships; none means all of them")

    def handle(self, *, slug, **options):
        for partnership_id in chosen(slug, not slug, False):
            self.stdout.write(f"{searching.rebuild(partnership_id)} pages can be found.")
