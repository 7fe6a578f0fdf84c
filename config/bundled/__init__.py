"""The bundled PostgreSQL 18: it starts with the first connection, and stops with the last process that uses it.

Its data is in var/postgres (BUNDLED_DATA sets another folder), and its log is the file `log` there. It listens
on a Unix socket in that folder, which only its own account may enter, and on no network address.

PostgreSQL refuses to run as root. For root the server runs as the owner of its data folder, at first the system
account `pgserver`, which is created. That account needs to reach the data and the programs, so the folders above
them get the permission to be traversed (o+x), but not listed, if they lack it.
"""
