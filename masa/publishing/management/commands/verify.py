"""Check everything that was agreed and published, and name whatever differs."""
import argparse
import sys

from django.core.management.base import BaseCommand

from masa.partnerships import scope
from masa.partnerships.models import Partnership
from masa.publishing.verifying import receipt as receipt_findings
from masa.publishing.verifying import verify


class Command(BaseCommand):
    help = "Recomputes every digest, bundle file and journal link, and names what differs. Exit 1 if anything does."

    def add_arguments(self, parser):
        parser.add_argument("slugs", nargs="*", metavar="partnership", help="the address words; all when none is given")
        parser.add_argument("--receipt", type=argparse.FileType(), help="lines that journal_receipt printed, kept outside the database")

    def handle(self, slugs, receipt, **options):
        """Print each finding, then a count."""
        with scope.every_partnership(why="the check goes through all partnerships, one after another"):
            partnerships = list(Partnership.objects.filter(slug__in=slugs) if slugs else Partnership.objects.all())
        if unknown := set(slugs) - {p.slug for p in partnerships}:
            sys.exit(f"There is no partnership called {', '.join(sorted(unknown))}.")
        wrong = 0
        kept = [line.split() for line in receipt or [] if line.strip()]
        for partnership in partnerships:
            with scope.of(partnership):
                held = [f for _, slug, seq, hash_ in kept if slug == partnership.slug for f in receipt_findings(partnership, int(seq), hash_)]
                for finding in [*verify(partnership), *held]:
                    wrong += not finding.ok
                    self.stdout.write(f"{partnership.slug}: {finding.where}: {finding.sentence}")
        self.stdout.write(f"Checked {len(partnerships)} partnerships: {'nothing differs' if not wrong else f'{wrong} things differ'}.")
        if wrong:
            sys.exit(1)
