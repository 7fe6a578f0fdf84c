"""What can go wrong with a backup, in words for operators."""


class CannotBackUp(RuntimeError):
    """This organisation cannot be backed up now."""


class Busy(CannotBackUp):
    """Another process works on the same backups."""


class CannotRestore(RuntimeError):
    """The backup, or what is there already, does not allow it. Nothing was changed."""
