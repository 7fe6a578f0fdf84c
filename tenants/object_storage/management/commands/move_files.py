"""Copies the files of all organisations to another storage."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import Storage, default_storage, storages
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from tenants.models import Tenant
from tenants.object_storage.apps import EXAMPLE, storage_of
from tenants.object_storage.moving import move_files
from tenants.storage import TenantStorage


class Command(BaseCommand):
    help = "Copies the files of all organisations from the storage in use to another one, and deletes none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", required=True, help=f"a folder, or {EXAMPLE}")

    def handle(self, *, to: str, **_options: Any) -> None:
        target, copied, there, size = storage_at(to), 0, 0, 0
        is_shown = self.stderr.isatty()
        try:
            bar = tqdm(move_files(target), total=Tenant.objects.count(), unit="org", disable=not is_shown)
            for tenant, tally in bar:
                copied, there, size = copied + tally.copied, there + tally.there, size + tally.bytes
                if tally.copied and not is_shown:
                    self.stdout.write(f"{tenant.slug or tenant.schema_name}: {tally.copied} files")
        except OSError as error:
            raise CommandError(f"Stopped after {copied} files: {error} Run the command again to continue.") from error
        self.stdout.write(f"{copied} files ({size / 1e6:.1f} MB) were copied, {there} were there already.")
        self.stdout.write("New files still go to the storage in use. Stop the product and run the command once more,")
        self.stdout.write("then start it with STORAGE_URL for a bucket, or with MEDIA_ROOT alone for a folder.")


def storage_at(address: str) -> Storage:
    """Raises CommandError for an address that is none, and for that of the storage in use."""
    if "://" not in address:
        folder = Path(address).resolve()
        if isinstance(default_storage, TenantStorage) and folder == Path(default_storage.base_location).resolve():
            raise CommandError(f"The files are in {folder} already.")
        return TenantStorage(location=folder)
    try:
        return storages.create_storage(storage_of(address))
    except ImproperlyConfigured as error:
        raise CommandError(str(error).replace("STORAGE_URL", "--to")) from None
