"""What tests of the form for one's own profile share."""

from django.core.files.uploadedfile import SimpleUploadedFile

PATH = "/people/reader/edit/"
FILLED = {
    "first_name": "Rita",
    "last_name": "Leser",
    "pronouns": "she/her",
    "bio": "I read.",
    "location": "Lisbon",
    "time_zone": "Europe/Lisbon",
    "birth_date": "1990-03-07",
    "phone": "+49 30 901820",
}


def upload(data: bytes, name: str = "me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


def errors(response) -> dict[str, list[str]]:
    assert response.status_code == 200
    return response.context["form"].errors
