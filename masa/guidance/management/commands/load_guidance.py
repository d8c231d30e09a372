from django.core.management.base import BaseCommand, CommandError

from masa.guidance.loading import GuidanceRefused, load_guidance


class Command(BaseCommand):
    help = "Load editions of guidance from YAML files: those named, or else those that come with the program."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="*", help="guidance files; see docs/guidance.md for their form")

    def handle(self, *args, files, **options):
        try:
            made = load_guidance(files or None)
        except GuidanceRefused as refused:
            for problem in refused.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"Nothing was loaded. Mistakes to put right: {len(refused.problems)}.") from None
        for release in made:
            self.stdout.write(f"Loaded {release}: requirements {release.requirements.count()}.")
        if not made:
            self.stdout.write("Nothing to load: these releases are loaded already.")
