"""The application that a server calls: the public pages from ready bytes, Django for the rest."""
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "masa.settings")
behind = get_wsgi_application()  # first: it sets Django up, which what follows needs

from masa.bundle.serve import Site  # noqa: E402

application = Site(behind)
