"""The server's metrics, for Prometheus. Numbers only: no names, no addresses, no playlists.

playlist_backend/health.py serves them at /metrics.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_MS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

# ── The write path ───────────────────────────────────────────────────────────────────────────────────────────────────

BATCH_SIZE = Histogram(
    "playlist_batch_size", "Submissions committed together", buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256)
)
BATCH_SECONDS = Histogram("playlist_batch_seconds", "From claiming a batch to its commit", buckets=_MS)
SUBMISSIONS = Counter(
    "playlist_submissions_total", "Submissions by outcome: committed, or the code of the refusal", ["outcome"]
)
WRITER_QUEUE = Gauge("playlist_writer_queue", "Submissions that wait for a batch")

# ── The live path ────────────────────────────────────────────────────────────────────────────────────────────────────

CONNECTIONS = Gauge("playlist_sockets", "Open connections by kind: v1, plain or stream", ["kind"])
ROOMS = Gauge("playlist_rooms", "Playlists that have a reader in this process")
TASKS = Gauge("playlist_tasks", "Tasks on the event loop: grows with the connections, and shrinks with them")
DELIVERIES = Counter("playlist_deliveries_total", "Changes given to a connection")
LAG_SECONDS = Histogram(
    "playlist_lag_seconds", "From hearing of a change to having given it to every connection here", buckets=_MS
)
FOUND_BY_POLL = Counter("playlist_found_by_poll_total", "Changes that the poll found before a nudge arrived")
RESUMES = Counter(
    "playlist_resumes_total", "How clients were brought up to date: exact, or why they got a snapshot", ["outcome"]
)
SNAPSHOTS = Counter("playlist_snapshots_built_total", "Snapshots read from the database")
SLOW_READERS = Counter("playlist_slow_readers_total", "Connections that fell behind their limit of unread changes")
CLOSES = Counter("playlist_closes_total", "Connections that the server closed, by code", ["code"])
LAYER_ERRORS = Counter("playlist_layer_errors_total", "Nudges and presence that the channel layer did not take")
