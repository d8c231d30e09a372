"""The arrangements' blocks. Importing this registers them."""

from arrangements.blocks import agencies, funding, partners, plans, routes, structure
from masa.publishing.blocks import register

for block in (
    partners.Partners,
    agencies.Agencies,
    structure.Structure,
    structure.Groups,
    funding.Funding,
    plans.Priorities,
    plans.Milestones,
    plans.Handover,
    plans.Agreements,
    routes.Disputes,
    routes.Scrutiny,
    routes.Links,
    routes.Reporting,
):
    register(block())
