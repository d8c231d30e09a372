import os
import pwd
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from masa.bundle import nginx


class Command(BaseCommand):
    help = "Print the configuration with which nginx serves the public pages by itself and passes the rest on. See docs/deploying.md."

    def add_arguments(self, parser):
        wish = nginx.Wish()
        parser.add_argument("--addresses", action="store_true", help="print the other file: where addresses moved to. Needed anew after each bake")
        parser.add_argument("--standalone", metavar="FOLDER", help="print a whole nginx.conf that writes only into this folder")
        parser.add_argument("--listen", default="", metavar="ADDRESS:PORT", help="where nginx answers; 80 or 443 unless given")
        parser.add_argument("--application", default=wish.application, metavar="ADDRESS:PORT", help="where the application answers")
        parser.add_argument("--addresses-file", default=wish.addresses, metavar="FILE", help="where the file of addresses will stand")
        parser.add_argument("--certificate", default=wish.certificate, metavar="FILE", help="the certificate, for https")
        parser.add_argument("--key", default=wish.key, metavar="FILE", help="its key")

    def handle(self, *, addresses, standalone, listen, application, addresses_file, certificate, key, **options):
        wish = nginx.Wish(listen, application, addresses_file, certificate, key)
        if standalone and not Path(standalone).is_dir():
            raise CommandError(f"The folder {standalone} is not there. Make it first.")
        if addresses or standalone:
            self.say_left_out()
        if addresses:
            self.stdout.write(nginx.addresses()[0], ending="")
        elif standalone:
            self.stdout.write(nginx.standalone(wish, Path(standalone).absolute(), reader()), ending="")
        else:
            self.stdout.write(nginx.site(wish), ending="")

    def say_left_out(self):
        """Say which moved addresses nginx will not send on; the application still does."""
        for address in nginx.addresses()[1]:
            self.stderr.write(f"Left out, since it holds characters that are not plain: {address}")


def reader():
    """Return as whom nginx should read the files when it starts as root: as who asked. Others cannot choose, so nothing."""
    return pwd.getpwuid(os.geteuid()).pw_name if os.geteuid() == 0 else ""
