from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError

from masa.bundle import mirror, store


class Command(BaseCommand):
    help = "Compare every public page at a live address with the bundles on this disk, and name those that differ. Exit 1 if any does."
    requires_system_checks = []  # it needs no database, so that it can be run while that is off

    def add_arguments(self, parser):
        parser.add_argument("url", help="the live address, such as https://masa.example.org")
        parser.add_argument("slug", nargs="*", help="the address words of partnerships; all bundles when none is given")

    def handle(self, *, url, slug, **options):
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise CommandError(f"{url} is no address of a site. Write one such as https://masa.example.org.")
        bundles = mirror.names(slug)
        if unknown := sorted(set(slug) - set(bundles)) or ([] if bundles else ["any"]):
            raise CommandError(f"There is no bundle of {', '.join(unknown)}. Bake it first.")
        live, looked, wrong = mirror.Live(url), 0, 0
        for name in bundles:
            number = store.current_number(store.folder(name))
            for address, sentence in mirror.differences(live, name):
                looked += 1
                if sentence:
                    wrong += 1
                    self.stdout.write(f"{address}: {sentence}")
            if store.current_number(store.folder(name)) != number:
                self.stdout.write(f"{name}: its pages changed while they were compared. Compare them again.")
        live.close()
        if wrong:
            raise CommandError(f"{wrong} of {looked} addresses differ.")
        self.stdout.write(f"{looked} addresses compared, none differs.")
