"""A mailbox for development, at /dev/mail/."""
