"""Print the head of each journal as a dated receipt, to be kept outside the database (SG-03)."""
from django.core.management.base import BaseCommand
from django.utils import timezone

from masa.partnerships import scope
from masa.partnerships.models import Partnership
from masa.publishing import journal


class Command(BaseCommand):
    help = "Prints the last row of each partnership's journal, to file or to mail, so that a rewritten chain is found."

    def handle(self, **options):
        """Print one line for each partnership: date, address word, row and hash."""
        today = timezone.localdate().isoformat()
        with scope.every_partnership(why="a receipt covers the whole installation"):
            for partnership in Partnership.objects.all():
                if last := journal.head(partnership):
                    self.stdout.write(f"{today} {partnership.slug} {last.seq} {last.hash}")
