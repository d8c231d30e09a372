"""How often the pages that cost something may be asked for: by network address and by partnership (LD-03).

Counted by the minute in the shared cache. The address itself is not kept: only a digest that nobody can turn back without
the site's secret, for one minute.
"""
import time

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

MINUTE = 60


def is_too_often(request, partnership=""):
    """Count this request and say whether it is one too many. partnership: its slug, or empty for the installation."""
    counted = [(f"address {get_adapter().get_client_ip(request)}", settings.PUBLIC_TRIES_A_MINUTE_BY_ADDRESS)]
    if partnership:
        counted.append((f"partnership {partnership}", settings.PUBLIC_TRIES_A_MINUTE_BY_PARTNERSHIP))
    return any([count(what) > most for what, most in counted])


def count(what):
    """Return how often ``what`` was counted in this minute, this time included."""
    minute = int(time.time() // MINUTE)
    key = "live-" + salted_hmac("masa.bundle.live.limits", f"{what} {minute}").hexdigest()
    times = cache.get(key, 0) + 1  # two requests at the same moment may count as one: it is a brake, not a lock
    cache.set(key, times, timeout=2 * MINUTE)
    return times
