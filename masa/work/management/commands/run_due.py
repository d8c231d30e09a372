"""Carry out what is due now. A timer runs it every minute in production; the demo keeps one going beside the server."""
import os
import sys
import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from masa.work import due


class Command(BaseCommand):
    help = "Carries out what was scheduled for now or before: publishes editions, bakes what is waiting."

    def add_arguments(self, parser):
        parser.add_argument("--every", type=int, metavar="SECONDS", help="go on, with this pause, for as long as whoever started it runs")

    def handle(self, every=None, **options):
        """Print a sentence for each thing done; exit 1 if one of them failed."""
        if not every:
            sys.exit(0 if self.run() else 1)
        starter = os.getppid()
        while os.getppid() == starter:
            self.run()
            close_old_connections()
            time.sleep(every)

    def run(self):
        """Carry out what is due and say whether all of it went well."""
        outcomes = list(due.run(timezone.now()))
        for outcome in outcomes:
            (self.stdout if outcome.succeeded else self.stderr).write(outcome.sentence)
        return all(outcome.succeeded for outcome in outcomes)
