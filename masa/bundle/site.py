"""The installation's own small site: the directory of partnerships, footprints, shared assets, errors."""
from masa.bundle import assets, datafiles
from masa.bundle.frame import data_file, page_file, place
from masa.partnerships import scope
from masa.partnerships.models import Footprint, Partnership

NAME = "Safeguarding arrangements"
STRAPLINE = "How councils, the NHS and the police work together to keep people safe"
MENU = (("/", "All partnerships"), ("/verify/", "Check a document"))
PRIVATE = ("/account/", "/admin/", "/workspace/")


def gather():
    """Return the partnerships and footprints as data, in a constant number of queries."""
    with scope.every_partnership(why="the directory lists every partnership"):
        rows = Partnership.objects.prefetch_related("areas", "footprints").order_by("name")
        partnerships = [
            {
                "slug": p.slug, "name": p.name, "strapline": p.strapline, "sample": p.sample, "areas": [a.name for a in p.areas.all()],
                "footprints": [f.slug for f in p.footprints.all()],
            }
            for p in rows
        ]
        footprints = [{"slug": f.slug, "name": f.name, "about": f.about} for f in Footprint.objects.order_by("name")]
    return {"partnerships": partnerships, "footprints": [f for f in footprints if any(f["slug"] in p["footprints"] for p in partnerships)]}


def plan(data):
    """Return every File of the installation's own site, in the order of their paths."""
    found = [
        directory(data), *(footprint(data, f) for f in data["footprints"]), note("accessibility", "Accessibility"), note("privacy", "Privacy"),
        page_file("404.html", "bundle/site_not_found.html", context("404.html", "Page not found", noindex=True)),
        page_file("50x.html", "bundle/site_50x.html", context("50x.html", "Sorry, there is a problem", noindex=True)),
        *shared_files(), robots(), site_map(data),
    ]
    return sorted(found, key=lambda file: file.path)


def redirects(data):
    """Return what the root answers when there is one partnership: its home. Not for ever, since a second may come."""
    only = data["partnerships"]
    return {"/": [302, f"/{only[0]['slug']}/"]} if len(only) == 1 else {}


def context(path, title, **more):
    """Return what a page of the installation is rendered with."""
    site = {
        "name": NAME, "strapline": STRAPLINE, "accent": "slate", "home": "/", "worried": {"text": "Worried about a child?", "href": "/#contacts"}, "feed": "", "search": "/search/",
        "nav": [{"href": href, "text": words, "current": place(href, f"/{path}", "")} for href, words in MENU],
        "footer": [
            {"href": "/accessibility/", "text": "Accessibility"}, {"href": "/privacy/", "text": "Privacy"},
            {"href": "/verify/", "text": "Check a document"},
        ],
    }
    crumbs = [{"href": "/", "text": "All partnerships"}, {"text": title}] if path else []
    return {"site": site, "title": title, "base": "/", "path": f"/{path}", "crumbs": crumbs, "banners": [], "lang": "en-GB", "emergency": True, **more}


def directory(data):
    """Return the list of partnerships, those that plan together under their footprint first."""
    groups = [{**f, "href": f"/footprints/{f['slug']}/", "partnerships": members(data, f["slug"])} for f in data["footprints"]]
    alone = [entry(p) for p in data["partnerships"] if not p["footprints"]]
    return page_file("index.html", "bundle/directory.html", context("", NAME, groups=groups, alone=alone))


def footprint(data, row):
    """Return the page of one footprint."""
    path = f"footprints/{row['slug']}/"
    found = context(path, row["name"], about=row["about"], partnerships=members(data, row["slug"]))
    return page_file(f"{path}index.html", "bundle/footprint.html", found)


def members(data, slug):
    """Return the partnerships of a footprint as the lists print them."""
    return [entry(p) for p in data["partnerships"] if slug in p["footprints"]]


def entry(partnership):
    """Return a partnership as a list prints it."""
    return {
        "href": f"/{partnership['slug']}/", "name": partnership["name"], "strapline": partnership["strapline"],
        "areas": ", ".join(partnership["areas"]), "sample": partnership["sample"],
    }


def note(name, title):
    return page_file(f"{name}/index.html", f"bundle/{name}.html", context(f"{name}/", title))


def shared_files():
    """Return the shared assets, and the icon under the name that browsers ask for."""
    _, found = assets.shared()
    icon = assets.read("favicon.svg")
    files = [data_file(path, lambda data=data: data, path) for path, data in found.items()]
    return [*files, data_file("favicon.svg", lambda: icon, icon.decode())]


def robots():
    """Return robots.txt. Samples are not listed here: a page that may not be fetched cannot say "noindex"."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE), ""]
    return data_file("robots.txt", lambda: "\n".join(lines).encode(), *lines)


def site_map(data):
    """Return the list of the partnerships' maps; samples keep out of search engines."""
    slugs = [p["slug"] for p in data["partnerships"] if not p["sample"]]
    return data_file("sitemap.xml", lambda: datafiles.sitemap_index(slugs), *slugs)
