"""Asks for the passphrase of an encrypted export, for commands."""

import getpass
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError

from profiles.exports.sealing import LEAST


def add_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--passphrase-file",
        metavar="FILE",
        help="Its first line is the passphrase. Otherwise it is asked.",
    )


def asked(file: str | None, *, twice: bool = False) -> str:
    """Ask for it. Raises CommandError if it is too short, or typed differently the second time."""
    try:
        if file:
            typed = Path(file).read_text().partition("\n")[0]
        else:
            typed = getpass.getpass("Passphrase: ")
            if twice and getpass.getpass("The same again: ") != typed:
                raise CommandError("These are two different passphrases.")
    except (OSError, EOFError) as error:
        raise CommandError(f"There is no passphrase: {error}.") from error
    if len(typed) < LEAST:
        raise CommandError(f"The passphrase is too short. Use {LEAST} characters at least.")
    return typed
