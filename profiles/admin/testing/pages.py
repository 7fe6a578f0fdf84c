"""What the addresses of the admin are about."""

from collections.abc import Callable

from profiles.models import User

SHOWING = ["/admin/", "/admin/profiles/user/", "/admin/profiles/profile/"]


def arguments(_people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    pages = ("change", "delete", "history")
    return {
        "admin:app_list": lambda _user: ["profiles"],
        "/admin/(?P<url>.*)$": lambda _user: ["nothing/"],
        "/admin/profiles/user/<path:object_id>/": lambda user: [user.pk],
        "/admin/profiles/profile/<path:object_id>/": lambda user: [user.profile.pk],
        **{f"admin:profiles_user_{page}": lambda user: [user.pk] for page in pages},
        **{f"admin:profiles_profile_{page}": lambda user: [user.profile.pk] for page in pages},
    }
