"""`manage.py dbshell` for the bundled server, with the bundled psql."""

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql import client

from config.bundled.lease import data_folder, running_server
from config.bundled.programs import PROGRAMS


class DatabaseClient(client.DatabaseClient):
    """The bundled psql."""

    executable_name = str(PROGRAMS / "psql")

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        """Django's command line with the bundled server's address."""
        where = running_server(data_folder()).parameters(settings_dict["NAME"])
        address = {"HOST": where["host"], "PORT": where["port"], "USER": where["user"]}
        return super().settings_to_cmd_args_env(settings_dict | address, parameters)
