"""The structure: groups, who chairs and sits on them, and how they are tied to each other and to bodies outside."""

from django.db.models import Prefetch

from arrangements.blocks.rows import body_name, named, post_data, post_words
from arrangements.blocks.words import ABOUT, NOT_STATED, count, day, joined, listed, stored_date
from arrangements.models import ChairTerm, Group, GroupLink, GroupName, Membership
from masa.partnerships.models import Post
from masa.publishing.blocks import Block, Table

DEEPEST = 6  # levels of the nested list; what stands lower is listed at this level


class Groups(Block):
    """Groups with their details. Options: ``kind`` (one kind of group) and ``slugs`` (these groups)."""

    key = "groups"
    title = "Groups"
    about = "What chosen groups are for, who chairs them, who sits on them and how often they meet."

    def collect(self, context):
        groups = [group_data(group, context.as_on) for group in groups_on(context)]
        add_other_owners(groups, context.partnership)
        return {"audience": context.audience, "groups": [g for g in groups if is_asked_for(g, context.options)]}

    def tables(self, data, schema):
        return group_tables(data["groups"], self.key)


class Structure(Block):
    """Every group, as a diagram and as a nested list, with its details."""

    key = "structure"
    title = "How we are organised"
    about = "All groups and how they are tied, as a diagram and as a list, with the details of each."

    def collect(self, context):
        groups = [group_data(group, context.as_on) for group in groups_on(context)]
        add_other_owners(groups, context.partnership)
        return {"audience": context.audience, "groups": groups}

    def tables(self, data, schema):
        return group_tables(data["groups"], self.key)


def is_asked_for(group, options):
    """Say whether the options name this group, its kind, or nothing at all."""
    return group["kind"] == options.get("kind", group["kind"]) and group["slug"] in options.get(
        "slugs", [group["slug"]]
    )


def groups_on(context):
    """Return the groups with all that their data is made of on the day; those that have ended are left out."""
    posts = Prefetch("post", Post.objects.prefetch_related(named("organisation")))
    chairs = ChairTerm.objects.on(context.as_on).prefetch_related(
        posts, named("organisation"), named("rota__organisation")
    )
    agencies = named("agency__organisation")
    members = Membership.objects.on(context.as_on).prefetch_related(posts, named("organisation"), "agency", agencies)
    links = GroupLink.objects.order_by("kind", "pk").prefetch_related("to_group", Prefetch("by_post", posts.queryset))
    return list(
        Group.objects.filter(partnership=context.partnership)
        .exclude(state=Group.State.ENDED)
        .prefetch_related(
            "area",
            named("outside_owner"),
            Prefetch("names", GroupName.objects.on(context.as_on)),
            Prefetch("chairs", chairs),
            Prefetch("memberships", members),
            Prefetch("links", links),
        )
    )


def group_data(group, as_on):
    """Return one group as data, called as on the day."""
    dated = [name for name in group.names.all() if name.starts_on or name.ends_on]
    return {
        "slug": group.slug,
        "name": dated[-1].name if dated else group.name,
        "also_called": [{"name": n.name, "note": n.note} for n in group.names.all() if n not in dated],
        "kind": group.kind,
        "kind_words": group.get_kind_display(),
        "state": group.state,
        "state_words": group.get_state_display(),
        "audience": group.audience,
        "area": group.area.name if group.area else "",
        "remit": group.remit,
        "also_owned_by": [],
        "outside_owner": body_name(group.outside_owner, as_on),
        "meets": group.meets,
        "terms": {
            "agreed_on": stored_date(group.terms_agreed_on),
            "review_months": group.terms_review_months,
            "note": group.terms_note,
        },
        "chairs": [chair_data(chair, as_on) for chair in group.chairs.all()],
        "members": [member_data(row, as_on) for row in group.memberships.all()],
        "links": [
            link_data(link, as_on)
            for link in group.links.all()
            if not (link.to_group and link.to_group.state == "ended")
        ],
    }


def add_other_owners(groups, partnership):
    """Give each group the names of its other owners, whose rows lie outside the scope."""
    shared = Group.also_owned_by.through.objects.filter(group__partnership=partnership)
    pairs = list(shared.order_by("partnership__name").values_list("group__slug", "partnership__name"))
    for group in groups:
        group["also_owned_by"] = [name for slug, name in pairs if slug == group["slug"]]


