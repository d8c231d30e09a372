"""The workspace's first page, and in the demo the codes of sample people."""
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from masa.accounts import demo, selectors
from masa.accounts.forms import DemoCodeForm


@require_safe
def home(request):
    """Who you are, what you are in which partnership, and where to go from here."""
    standings = selectors.standings_of(request.user)
    return render(request, "accounts/home.html", {"standings": standings, "words_anywhere": selectors.words_for(request.user, None)})


@login_not_required
@require_http_methods(["GET", "POST"])
def demo_code(request):
    """Show the present code of a sample person; in the demo alone."""
    if not settings.DEMO:
        raise Http404
    form = DemoCodeForm(request.POST or None)
    code = None
    if form.is_valid():
        try:
            code = demo.code_for(form.cleaned_data["email"])
        except demo.NoSamplePerson as refused:
            form.add_error("email", str(refused))
    return render(request, "accounts/demo_code.html", {"form": form, "code": code, "people": demo.people()})
