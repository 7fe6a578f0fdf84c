"""What the tests of Django's admin share: addresses, and a form that asks for too much."""

USERS = "/admin/profiles/user/"
ADD = f"{USERS}add/"
PROFILES = "/admin/profiles/profile/"
ROLES = ["owner", "admin", "editor", "reader"]

FORGED = {
    "username": "forged",
    "email": "forged@example.com",
    "first_name": "Forged",
    "last_name": "Forged",
    "role": "owner",
    "is_active": "",
    "is_staff": "on",
    "is_superuser": "on",
    "password": "forged",
    "groups": "1",
    "user_permissions": "1",
    "user": "1",
    "id": "1",
    "bio": "forged",
    "location": "forged",
    "pronouns": "forged",
    "time_zone": "Europe/Berlin",
    "_save": "Save",
}


def change(url, thing):
    """The page that changes a row."""
    return f"{url}{thing.pk}/change/"
