"""Jobs: tenant_task carries its organisation with it; the stock of spare tenants refills itself."""

from collections.abc import Callable
from typing import Any

from procrastinate.contrib.django import app

from tenants import context
from tenants.errors import TenantGone


class TenantTask:
    """A job that runs in the tenant from which it was deferred."""

    def __init__(self, function: Callable[..., Any], **options: Any) -> None:
        self.function = function
        name = f"{function.__module__}.{function.__qualname__}"
        self.task = app.task(name=name, **options)(self.run)

    def __call__(self, **arguments: Any) -> Any:
        """Do it here and now, in the current tenant."""
        return self.function(**arguments)

    def defer(self, **arguments: Any) -> int:
        """Queue the job in the current transaction and tenant, and return its id. Raises NoTenant outside all tenants.

        Arguments end up in `public`: pass primary keys, never names, addresses or tokens.
        """
        schema_name = context.required().schema_name
        with context.public():
            return self.task.defer(schema_name=schema_name, arguments=arguments)

    def run(self, *, schema_name: str, arguments: dict[str, Any]) -> Any:
        """What the worker calls. Raises TenantGone, so that the job is marked as failed and not done elsewhere."""
        from tenants.models import Tenant

        with context.public():
            tenant = Tenant.objects.filter(schema_name=schema_name).first()
        if tenant is None:
            raise TenantGone(f"{self.task.name} was for {schema_name}, which no longer exists.")
        with context.within(tenant):
            return self.function(**arguments)


def tenant_task(function: Callable[..., Any] | None = None, **options: Any) -> Any:
    """Make a function a job of the current tenant: `@tenant_task` or `@tenant_task(queue="mail", retry=3)`.

    Options are procrastinate's: https://procrastinate.readthedocs.io/en/stable/howto/basics/tasks.html
    """
    if function is None:
        return lambda function: TenantTask(function, **options)
    return TenantTask(function, **options)


@app.periodic(cron="* * * * *")
@app.task(name="tenants.top_up_spares", queueing_lock="tenants.top_up_spares")
def top_up_spares(timestamp: int = 0) -> None:
    """Make spare tenants until there are SPARE_TENANTS of them; each minute, and after each sign-up."""
    from tenants.spares import top_up

    top_up()
