"""A command of manage.py in a process of its own, which ends at a chosen point: `python -m tests.nodes.killed`."""

import json
import sys

import django
from django.core.management import call_command
from django.db import connection

from tests.killing import die_at

if __name__ == "__main__":
    django.setup()
    database, where, words = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3:]
    connection.settings_dict["NAME"] = database
    if where:
        die_at(*where)
    call_command(*words)
