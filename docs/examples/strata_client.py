"""A client of Strata's store over HTTP: append events, read streams, follow the log.

One file, the standard library alone, Python 3.9 or newer: copy it into your program.

    store = Store("http://127.0.0.1:8083", actor="billing")
    store.append("invoice-7", [Event("InvoiceSent", {"to": "ada"})], expected="noStream")
    for event in store.follow(after=checkpoint, type=["OrderConfirmed"]):
        handle(event)  # and keep event["position"] together with what you made of it
"""
from __future__ import annotations

import base64
import json
import time
import uuid
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from typing import Any, Iterator, Mapping, Optional, Sequence, Union
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

Recorded = Mapping[str, Any]  # an event as the store gives it: position, stream, revision, type, payload, …
Expected = Union[int, str]  # a revision, or "any", "noStream", "streamExists"
_query = partial(urlencode, doseq=True, quote_via=quote)  # a list gives one parameter for each of its entries


class StrataError(Exception):
    """The store said no. `code` tells programs why, `problem` is the whole problem document."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(problem.get("detail", f"HTTP status {status}"))
        self.status, self.problem, self.code = status, problem, str(problem.get("code", ""))


class Conflict(StrataError):
    """Something is not as the append expects. Nothing was written: read again, decide again, append."""

    @property
    def actual_revision(self) -> Optional[int]:
        """Where the stream is; None when it has no events, or `code` is not about one: `conditionFailed`."""
        return self.problem.get("actualRevision")


@dataclass(frozen=True)
class Event:
    """A new event. Its id is made with it, so that appending it once more does not record it once more."""

    type: str
    payload: Any  # bytes, or anything that json.dumps takes
    tags: Sequence[str] = ()
    schema_version: int = 1
    metadata: Mapping[str, str] = field(default_factory=dict)  # correlationId, causationId, reason
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def document(self) -> dict[str, Any]:
        is_binary = isinstance(self.payload, bytes)
        return {"id": self.id, "type": self.type, "schemaVersion": self.schema_version,
                "contentType": "application/octet-stream" if is_binary else "application/json",
                "payload": base64.b64encode(self.payload).decode() if is_binary else self.payload,
                "tags": list(self.tags), "metadata": dict(self.metadata)}


class Store:
    """The store at `url`. Requests that may pass later are repeated until `patience` seconds have gone by."""

    def __init__(self, url: str, token: str = "", actor: str = "", patience: float = 30, timeout: float = 60) -> None:
        self._url, self._patience, self._timeout = url.rstrip("/"), patience, timeout
        headers = {"Authorization": token and f"Bearer {token}", "Strata-Actor": actor}
        self._headers = {name: text.encode().decode("latin-1") for name, text in headers.items() if text}  # UTF-8

    def append(self, stream: str, events: Sequence[Event], expected: Expected = "any", **conditions: Any) -> Recorded:
        """Appends to one stream, all or nothing. Gives the `revision` and the `position` of the last event.

        `condition` and `expectedRevisions` may be given besides (see the store's OpenAPI document)."""
        body = {"events": [event.document() for event in events], **conditions}
        known = {"any": {}, "noStream": {"If-None-Match": "*"}, "streamExists": {"If-Match": "*"}}
        headers = known.get(str(expected), {"If-Match": f'"{expected}"'})
        return self._json("POST", "/streams/" + quote(stream, ""), body, headers)

    def append_all(self, streams: Mapping[str, Sequence[Event]], expected: Mapping[str, Expected] = {},
                   **conditions: Any) -> Recorded:
        """Appends to several streams as one commit. `expected` may say what each of them must be like."""
        body = [{"stream": name, "expectedRevision": revision, "events": [event.document() for event in streams[name]]}
                for name, revision in {**dict.fromkeys(streams, "any"), **expected}.items()]
        return self._json("POST", "/appends", {"streams": body, **conditions})

    def read(self, stream: str, start: Optional[int] = None, backwards: bool = False) -> Iterator[Recorded]:
        """The events of a stream from revision `start` on, page by page as they are asked for."""
        direction = "backwards" if backwards else "forwards"
        return self._pages("/streams/" + quote(stream, ""), {"direction": direction}, "events", "from", start)

    def read_log(self, after: int = 0, **filters: Sequence[str]) -> Iterator[Recorded]:
        """The events of the log up to its present end; `category`, `type` and `tag` say which."""
        return self._pages("/log", filters, "events", "after", after)

    def streams(self, category: str = "") -> Iterator[Recorded]:
        """The streams, with the revision of each."""
        return self._pages("/streams", {"category": category} if category else {}, "streams", "after", None)

    def follow(self, after: Union[int, str] = 0, **filters: Sequence[str]) -> Iterator[Recorded]:
        """The events after a position ("end": from now on), then new ones; filters as above. Only a 4xx ends it."""
        while True:
            try:
                if after == "end":
                    end = {"direction": "backwards", "limit": 1, "log": filters.get("log", [])}
                    after = self._json("GET", "/log?" + _query(end))["head"]
                path = "/log/follow?" + _query({"after": after, **filters})
                with self._open("GET", path, None, {"Accept": "application/x-ndjson"}) as lines:
                    for entry in (json.loads(line) for line in lines if line.endswith(b"\n")):  # The last may be torn.
                        after = entry.get("checkpoint", entry.get("position"))
                        if "checkpoint" not in entry:
                            yield entry
            except (StrataError, OSError, HTTPException) as error:
                if isinstance(error, StrataError) and error.status < 500:
                    raise
            time.sleep(1)  # And on behind the last event that was handed out.

    def _pages(self, path: str, query: Mapping[str, Any], entries: str, key: str, start: Any) -> Iterator[Recorded]:
        page = {"next": [] if start is None else start}  # No value: the query does without it.
        while "next" in page:
            page = self._json("GET", path + "?" + _query({**query, key: page["next"]}))
            yield from page[entries]

    def _json(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] = {}) -> Any:
        return self._open(method, path, body, {"Accept": "application/json", **headers}, json.load)

    def _open(self, method: str, path: str, body: Any, headers: Mapping[str, str], read: Any = lambda it: it) -> Any:
        """Sends a request, and again while the store is busy or away or the answer torn: event ids make that safe."""
        all_headers = {**self._headers, "Content-Type": "application/json", **headers}
        data = None if body is None else json.dumps(body).encode()
        deadline = time.monotonic() + self._patience
        while True:
            pause = 0.5
            try:
                request = Request(self._url + path, data, all_headers, method=method)
                return read(urlopen(request, timeout=self._timeout))
            except HTTPError as error:
                with error:
                    if error.code != 503 or time.monotonic() >= deadline:
                        problem = json.load(error) if "problem+json" in error.headers.get("Content-Type", "") else {}
                        raise (Conflict if error.code in (409, 412) else StrataError)(error.code, problem) from None
                wish = error.headers.get("Retry-After", "")  # Seconds, or a date.
                pause = int(wish) if wish.isdecimal() else pause
            except (OSError, HTTPException):
                if time.monotonic() >= deadline:
                    raise
            time.sleep(min(pause, max(0, deadline - time.monotonic())))
