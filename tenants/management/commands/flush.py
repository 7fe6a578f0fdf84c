"""Refused: it would empty the directory."""

from tenants.management.refusal import RefusedCommand


class Command(RefusedCommand):
    # With which Django's TransactionTestCase calls it.
    stealth_options = ("database", "interactive", "reset_sequences", "allow_cascade", "inhibit_post_migrate")
    help = instead = (
        "it would empty the directory, and every organisation would be lost. "
        "`manage.py remove_organisation` removes one; "
        "in development, deleting var/ begins anew. A test that commits uses the fixture `committed`."
    )
