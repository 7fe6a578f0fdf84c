"""The audit log: who did what in an organisation."""
