"""Carry out what is due now. Run it every minute: from a timer in production, from a thread in the demo."""
import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from masa.work import due


class Command(BaseCommand):
    help = "Carries out what was scheduled for now or before: publishes editions, bakes what is waiting."

    def handle(self, **options):
        """Print a sentence for each thing done; exit 1 if one of them failed."""
        failed = False
        for outcome in due.run(timezone.now()):
            failed |= not outcome.succeeded
            (self.stdout if outcome.succeeded else self.stderr).write(outcome.sentence)
        if failed:
            sys.exit(1)
