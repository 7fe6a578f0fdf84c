"""The database engine without DATABASE_URL, which starts the bundled server."""

from typing import Any

from config.bundled.client import DatabaseClient
from config.bundled.lease import data_folder, running_server
from config.postgres import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the bundled server. The server starts when the first one is opened."""

    client_class = DatabaseClient
    advice = "Its log is the file `log` in that folder."

    def get_connection_params(self) -> dict[str, Any]:
        """Start the server if needed, and return its address."""
        params = super().get_connection_params()
        return params | running_server(data_folder()).parameters(params["dbname"])

    def make_extension(self, name: str) -> None:
        """Create an extension in this database. On any other server, an operator does this."""
        running_server(data_folder()).make_extension(self.settings_dict["NAME"], name)
