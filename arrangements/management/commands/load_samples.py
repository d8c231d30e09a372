from django.core.management.base import BaseCommand, CommandError

from arrangements.samples.loading import NoSuchSample, load, shipped
from arrangements.samples.reading import SamplesRefused
from masa.guidance.loading import load_guidance


class Command(BaseCommand):
    help = "Load the sample partnerships that come with the program. A partnership that is there already is left as it is."

    def add_arguments(self, parser):
        parser.add_argument("slug", nargs="*", help="The samples to load, such as northside. Without any: all of them.")

    def handle(self, *, slug, **options):
        try:
            paths = shipped(slug)
            load_guidance()
            loaded = load(paths)
        except NoSuchSample as error:
            raise CommandError(str(error)) from None
        except SamplesRefused as error:
            raise CommandError(f"Nothing was loaded. Put these right and load again:\n{error}") from None
        for name in loaded.new:
            self.stdout.write(f"{name}: loaded.")
        for name in loaded.kept:
            self.stdout.write(f"{name}: here already, left as it is.")
