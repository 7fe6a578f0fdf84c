"""Files of an import that was killed: the job that deletes them."""

from procrastinate.contrib.django import app

from tenants.context import public, within
from tenants.models import Tenant
from tenants.storage import delete_folder


@app.task(name="profiles.forget_imported_files", retry=5)
def forget_files(schema_name: str) -> None:
    """Delete the files of a schema that no organisation has. Queued before the first of them is written."""
    with public():
        if Tenant.objects.filter(schema_name=schema_name).exists():
            return
    with within(Tenant(schema_name=schema_name)):
        delete_folder(".")
