"""Addresses of an organisation's site."""

from django.urls import path

from profiles.views import hand_off, home, invitations, leave, members, people, photos, settings, welcome

urlpatterns = [
    path("", home.home, name="home"),
    path("welcome/edit/", welcome.edit_welcome, name="edit_welcome"),
    path("settings/", settings.settings, name="settings"),
    path("logo/<uuid:key>.webp", settings.logo, name="logo"),
    path("hand-off/<str:token>/", hand_off.hand_off, name="hand_off"),
    path("profile/", people.my_profile, name="my_profile"),
    path("leave/", leave.leave, name="leave"),
    path("people/", people.people, name="people"),
    path("people/<str:username>/", people.person, name="person"),
    path("people/<str:username>/edit/", people.edit_profile, name="edit_profile"),
    path("people/<str:username>/initials.svg", photos.initials, name="initials"),
    path("photos/<uuid:key>/<int:size>.webp", photos.photo, name="photo"),
    path("members/", members.members, name="members"),
    path("members/invitations/", invitations.invitations, name="invitations"),
    path("members/invitations/<int:pk>/resend/", invitations.resend, name="resend_invitation"),
    path("members/invitations/<int:pk>/revoke/", invitations.revoke, name="revoke_invitation"),
    path("members/<str:username>/role/", members.change_role, name="change_role"),
    path("members/<str:username>/deactivate/", members.deactivate, name="deactivate"),
    path("members/<str:username>/reactivate/", members.reactivate, name="reactivate"),
    path("members/<str:username>/remove/", members.remove, name="remove"),
    path("invitations/<str:token>/", invitations.accept, name="accept_invitation"),
]
