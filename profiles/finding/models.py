"""Request, in `public`: an address that asks for its organisations, encrypted, until the job has looked."""

from datetime import timedelta

from django.db import models

from shared.encryption import decrypt, encrypt

# After this time no one waits for the mail any more.
KEPT = timedelta(hours=1)


class Request(models.Model):
    """It names no organisation, and is deleted when its mail is handed over."""

    address = models.CharField(max_length=600)  # encrypted; an address has 254 characters at most
    language = models.CharField(max_length=16)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"of {self.created:%Y-%m-%d %H:%M}"

    @classmethod
    def of(cls, email: str, language: str) -> "Request":
        return cls(address=encrypt(email), language=language)

    @property
    def email(self) -> str:
        return decrypt(self.address)
