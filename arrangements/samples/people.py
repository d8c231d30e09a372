"""The people of an invented partnership: accounts that cannot be mistaken for real ones, their roles and their posts."""
from datetime import date

from arrangements.samples.editions import entries
from arrangements.samples.rows import BROKEN
from arrangements.samples.values import Refused, shown, text
from masa.accounts.demo import NotADemo, create_person
from masa.accounts.models import RoleGrant, User
from masa.accounts.roles import DERIVED, Role
from masa.partnerships.models import Appointment, Partnership, Post

FIELDS = ["email", "name", "roles", "holds"]
ROLES = [role.value for role in Role if role not in {*DERIVED, Role.INSTALLATION_ADMINISTRATOR}]
#: Before the first move in any file, so that every grant holds when its person acts.
GRANTED_ON = date(2024, 1, 1)


def cast(reader):
    """Make the people of a file and return their accounts by e-mail address."""
    accounts = {}
    for where, raw in entries(reader, "people", reader.file.data.get("people")):
        if reader.partnership is not BROKEN and reader.partnership.sample != Partnership.Sample.INVENTED:
            reader.file.refuse(where, "email", "Only an invented partnership has people who sign in.")
        if account := person(reader, where, raw, accounts):
            accounts[account.email] = account
    return accounts


def person(reader, where, raw, accounts):
    """Make one person, with roles and posts; return the account, or None when anything is wrong."""
    found = len(reader.file.problems)
    for name in raw:
        if name not in FIELDS:
            reader.file.refuse(where, shown(name), f"No person has this. What one may have: {', '.join(FIELDS)}.")
    email, name = words(reader, where, raw, "email"), words(reader, where, raw, "name")
    if not email.endswith(".example") or email in accounts:
        reader.file.refuse(where, "email", "Write an address that ends in .example and that no one else in the file has.")
    roles, holds = names(reader, where, raw, "roles"), names(reader, where, raw, "holds")
    for role in roles:
        if role not in ROLES:
            reader.file.refuse(where, "roles", f"“{shown(role)}” is no role that is granted. Write one of: {', '.join(ROLES)}.")
    held = [appointment for slug in holds if (appointment := appointment_of(reader, where, slug, name))]
    if reader.partnership is BROKEN or len(reader.file.problems) > found:
        return None
    account = account_of(email, name)
    for role in roles:
        RoleGrant.objects.create(user=account, partnership=reader.partnership, role=role, starts_on=GRANTED_ON, reason="A sample person.")
    for appointment in held:
        appointment.user = account
        reader.saved(where, appointment)
    return account


def account_of(email, name):
    """Return the person's account. Outside the demo it has no password, and no mail reaches .example, so nobody signs in with it."""
    try:
        return create_person(email, name)
    except NotADemo:
        return User.objects.filter(email=email).first() or User.objects.create_user(email, name)


def words(reader, where, raw, name):
    try:
        return text(raw.get(name) or "")
    except Refused as error:
        reader.file.refuse(where, name, str(error))
        return ""


def names(reader, where, raw, name):
    """Return a list of words, or none with a problem noted."""
    listed = raw.get(name) or []
    if isinstance(listed, list) and all(isinstance(word, str) for word in listed):
        return listed
    reader.file.refuse(where, name, "Write a list of words here, such as [editor, publisher].")
    return []


def appointment_of(reader, where, slug, holder):
    """Return the time for which this person holds a post: the appointment of the post that has the person's name."""
    post = reader.shared.find(Post, slug)
    if post is None:
        reader.file.refuse(where, "holds", f"There is no post called “{shown(slug)}”. Write the slug of a post in the files.")
    if post in {None, BROKEN}:
        return None
    found = Appointment.objects.filter(post=post, holder=holder).last()
    if found is None:
        reader.file.refuse(where, "holds", f"No appointment to {post} names {shown(holder)} as its holder. Add one, or correct the name.")
    return found
