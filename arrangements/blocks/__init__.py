"""The arrangements' blocks. Importing this registers them."""
from arrangements.blocks import plans, routes
from masa.publishing.blocks import register

for block in (
    plans.Priorities, plans.Milestones, plans.Handover, plans.Agreements,
    routes.Disputes, routes.Scrutiny, routes.Links, routes.Reporting,
):  # fmt: skip
    register(block())
