"""Where things go: disagreements, scrutiny, links to other boards, and who is told what."""

from django.db.models import Prefetch

from arrangements.blocks.rows import body_name, named
from arrangements.blocks.words import ABOUT, NOT_STATED, count
from arrangements.models import DisputeRoute, DisputeStep, ReportingRoute, ScrutinyMechanism, StrategicLink, how_often
from masa.publishing.blocks import Block, Table


class Disputes(Block):
    """What to do about a disagreement, one route for each reader; whistleblowing stands beside them."""

    key = "disputes"
    title = "What to do when you disagree"
    about = "The steps for each reader who disagrees, with time limits, and how to blow the whistle."

    def collect(self, context):
        return {"audience": context.audience, "routes": routes_of(context.partnership)}

    def tables(self, data, schema):
        columns = ["Step", "Who disagrees", "Who acts", "What happens", "Within", "Contact", "If it is not settled"]
        rows = [
            [
                f"{route['title']}, step {step['number']}",
                route["who"],
                step["who"],
                step["what"],
                step["within"],
                step["contact"],
                onward_words(step, route),
            ]
            for route in data["routes"]
            for step in route["steps"]
        ]
        return [Table("disputes", self.title, columns, rows)]


def routes_of(partnership):
    """Return every dispute route of a partnership as data, steps in order; two queries."""
    steps = Prefetch("steps", DisputeStep.objects.select_related("if_unresolved"))
    return [route_data(route) for route in DisputeRoute.objects.filter(partnership=partnership).prefetch_related(steps)]


def route_data(route):
    """Return one route as data. ``next`` is the number of the step to go to where that is not simply the next one."""
    steps = list(route.steps.all())
    return {
        "slug": route.slug,
        "title": route.title,
        "who": route.who_disagrees,
        "whistleblowing": route.is_whistleblowing,
        "basis": route.basis,
        "audience": route.audience,
        "steps": [step_data(step) for step in steps],
    }


def step_data(step):
    """Return one step as data."""
    days = f"within {count(step.within_days, 'working day')}" if step.within_days is not None else ""
    return {
        "number": step.number,
        "who": step.who,
        "what": step.what,
        "within": step.within_words or days,
        "contact": step.contact,
        "next": step.if_unresolved.number if step.if_unresolved else None,
    }


def onward_words(step, route):
    """Return where a matter goes that this step does not settle; empty at the end of a route."""
    following = [other["number"] for other in route["steps"] if other["number"] > step["number"]]
    onward = step["next"] or min(following, default=None)
    return f"Go to step {onward}" if onward else ""


class Scrutiny(Block):
    """The ways in which the arrangements are scrutinised independently."""

    key = "scrutiny"
    title = "Independent scrutiny"
    about = "Who scrutinises the arrangements, what they do and how often."

    def collect(self, context):
        rows = ScrutinyMechanism.objects.filter(partnership=context.partnership)
        return {"audience": context.audience, "mechanisms": [mechanism_data(m) for m in rows]}

    def tables(self, data, schema):
        columns = ["Name", "Kind", "Who", "What they do", "How often", "About"]
        rows = [
            [
                m["name"],
                m["kind"],
                m["who"] or NOT_STATED,
                m["what"] or NOT_STATED,
                m["how_often"] or NOT_STATED,
                ABOUT[m["audience"]],
            ]
            for m in data["mechanisms"]
        ]
        return [Table("scrutiny", self.title, columns, rows)]


def mechanism_data(mechanism):
    """Return one way of scrutiny as data, how often in words."""
    return {
        "name": mechanism.name,
        "kind": mechanism.get_kind_display(),
        "who": mechanism.who,
        "what": mechanism.what,
        "how_often": mechanism.how_often or how_often(mechanism.meets_times, mechanism.meets_per),
        "audience": mechanism.audience,
    }


class Links(Block):
    """The boards and partnerships to which the arrangements are linked."""

    key = "links"
    title = "Links to other boards and partnerships"
    about = "Other boards and partnerships, and how each is linked to this one."

    def collect(self, context):
        rows = StrategicLink.objects.filter(partnership=context.partnership).prefetch_related(named("organisation"))
        return {"audience": context.audience, "links": [link_data(link, context.as_on) for link in rows]}

    def tables(self, data, schema):
        rows = [[x["name"], x["relation"], x["how"] or NOT_STATED, ABOUT[x["audience"]]] for x in data["links"]]
        return [Table("links", self.title, ["Board or partnership", "Relation", "How the link works", "About"], rows)]


def link_data(link, as_on):
    """Return one link as data; ``organisation`` only where it has another name than the link."""
    organisation = body_name(link.organisation, as_on)
    return {
        "name": link.name,
        "organisation": "" if organisation == link.name else organisation,
        "relation": link.get_relation_display(),
        "how": link.how,
        "audience": link.audience,
    }


class Reporting(Block):
    """Who is told or given what: boards, committees, commissioners."""

    key = "reporting"
    title = "Who we report to"
    about = "Boards, committees and commissioners that receive something from the partnership, and how often."

    def collect(self, context):
        rows = ReportingRoute.objects.filter(partnership=context.partnership)
        return {"audience": context.audience, "routes": [reporting_data(row) for row in rows]}

    def tables(self, data, schema):
        columns = ["Who", "What they receive", "How often", "When", "About"]
        rows = [
            [
                r["recipient"],
                r["receives"],
                r["how_often"] or NOT_STATED,
                r["within"] or NOT_STATED,
                ABOUT[r["audience"]],
            ]
            for r in data["routes"]
        ]
        return [Table("reporting", self.title, columns, rows)]


def reporting_data(route):
    """Return one reporting route as data."""
    days = route.within_days
    return {
        "recipient": route.recipient,
        "receives": route.receives,
        "how_often": route.how_often,
        "within": f"within {count(days, 'day')} of publication" if days is not None else "",
        "audience": route.audience,
    }
