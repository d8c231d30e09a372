"""Which partnerships the code that is running may see.

Every row that belongs to a partnership is read through a manager that filters by the partnerships in scope and
fails when there is none, so that a forgotten filter shows nothing rather than everything (AC-04).
"""
from contextlib import contextmanager

from django.db import models
from django_scopes import ScopedManager, get_scope, scope, scopes_disabled
from django_scopes.exceptions import ScopeError

__all__ = ["ScopeError", "every_partnership", "in_scope", "of", "partnership_ids", "scoped"]


def of(*partnerships):
    """Run a block with these partnerships (rows or ids) in scope, and no others."""
    return scope(partnership=[getattr(p, "pk", p) for p in partnerships])


@contextmanager
def every_partnership(*, why):
    """Run a block across all partnerships: for commands, the bake and the sign-in itself, each saying why."""
    if not why:
        raise ValueError("Say why this block reads every partnership.")
    with scopes_disabled():
        yield


def in_scope():
    """Say whether any scope is set."""
    current = get_scope()
    return "partnership" in current or not current.get("_enabled", True)


def partnership_ids():
    """Return the ids in scope, or None when a block reads every partnership; raises ScopeError when there is no scope."""
    current = get_scope()
    if not current.get("_enabled", True):
        return None
    if "partnership" not in current:
        raise ScopeError("No partnership is in scope.")
    return list(current["partnership"])


def scoped(path="partnership", queryset=models.QuerySet):
    """Return the default manager of a model whose partnership is found along ``path``."""
    return ScopedManager(partnership=path, _manager_class=models.Manager.from_queryset(queryset))
