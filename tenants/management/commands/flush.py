"""Refused: it would empty the directory."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    # The options with which Django's TransactionTestCase calls it.
    stealth_options = ("database", "interactive", "reset_sequences", "allow_cascade", "inhibit_post_migrate")
    help = instead = (
        "it would empty the directory, and all organisations would be lost. "
        "`manage.py remove_organisation` removes one organisation. "
        "In development, delete var/ to start again. A test that commits uses the fixture `committed`."
    )
