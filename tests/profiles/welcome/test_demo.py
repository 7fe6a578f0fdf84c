"""The welcome texts of the demo's organisations."""

from profiles.roles import Role
from profiles.welcome.demo import write
from profiles.welcome.models import Welcome
from tenants.context import within


def test_the_editor_has_written_one(acme):
    with within(acme):
        write(acme)
        assert Welcome.objects.get(updated_by__role=Role.EDITOR).text
