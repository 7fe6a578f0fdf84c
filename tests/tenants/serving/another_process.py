"""Another process of the web server: it answers requests, on the given database, until its input ends.

Reads a host for each request, and writes the status of its front page and where that leads.
"""

import sys

import django


def main(database: str) -> None:
    django.setup()
    from django.db import connection
    from django.test import Client

    connection.settings_dict["NAME"] = database
    for line in sys.stdin:
        page = Client(SERVER_NAME=line.strip()).get("/")
        sys.stdout.write(f"{page.status_code} {page.headers.get('Location', '')}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
