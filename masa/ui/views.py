from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from masa.ui import gallery as shown

ASSETS = {
    "site.css": "site.css", "site.js": "site.js", "favicon.svg": "favicon.svg",
    "govuk-frontend.min.css": "govuk/govuk-frontend.min.css", "govuk-frontend.min.js": "govuk/govuk-frontend.min.js",
}  # fmt: skip


@require_safe
def gallery(request):
    """Every component on one page, for those who build pages and for the accessibility test; not there in production."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "components/gallery.html", shown.contents({name: static(path) for name, path in ASSETS.items()}))
