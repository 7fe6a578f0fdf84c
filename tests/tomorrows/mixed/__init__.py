"""Schema, data and schema again, all of one table: three transactions in Django, and one here."""
