"""Changes the password of a member of one organisation."""

from django.contrib.auth.management.commands import changepassword

from tenants.management.inside import InsideCommand


class Command(InsideCommand, changepassword.Command):
    pass