def chair_data(chair, as_on):
    """Return one chair as data: a post, a person, an organisation, or the seats that take turns."""
    return {
        "role": chair.get_role_display(),
        "post": post_data(chair.post, as_on),
        "person": chair.person,
        "organisation": body_name(chair.organisation, as_on),
        "rota": [body_name(seat.organisation, as_on) for seat in chair.rota.all()],
        "rota_months": chair.rota_months,
        "minimum_months": chair.minimum_months,
        "starts_on": stored_date(chair.starts_on),
        "ends_on": stored_date(chair.ends_on),
        "note": chair.note,
    }


def member_data(row, as_on):
    """Return one place in a group as data."""
    agency = row.agency
    return {
        "post": post_data(row.post, as_on),
        "organisation": body_name(row.organisation, as_on),
        "agency": {
            "slug": agency.slug,
            "name": agency.printed_name or agency.category or body_name(agency.organisation, as_on),
        }
        if agency
        else None,
        "role": row.get_role_display(),
        "attendance": row.get_attendance_display(),
        "statutory": row.is_statutory,
        "vote": row.has_vote,
        "audience": row.audience,
        "note": row.note,
    }


def link_data(link, as_on):
    """Return one tie as data; ``to`` is the slug of a group of this partnership, or None for a body outside."""
    inside = link.to_group is not None and link.to_group.partnership_id == link.group.partnership_id
    return {
        "kind": link.kind,
        "words": link.get_kind_display(),
        "to": link.to_group.slug if inside else None,
        "to_name": link.to_group.name if link.to_group else link.to_name,
        "by_post": post_data(link.by_post, as_on),
        "note": link.note,
    }


# Words for readers ---------------------------------------------------------------------------------------------------


def chair_words(chair):
    """Return who chairs, in words, without the holder of a post."""
    if chair["rota_months"]:
        turns = f"in turn, for {count(chair['rota_months'], 'month')} each"
        who = f"{listed(chair['rota'])}, {turns}" if chair["rota"] else f"The partners, {turns}"
    else:
        who = post_words(chair["post"]) if chair["post"] else chair["person"] or chair["organisation"]
    least = f"for at least {count(chair['minimum_months'], 'month')}" if chair["minimum_months"] else ""
    return joined(who, least, term_words(chair), chair["note"])


def term_words(chair):
    """Return from when to when someone chairs, in words; empty when not stated."""
    start, end = day(chair["starts_on"]), day(chair["ends_on"])
    return " ".join(filter(None, [start and f"from {start}", end and f"until {end}"]))


def member_words(member):
    """Return who has a place in a group, in words."""
    if member["post"]:
        return post_words(member["post"])
    return member["agency"]["name"] if member["agency"] else member["organisation"]


def standing_words(member):
    """Return as what someone sits on a group, in words, with the note."""
    return joined(place_words(member), member["note"])


def place_words(member):
    """Return as what someone sits on a group, in words."""
    vote = {True: "has a vote", False: "has no vote", None: ""}[member["vote"]]
    statutory = "for a safeguarding partner" if member["statutory"] else ""
    invited = "by invitation" if member["attendance"] == "By invitation" else ""
    return joined(member["role"], statutory, invited, vote)


def link_words(link):
    """Return a tie in words, without the group that it starts from."""
    by = f"represented by {post_words(link['by_post'])}" if link["by_post"] else ""
    return joined(f"{link['words']} {link['to_name']}", by, link["note"])


def owners_words(group):
    """Return who else owns a group, in words; empty when nobody does."""
    jointly = f"jointly with {listed(group['also_owned_by'])}" if group["also_owned_by"] else ""
    return joined(group["outside_owner"], jointly)


def terms_words(group):
    """Return when terms of reference were agreed and are reviewed, in words."""
    terms = group["terms"]
    agreed = f"agreed {day(terms['agreed_on'])}" if terms["agreed_on"] else ""
    months = terms["review_months"]
    reviewed = "reviewed every year" if months == 12 else f"reviewed every {count(months, 'month')}" if months else ""
    return joined(agreed, reviewed, terms["note"]) or NOT_STATED


