# One image for API, worker, beat and migration (`app`), and one for the entry (`edge`).
# Production pins the bases by digest: --build-arg PYTHON_IMAGE=python:3.11-slim@sha256:... and so on.
ARG PYTHON_IMAGE=python:3.11-slim
ARG NODE_IMAGE=node:20-slim
ARG NGINX_IMAGE=nginx:stable


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
COPY web web
COPY --from=engine /build/arv_engine/*.wasm arv_engine/
RUN npm run build \
    && mkdir out && cp -r web/admin/dist out/admin && cp -r web/viewer/dist out/viewer \
    && find out -type f \( -name '*.js' -o -name '*.css' -o -name '*.html' -o -name '*.svg' \
         -o -name '*.wasm' -o -name '*.json' \) -exec gzip -9 -k {} +


# --- Python packages, exactly those of the lock ------------------------------------------------------
FROM ${PYTHON_IMAGE} AS packages
WORKDIR /build
RUN python -m venv /opt/venv
COPY requirements.lock ./
RUN /opt/venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock \
    && /opt/venv/bin/python -m compileall -q -j 0 /opt/venv/lib \
    && /opt/venv/bin/pip uninstall -q -y pip


# --- the entry: nginx with its configuration and the built pages -------------------------------------
FROM ${NGINX_IMAGE} AS edge
COPY nginx /etc/nginx
COPY nginx/pages /srv/arv/pages
COPY --from=web /build/out /srv/arv/web
USER 101:101
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080"]
CMD ["nginx", "-g", "daemon off;"]


# --- the service -------------------------------------------------------------------------------------
FROM ${PYTHON_IMAGE} AS app
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl postgresql-client restic \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --create-home --shell /usr/sbin/nologin appuser
WORKDIR /srv/arv
COPY --from=packages /opt/venv /opt/venv
COPY alembic.ini ./
COPY alembic alembic
COPY arv_engine arv_engine
COPY --from=engine /build/arv_engine/*.wasm arv_engine/
COPY --from=web /build/out web
COPY app app
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
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8000/api/health/status"]
CMD ["uvicorn", "--factory", "app.main:create_app", "--host", "0.0.0.0", "--port", "8000", "--timeout-worker-healthcheck", "60", "--no-server-header", "--no-access-log"]
