"""The order and the headings of the register's first page."""

HEADINGS = (
    ("The partnership", ("Partnership", "Succession", "DataController", "ContactRoute", "Area", "Footprint")),
    ("Organisations, posts and seats", ("Organisation", "Post", "Seat", "SeatPost")),
    ("Who takes part", ("RelevantAgency", "Strand", "Group")),
    ("What was agreed", ("Priority", "Agreement", "Fund", "DisputeRoute", "StrategicLink", "ScrutinyMechanism")),
    ("What is to be done and told", ("Milestone", "HandoverItem", "ReportingRoute")),
)


def grouped(apps):
    """Return Django's list of apps as our headings, each an app with its tables; what is not ours follows as it was."""
    ours = [app for app in apps if app["app_label"] in {"partnerships", "arrangements"}]
    others = [app for app in apps if app not in ours]
    found = {model["object_name"]: (app, model) for app in ours for model in app["models"]}
    headings = []
    for position, (title, names) in enumerate(HEADINGS):
        present = [found[name] for name in names if name in found]
        if present:
            app = present[0][0]
            models = [model | {"purpose": purpose_of(model["model"])} for _, model in present]
            headings.append(app | {"name": title, "models": models, "app_url": None, "ident": f"heading-{position}"})
    return [*headings, *(app | {"ident": app["app_label"]} for app in others)]


def purpose_of(model):
    """Return the line of help of a model's table."""
    from django.contrib import admin

    return getattr(admin.site._registry[model], "purpose", "")
