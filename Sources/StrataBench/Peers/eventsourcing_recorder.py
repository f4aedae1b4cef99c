"""Measures the PostgreSQL recorder of the Python library "eventsourcing", and prints one JSON object.

Arguments: a libpq connection string, and how many seconds each measurement takes.
"""

import json
import sys
import threading
import time
import uuid

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

PAYLOAD = b'{"text":"' + b"x" * 229 + b'"}'
PAGE = 2_000


def open_recorder(connection: str) -> PostgresApplicationRecorder:
    parts = conninfo_to_dict(connection)
    datastore = PostgresDatastore(
        dbname=parts["dbname"],
        host=parts["host"],
        port=parts.get("port", 5432),
        user=parts["user"],
        password=parts.get("password", ""),
        pool_size=32,
        enable_db_functions=True,  # Its faster way to insert.
    )
    recorder = PostgresApplicationRecorder(datastore)
    recorder.create_table()
    return recorder


def append(recorder: PostgresApplicationRecorder, size: int, end: float) -> int:
    """Appends `size` events at a time, to new streams of ten appends each, until `end`."""
    events = appends = 0
    while time.monotonic() < end:
        if appends % 10 == 0:
            stream = uuid.uuid4()
        first = appends % 10 * size
        recorder.insert_events([StoredEvent(stream, first + i, "Measured", PAYLOAD) for i in range(size)])
        appends += 1
        events += size
    return events


def rate(recorder: PostgresApplicationRecorder, writers: int, size: int, seconds: float) -> float:
    began = time.monotonic()
    counts: list[int] = []
    threads = [
        threading.Thread(target=lambda: counts.append(append(recorder, size, began + seconds))) for _ in range(writers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - began)


def read_all(recorder: PostgresApplicationRecorder) -> float:
    began = time.monotonic()
    count, start = 0, 1
    while page := recorder.select_notifications(start, PAGE):
        count += len(page)
        start = page[-1].id + 1
    return count / (time.monotonic() - began)


def main() -> None:
    connection, seconds = sys.argv[1], float(sys.argv[2])
    recorder = open_recorder(connection)
    figures = {
        "append, 1 writer": rate(recorder, 1, 1, seconds),
        "append, 32 writers": rate(recorder, 32, 1, seconds),
        "append of 1000, 1 writer": rate(recorder, 1, 1_000, seconds),
        "read the log": read_all(recorder),
    }
    recorder.datastore.close()
    print(json.dumps(figures))


main()
