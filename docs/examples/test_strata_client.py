"""Tests of strata_client.py against a store that takes events of any type, at the address in STRATA_URL."""
from __future__ import annotations

import itertools
import os
import threading
import unittest
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer

from strata_client import Conflict, Event, Store, StrataError

URL = os.environ["STRATA_URL"]


def new_stream(category: str = "invoice") -> str:
    return f"{category}-{uuid.uuid4()}"


def noted(number: int, *tags: str) -> Event:
    return Event("Noted", {"number": number}, tags)


class AppendTest(unittest.TestCase):
    def setUp(self) -> None:
        self.store = Store(URL, actor="python")

    def test_what_is_appended_can_be_read(self) -> None:
        stream = new_stream()
        receipt = self.store.append(stream, [noted(1, "a:1"), noted(2)], expected="noStream")
        self.assertEqual((receipt["stream"], receipt["revision"]), (stream, 1))
        events = list(self.store.read(stream))
        self.assertEqual([event["payload"] for event in events], [{"number": 1}, {"number": 2}])
        self.assertEqual([event["tags"] for event in events], [["a:1"], []])
        self.assertEqual(events[1]["position"], receipt["position"])
        self.assertEqual(events[0]["metadata"]["actor"], "python")

    def test_names_may_hold_anything_but_control_characters(self) -> None:
        stream = new_stream() + "/ä b?#%2F🛒"
        self.store.append(stream, [noted(1)])
        self.assertEqual(len(list(self.store.read(stream))), 1)

    def test_bytes_go_as_bytes(self) -> None:
        stream = new_stream()
        self.store.append(stream, [Event("Scanned", b"\x00\xff")])
        event = next(self.store.read(stream))
        self.assertEqual((event["contentType"], event["payload"]), ("application/octet-stream", "AP8="))

    def test_a_stale_revision_is_a_conflict_that_says_where_the_stream_is(self) -> None:
        stream = new_stream()
        for expected in ["noStream", 0, "streamExists", "any"]:
            self.store.append(stream, [noted(1)], expected=expected)
        with self.assertRaises(Conflict) as caught:
            self.store.append(stream, [noted(2)], expected=0)
        self.assertEqual(caught.exception.actual_revision, 3)
        with self.assertRaises(Conflict) as caught:
            self.store.append(new_stream(), [noted(2)], expected="streamExists")
        self.assertIsNone(caught.exception.actual_revision)

    def test_a_repeat_is_recorded_once(self) -> None:
        stream, events = new_stream(), [noted(1)]
        first = self.store.append(stream, events, expected="noStream")
        self.assertEqual(self.store.append(stream, events, expected="noStream"), first)
        self.assertEqual(len(list(self.store.read(stream))), 1)

    def test_a_condition_lets_one_of_two_decisions_pass(self) -> None:
        tag = f"number:{uuid.uuid4()}"
        condition = {"query": [{"tags": [tag]}], "after": 0}
        self.store.append(new_stream(), [noted(1, tag)], condition=condition)
        with self.assertRaises(Conflict) as caught:
            self.store.append(new_stream(), [noted(2, tag)], condition=condition)
        self.assertEqual(caught.exception.code, "conditionFailed")

    def test_several_streams_are_one_commit(self) -> None:
        left, right = new_stream(), new_stream()
        receipt = self.store.append_all({left: [noted(1)], right: [noted(2), noted(3)]})
        self.assertEqual([stream["revision"] for stream in receipt["streams"]], [0, 1])

    def test_what_the_store_does_not_take_is_an_error_with_a_code(self) -> None:
        with self.assertRaises(StrataError) as caught:
            self.store.append(new_stream(), [Event("", {})])
        self.assertEqual((caught.exception.status, caught.exception.code), (422, "invalidBody"))
        self.assertEqual(caught.exception.problem["errors"][0]["pointer"], "/events/0/type")
        with self.assertRaises(StrataError):
            next(self.store.read(new_stream()))


class ReadTest(unittest.TestCase):
    def setUp(self) -> None:
        self.store = Store(URL, actor="python")

    def test_pages_join(self) -> None:
        stream = new_stream()
        for start in range(0, 250, 50):
            last = self.store.append(stream, [noted(start + number) for number in range(50)])
        numbers = [event["payload"]["number"] for event in self.store.read(stream)]
        self.assertEqual(numbers, list(range(250)))
        backwards = [event["revision"] for event in self.store.read(stream, start=3, backwards=True)]
        self.assertEqual(backwards, [3, 2, 1, 0])
        in_log = [event for event in self.store.read_log(last["position"] - 50) if event["stream"] == stream]
        self.assertEqual([event["revision"] for event in in_log], list(range(200, 250)))

    def test_the_log_is_filtered(self) -> None:
        tag, category = f"tag:{uuid.uuid4()}", f"category{uuid.uuid4().hex}"
        streams = [new_stream(category) for _ in range(3)]
        for stream in streams:
            self.store.append(stream, [noted(1, tag), Event("Other", None)])
        self.assertEqual([event["stream"] for event in self.store.read_log(tag=[tag])], streams)
        self.assertEqual([e["stream"] for e in self.store.read_log(category=[category], type=["Other"])], streams)
        self.assertEqual([stream["stream"] for stream in self.store.streams(category)], sorted(streams))

    def test_following_gives_history_and_then_what_is_appended(self) -> None:
        category, stream = f"category{uuid.uuid4().hex}", new_stream()
        streams = [new_stream(category) for _ in range(3)]
        first = self.store.append(streams[0], [noted(1)])
        events = self.store.follow(after=first["position"] - 1, category=[category])
        self.assertEqual(next(events)["stream"], streams[0])
        for name in [stream, *streams[1:]]:
            self.store.append(name, [noted(2)])
        self.assertEqual([event["stream"] for event in itertools.islice(events, 2)], streams[1:])
        events.close()


class PatienceTest(unittest.TestCase):
    """What the client does when the store is busy or the connection breaks, with a store that is made of answers."""

    def answers(self, *answers: bytes) -> Store:
        requests: list[str] = []
        remaining = list(answers)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                requests.append(self.path)
                self.wfile.write(remaining.pop(0) if remaining else b"")
                self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.requests = requests
        return Store(f"http://127.0.0.1:{server.server_port}", patience=10)

    def test_it_comes_back_when_it_was_told_to(self) -> None:
        store = self.answers(
            b"HTTP/1.1 503 Busy\r\nRetry-After: 0\r\n\r\n{}", b"",
            b'HTTP/1.1 200 OK\r\n\r\n{"streams": [{"stream": "a-1", "revision": 0}]}')
        self.assertEqual([stream["stream"] for stream in store.streams()], ["a-1"])
        self.assertEqual(len(self.requests), 3)

    def test_it_goes_on_behind_the_last_event_that_it_has_handed_out(self) -> None:
        head = b"HTTP/1.1 200 OK\r\n\r\n"
        store = self.answers(
            head + b'{"position": 7}\n{"position": 8', head + b'{"position": 8}\n{"checkpoint": 20, "head": 20}\n',
            head + b'{"position": 21}\n')
        positions = [event["position"] for event in itertools.islice(store.follow(after=6), 3)]
        self.assertEqual(positions, [7, 8, 21])
        self.assertEqual(self.requests, [f"/log/follow?after={after}" for after in (6, 7, 20)])


if __name__ == "__main__":
    unittest.main()
