"""The engine without DATABASE_URL: a connection that has its server started first."""

from typing import Any

from config.bundled.client import DatabaseClient
from config.bundled.lease import data_folder, running_server
from config.postgres import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the bundled server. Nothing starts before the first one is opened."""

    client_class = DatabaseClient
    advice = "Its log is the file `log` in that folder."

    def get_connection_params(self) -> dict[str, Any]:
        """Where the server is, which runs from now on."""
        params = super().get_connection_params()
        return params | running_server(data_folder()).parameters(params["dbname"])

    def make_extension(self, name: str) -> None:
        """Make an extension in this database, as an operator does on any other server."""
        running_server(data_folder()).make_extension(self.settings_dict["NAME"], name)
