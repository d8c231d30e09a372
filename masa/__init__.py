"""Multi-agency safeguarding arrangements: settings, root urls and wsgi; each room below is a Django app."""