def group_tables(groups, key):
    """Return the tables of some groups: the groups, their members and their ties."""
    columns = [
        "Group",
        "Kind",
        "State",
        "About",
        "What it is for",
        "Chair",
        "Meets",
        "Terms of reference",
        "Also owned by",
    ]
    rows = [
        [
            g["name"],
            g["kind_words"],
            g["state_words"],
            ABOUT[g["audience"]],
            g["remit"] or NOT_STATED,
            " / ".join(f"{c['role']}: {chair_words(c)}" for c in g["chairs"]) or NOT_STATED,
            g["meets"] or NOT_STATED,
            terms_words(g),
            owners_words(g),
        ]
        for g in groups
    ]
    members = [
        [f"{g['name']}: {member_words(m)}", standing_words(m), ABOUT[m["audience"]]]
        for g in groups
        for m in g["members"]
    ]
    links = [
        [f"{g['name']} {link['words']} {link['to_name']}", joined(link_words(link))]
        for g in groups
        for link in g["links"]
    ]
    return [
        Table(key, "Groups", columns, rows),
        Table(f"{key}-members", "Members of groups", ["Group and member", "As", "About"], members),
        Table(f"{key}-links", "Ties between groups", ["Tie", "In full"], links),
    ]


# The drawing and the list beside it ----------------------------------------------------------------------------------


def drawing(data):
    """Return (nodes, edges) for the diagram: every group, and every body outside that a group is tied to."""
    nodes = [node_of(group, data["audience"]) for group in data["groups"]]
    known = {group["slug"] for group in data["groups"]}
    edges = []
    for group in data["groups"]:
        for link in group["links"]:
            to = link["to"] if link["to"] in known else f"outside: {link['to_name']}"
            if to not in known and all(node["id"] != to for node in nodes):
                nodes.append({"id": to, "label": link["to_name"], "kind": "outside", "scope": "", "note": ""})
            edges.append({"from": group["slug"], "to": to, "kind": link["kind"], "label": link["words"]})
    return nodes, edges


def node_of(group, audience):
    """Return one group as a box of the diagram: those that lead are filled, those of others dashed."""
    look = {"leadership": "lead", "executive": "lead", "outside": "outside"}.get(group["kind"], "plain")
    return {
        "id": group["slug"],
        "label": group["name"],
        "kind": look,
        "scope": scope_of(group, audience),
        "note": brief(group),
    }


def brief(group):
    """Return the state of a group that is not simply active, and how often it meets."""
    return joined("" if group["state"] == "active" else group["state_words"], group["meets"])


def scope_of(group, audience):
    """Return whom a group is about where that is not simply what the edition is about."""
    return "" if group["audience"] == audience else group["audience"]


def outline(data, ident):
    """Return the groups as the nested list beside the diagram, [{label, href, note, scope, ties, children}].

    Each stands below the group to which its first line of reporting leads. A circle is cut where it closes, so every
    group stands in the list exactly once.
    """
    known = {group["slug"]: group for group in data["groups"]}
    upper = {}
    for group in data["groups"]:
        to = next((link["to"] for link in group["links"] if link["kind"] == "reports_to" and link["to"] in known), None)
        if to is not None and not is_above(group["slug"], to, upper):
            upper[group["slug"]] = to
    items = {slug: outline_item(group, upper.get(slug), data["audience"], ident) for slug, group in known.items()}
    roots = []
    for slug, item in items.items():
        shelf = shelf_for(slug, upper)
        (items[shelf]["children"] if shelf else roots).append(item)
    return roots


def outline_item(group, above, audience, ident):
    """Return one line of the nested list, with nothing below it yet; its place already says what it reports to."""
    ties = [link for link in group["links"] if not (link["kind"] == "reports_to" and link["to"] == above)]
    return {
        "label": group["name"],
        "href": f"#{ident}-{group['slug']}",
        "scope": scope_of(group, audience),
        "note": brief(group),
        "ties": [link_words(link) for link in ties],
        "children": [],
    }


def is_above(slug, at, upper):
    """Say whether ``slug`` is ``at`` or stands somewhere above it."""
    while at is not None:
        if at == slug:
            return True
        at = upper.get(at)
    return False


def shelf_for(slug, upper):
    """Return under which group one is listed: the one above it, or where that is too deep, the lowest that is not."""
    chain, at = [], upper.get(slug)
    while at is not None:
        chain.append(at)
        at = upper.get(at)
    return chain[-min(len(chain), DEEPEST)] if chain else None
