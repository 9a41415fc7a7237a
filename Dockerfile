# One image for API, worker, beat and migration (`app`), the same with restic (`backup`), and the entry (`edge`).
# Production pins the bases by digest: --build-arg PYTHON_IMAGE=python:3.11-slim@sha256:... and so on.
# The same sources and bases give the same files: everything is locked, and no time is written into them.
ARG PYTHON_IMAGE=python:3.11-slim
ARG NODE_IMAGE=node:20-slim
ARG NGINX_IMAGE=nginx:stable
ARG SOURCE_DATE_EPOCH=0


# --- the recognition engine: C to one WebAssembly file; the compiler is a Python package ----------
FROM ${PYTHON_IMAGE} AS engine
WORKDIR /build
COPY requirements-run.lock ./
RUN sed -n '/^ziglang==/,/# via/p' requirements-run.lock > ziglang.lock \
    && pip install --no-cache-dir --require-hashes --no-deps -r ziglang.lock
COPY engine engine
COPY arv_engine arv_engine
RUN python engine/build.py


# --- viewer and panel ------------------------------------------------------------------------------
FROM ${NODE_IMAGE} AS web
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY web/api-client/package.json web/api-client/
COPY web/engine/package.json web/engine/
COPY web/viewer/package.json web/viewer/
COPY web/admin/package.json web/admin/
RUN --mount=type=cache,target=/var/cache/npm npm ci --ignore-scripts --cache /var/cache/npm
RUN npm sbom --sbom-format cyclonedx --package-lock-only --omit dev > web.cdx.json
COPY web web
COPY --from=engine /build/arv_engine/*.wasm arv_engine/
RUN npm run build \
    && mkdir out && cp -r web/admin/dist out/admin && cp -r web/viewer/dist out/viewer \
    && find out -type f \( -name '*.js' -o -name '*.css' -o -name '*.html' -o -name '*.svg' \
         -o -name '*.wasm' -o -name '*.json' \) -exec gzip -9 -k -n {} +


# --- Python packages, exactly those of the lock, without their tests, headers and types ---------------
FROM ${PYTHON_IMAGE} AS packages
WORKDIR /build
RUN python -m venv /opt/venv
COPY requirements.lock ./
RUN /opt/venv/bin/pip install --no-cache-dir --no-compile --require-hashes --no-deps -r requirements.lock \
    && /opt/venv/bin/pip uninstall -q -y setuptools pip \
    && find /opt/venv/lib -depth \( -type d \( -name tests -o -name include \) \
         -o -name '*.pyi' -o -name '*.pyx' -o -name '*.pxd' \) -exec rm -rf {} + \
    && python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv/lib


# --- PostgreSQL's client programs, without the Perl their package brings ------------------------------
FROM ${PYTHON_IMAGE} AS postgres-client
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
    && install -D -t /client /usr/lib/postgresql/*/bin/pg_dump /usr/lib/postgresql/*/bin/pg_restore \
         /usr/lib/postgresql/*/bin/psql


# --- the entry: nginx with its configuration and the built pages -------------------------------------
FROM ${NGINX_IMAGE} AS edge
COPY nginx /etc/nginx
COPY nginx/pages /srv/arv/pages
COPY --from=web /build/out /srv/arv/web
COPY --from=web /build/web.cdx.json /usr/share/sbom/
COPY --chmod=755 ops/containers/lay-out-pages.sh /usr/local/bin/lay-out-pages
RUN install -d -o 101 -g 101 /srv/arv/laid-out
USER 101:101
EXPOSE 8080 8443
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080"]
CMD ["/etc/nginx/start.sh"]


# --- what the service stands on, and the list of everything in it -------------------------------------
FROM ${PYTHON_IMAGE} AS system
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl libpq5 libreadline8 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
    && useradd --uid 1000 --create-home --shell /usr/sbin/nologin appuser
COPY --from=postgres-client /client /usr/local/bin
RUN pg_dump --version && pg_restore --version && psql --version

FROM system AS sbom
ARG SOURCE_DATE_EPOCH
WORKDIR /build
RUN python -m venv /opt/tools
COPY ops/containers/sbom.lock ./
RUN /opt/tools/bin/pip install --no-cache-dir --require-hashes --no-deps -r sbom.lock
COPY --from=packages /opt/venv /opt/venv
COPY --from=web /build/web.cdx.json /sbom/
COPY ops/containers/sbom.py ./
RUN /opt/tools/bin/python sbom.py /sbom --python /opt/venv/bin/python --debian


# --- the service -------------------------------------------------------------------------------------
FROM system AS app
WORKDIR /srv/arv
COPY --from=packages /opt/venv /opt/venv
COPY alembic.ini ./
COPY alembic alembic
COPY arv_engine arv_engine
COPY --from=engine /build/arv_engine/*.wasm arv_engine/
COPY --from=web /build/out web
COPY app app
COPY --from=sbom /sbom /usr/share/sbom
COPY --chmod=755 ops/containers/arv /usr/local/bin/arv
RUN /opt/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash app arv_engine \
    && install -d -o appuser -g appuser storage storage/content backups backup-work
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PYTHONPATH=/srv/arv \
    ENVIRONMENT=production \
    WEB_DIST=/srv/arv/web \
    STORAGE_ROOT=/srv/arv/storage/content
USER 1000:1000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
    CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8000/api/health/status"]
CMD ["arv", "serve", "--host", "0.0.0.0"]


# --- the service that makes backups -------------------------------------------------------------------
FROM app AS backup
USER 0:0
RUN apt-get update \
    && apt-get install -y --no-install-recommends restic \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
USER 1000:1000
CMD ["arv", "backup", "serve"]
