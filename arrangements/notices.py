"""Local bodies that are told of a publication, from the partnership's own reporting routes."""
from arrangements.models import ReportingRoute
from masa.publishing import hooks


def from_routes(edition):
    """Return ``(recipient, why, days or None)`` for each reporting route that names this kind of publication."""
    routes = ReportingRoute.objects.filter(partnership=edition.partnership)
    return [
        (route.recipient, f"The partnership's own arrangements: {route.receives}", route.within_days)
        for route in routes if edition.publication.kind in route.kinds.split()
    ]


hooks.add_notices(from_routes)
