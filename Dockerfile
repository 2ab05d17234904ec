# The server, as one image for every role: a single server on SQLite, one of several on PostgreSQL and Redis, migrations.
FROM node:22-bookworm-slim AS client
WORKDIR /client
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund
COPY frontend/ ./
RUN npx vite build

FROM python:3.12-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PRODUCTION=true DATA_DIR=/data
WORKDIR /app

COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY manage.py pyproject.toml LICENSE ./
COPY playlist playlist
COPY realtime realtime
COPY music music
COPY playlist_backend playlist_backend
COPY --from=client /client/dist frontend/dist
RUN python -m whitenoise.compress --quiet frontend/dist \
    && python -m compileall -q playlist music realtime playlist_backend \
    && useradd --system --uid 10001 --home-dir /data playlist \
    && install -d -o playlist -g playlist /data

USER playlist
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["python", "-m", "playlist_backend.server", "--prepare"]
