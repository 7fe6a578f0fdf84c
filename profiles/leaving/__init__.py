"""The end of an organisation as its owners ask for it: with a time to think again, mails, a hold, and a certificate."""
