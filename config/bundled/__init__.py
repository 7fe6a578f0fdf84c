"""The bundled PostgreSQL 18: starts with the first connection, stops with the last process that uses it.

Its data is in var/postgres (BUNDLED_DATA names another folder), its log is the file `log` there. It listens
on a Unix socket in that folder, which only its own account may enter, and on no network address.

PostgreSQL refuses to run as root. For root the server runs as the owner of its data folder; at first that is
the system account `pgserver`, which is made. That account has to pass through the folders above the data and
the programs, so those get the right to be passed through (o+x), and not to be listed, where they lack it.
"""
