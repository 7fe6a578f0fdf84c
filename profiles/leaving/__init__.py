"""Owners delete their organisation: with a period in which it can be kept, mails, a hold, and a certificate."""
