# The product for production: one image for web, worker, beat and the migration.
# Built from the same lock files as ./run; no compiler, every package comes as a wheel.

FROM node:22-bookworm-slim AS front-end
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.11-slim-bookworm AS packages
COPY requirements/installer.lock requirements/production.lock /build/
RUN pip install --no-cache-dir --require-hashes -r /build/installer.lock \
    && python -m venv /opt/ctms-python \
    && uv pip install --no-cache --compile-bytecode --require-hashes \
        --python /opt/ctms-python/bin/python -r /build/production.lock

FROM python:3.11-slim-bookworm
# Pango and a font for PDF reports.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin ctms \
    && install -d -o ctms -g ctms /var/lib/ctms /var/lib/ctms/files /var/lib/ctms/seals

ENV PATH=/opt/ctms-python/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=ctms.settings \
    CTMS_VAR=/var/lib/ctms \
    XDG_CACHE_HOME=/tmp/cache

COPY --from=packages /opt/ctms-python /opt/ctms-python
WORKDIR /srv/ctms
COPY --from=front-end /build/node_modules node_modules
COPY . .
# Compiled once here, because the running container cannot write. The key serves this one command.
# Static files are part of the image, not of a volume: a new image brings its own.
RUN python -m compileall -q -x node_modules . \
    && CTMS_SECRET_KEY=only-for-collecting-static-files python manage.py collectstatic --noinput --verbosity=0

USER ctms
EXPOSE 8000
# exec form: gunicorn is process 1 and gets the signal to stop.
CMD ["gunicorn", "ctms.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--preload", \
     "--no-control-socket", "--worker-tmp-dir", "/dev/shm", "--timeout", "60", "--access-logfile", "-"]
