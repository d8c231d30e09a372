"""The page that says what a file or a digest is. The upload changes nothing and is not kept."""
from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from masa.bundle import site
from masa.bundle.live import finding
from masa.bundle.live.hashing import HashFile
from masa.bundle.live.pages import limited, page
from masa.partnerships import scope

TITLE = "Check a document"


class UploadRefused(Exception):
    """The file could not be read; the sentence says what to do, ``status`` is for machines."""

    def __init__(self, sentence, status=400):
        super().__init__(sentence)
        self.status = status


@csrf_exempt  # nothing is changed, nobody is signed in, and the page sets no cookie
@require_http_methods(["GET", "HEAD", "POST"])
@limited
def verify(request):
    """Say which published text or file a digest belongs to: pasted, or of a file that is sent and hashed."""
    try:
        digest, pasted = asked(request)
    except (finding.DigestRefused, UploadRefused) as error:
        field = "file" if isinstance(error, UploadRefused) else "digest"
        pasted = request.GET.get("digest", "")[:200] if field == "digest" else ""
        return shown(pasted, error={"href": f"#{field}", "text": str(error)}, field=field, status=getattr(error, "status", 400))
    if not digest:
        return shown("")
    with scope.every_partnership(why="anyone may ask of which partnership a published text is"):
        return shown(pasted, digest=digest, found=finding.find(digest))


def shown(pasted, *, error=None, field="", status=200, **more):
    """Return the page."""
    title = f"Error: {TITLE}" if error else TITLE
    largest = settings.MAX_UPLOAD_BYTES // settings.MEGABYTE
    context = site.context("verify/", title, noindex=bool(pasted or more), pasted=pasted, error=error, errors=[error], error_field=field, largest=largest, **more)
    context["crumbs"][-1]["text"] = TITLE
    return page("live/verify.html", context, status)


def asked(request):
    """Return the digest that is asked about (nothing when none is) and what was pasted."""
    if request.method == "POST":
        return sent_digest(request)
    pasted = request.GET.get("digest")
    return ("", "") if pasted is None else (finding.digest_in(pasted), pasted.strip()[:200])


def sent_digest(request):
    """Return the digest of the file that was sent, or the one pasted beside it. Raises UploadRefused, DigestRefused."""
    handler = HashFile(request)
    request.upload_handlers = [handler]
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.MAX_REQUEST_BYTES:
        raise UploadRefused(too_large(), 413)
    try:
        pasted = request.POST.get("digest", "")
    except (MultiPartParserError, SuspiciousOperation, BadRequest) as error:
        raise UploadRefused("The file did not arrive whole. Choose it and send it again.") from error
    hashed = handler.hashed
    if hashed is None:
        return finding.digest_in(pasted), ""
    if hashed.is_too_large:
        raise UploadRefused(too_large(), 413)
    if not hashed.size:
        raise UploadRefused("The file is empty. Choose another.")
    return hashed.digest, ""


def too_large():
    return f"The file is larger than {settings.MAX_UPLOAD_BYTES // settings.MEGABYTE} MB, so it is none of ours. Choose another."
