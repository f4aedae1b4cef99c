"""Tests of strata_client.py against a store that takes events of any type, at the address in STRATA_URL."""
from __future__ import annotations

import itertools
import os
import socket
import threading
import unittest
import uuid
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import patch

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
        self.assertIsNone(caught.exception.actual_revision)
        self.assertIsInstance(caught.exception.problem["position"], int)

    def test_several_streams_are_one_commit(self) -> None:
        left, right = new_stream(), new_stream()
        receipt = self.store.append_all({left: [noted(1)], right: [noted(2), noted(3)]})
        self.assertEqual([stream["revision"] for stream in receipt["streams"]], [0, 1])

    def test_of_several_streams_some_may_have_to_be_at_a_revision(self) -> None:
        left, right, third = new_stream(), new_stream(), new_stream()
        self.store.append_all({left: [noted(1)], right: [noted(1)]}, expected={right: "noStream"})
        self.store.append_all({left: [noted(2)], right: [noted(2)]}, expected={left: 0})
        with self.assertRaises(Conflict) as caught:
            self.store.append_all({left: [noted(3)], right: [noted(3)]}, expected={left: 1, right: 0})
        error = caught.exception
        self.assertEqual((error.status, error.problem["stream"], error.actual_revision), (409, right, 1))
        self.assertEqual(len(list(self.store.read(left))), 2)
        with self.assertRaises(KeyError):
            self.store.append_all({left: [noted(3)]}, expected={third: "noStream"})

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

    def test_filters_may_hold_anything_but_control_characters(self) -> None:
        tag = f"+ a&b=c/%20ä {uuid.uuid4()}"
        stream = new_stream()
        self.store.append(stream, [noted(1, tag)])
        self.assertEqual([event["stream"] for event in self.store.read_log(tag=[tag])], [stream])

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


class Clock:
    """Time as the client sees it: it passes when the client waits, and only then."""

    def __init__(self) -> None:
        self.now, self.pauses = 0.0, []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.pauses.append(seconds)


def answer(status: int, body: bytes = b"", *fields: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status} Status", *fields, "\r\n"]).encode() + body


def problem(status: int, code: str, *fields: str) -> bytes:
    body = f'{{"code": "{code}", "detail": "No."}}'.encode()
    return answer(status, body, "Content-Type: application/problem+json; charset=utf-8", *fields)


PAGE = b"<html><body>Bad gateway</body></html>"
A_STREAM = b'{"streams": [{"stream": "a-1", "revision": 0}]}'


class PatienceTest(unittest.TestCase):
    """What the client does when the store is busy or the connection breaks, with a store that is made of answers."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.requests: list[str] = []
        replaced = patch("strata_client.time", self.clock)
        replaced.start()
        self.addCleanup(replaced.stop)

    def answers(self, *answers: bytes, port: int = 0) -> Store:
        """A store that gives these answers, the last one again and again; an empty one breaks the connection."""
        requests, remaining = self.requests, list(answers)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                requests.append(self.path)
                self.wfile.write(remaining.pop(0) if len(remaining) > 1 else remaining[0])
                self.close_connection = True

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return Store(f"http://127.0.0.1:{server.server_port}", patience=10)

    def test_it_comes_back_when_it_was_told_to(self) -> None:
        store = self.answers(problem(503, "overloaded", "Retry-After: 3"), b"", answer(200, A_STREAM))
        self.assertEqual([stream["stream"] for stream in store.streams()], ["a-1"])
        self.assertEqual(len(self.requests), 3)
        self.assertEqual(self.clock.pauses, [3, 0.5])

    def test_a_torn_answer_is_asked_for_again(self) -> None:
        torn = answer(200, A_STREAM[:20], f"Content-Length: {len(A_STREAM)}")
        store = self.answers(torn, answer(200, A_STREAM))
        self.assertEqual([stream["stream"] for stream in store.streams()], ["a-1"])
        self.assertEqual((len(self.requests), self.clock.pauses), (2, [0.5]))
        with self.assertRaises(HTTPException):
            next(self.answers(torn).streams())

    def test_its_patience_ends_whatever_it_was_told(self) -> None:
        store = self.answers(problem(503, "archived", "Retry-After: 3600"))
        with self.assertRaises(StrataError) as caught:
            next(store.streams())
        self.assertEqual((caught.exception.status, caught.exception.code), (503, "archived"))
        self.assertEqual((len(self.requests), self.clock.pauses), (2, [10]))

    def test_a_date_to_come_back_at_is_no_number_of_seconds(self) -> None:
        busy = answer(503, PAGE, "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT")
        store = self.answers(busy, answer(200, A_STREAM))
        self.assertEqual(len(list(store.streams())), 1)
        self.assertEqual(self.clock.pauses, [0.5])

    def test_what_a_proxy_says_is_an_error_with_its_status(self) -> None:
        for status, kind in [(401, StrataError), (404, StrataError), (409, Conflict), (502, StrataError)]:
            for page in [answer(status, PAGE, "Content-Type: text/html"), answer(status)]:
                store = self.answers(page)
                for ask in [lambda: next(store.streams()), lambda: store.append("a-1", [noted(1)])]:
                    with self.assertRaises(kind) as caught:
                        ask()
                    error = caught.exception
                    self.assertEqual((error.status, error.code, str(error)), (status, "", f"HTTP status {status}"))

    def test_it_goes_on_behind_the_last_event_that_it_has_handed_out(self) -> None:
        store = self.answers(
            answer(200, b'{"position": 7}\n{"position": 8'),
            answer(200, b'{"position": 8}\n{"checkpoint": 20, "head": 20}\n'), answer(200, b'{"position": 21}\n'))
        positions = [event["position"] for event in itertools.islice(store.follow(after=6), 3)]
        self.assertEqual(positions, [7, 8, 21])
        self.assertEqual(self.requests, [f"/log/follow?after={after}" for after in (6, 7, 20)])

    def test_a_follower_outlasts_what_passes(self) -> None:
        busy, broken = problem(503, "unavailable", "Retry-After: 5"), answer(502, PAGE, "Content-Type: text/html")
        event = answer(200, b'{"position": 7}\n')
        store = self.answers(*[busy] * 10, broken, b"", problem(500, "internalError"), event)
        self.assertEqual(next(store.follow())["position"], 7)
        self.assertGreater(self.clock.now, 30, "it waits between its requests, for longer than its patience")
        self.assertTrue(all(pause > 0 for pause in self.clock.pauses))

    def test_a_follower_outlasts_a_store_that_is_not_there(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        away = self.clock.sleep

        def come_back(seconds: float) -> None:
            away(seconds)
            if self.clock.now > 60:
                self.clock.sleep = away
                self.answers(answer(200, b'{"head": 6}'), answer(200, b'{"position": 7}\n'), port=port)

        self.clock.sleep = come_back
        store = Store(f"http://127.0.0.1:{port}", patience=10)
        self.assertEqual(next(store.follow("end"))["position"], 7)

    def test_a_follower_is_told_what_does_not_pass(self) -> None:
        refusals = [
            (400, problem(400, "badRequest"), "badRequest"), (403, problem(403, "forbidden"), "forbidden"),
            (401, answer(401, PAGE, "Content-Type: text/html"), "")]
        for after in (0, "end"):
            for status, refusal, code in refusals:
                self.requests.clear()
                with self.assertRaises(StrataError) as caught:
                    next(self.answers(refusal).follow(after))
                self.assertEqual((caught.exception.status, caught.exception.code), (status, code))
                self.assertEqual(len(self.requests), 1)
        with self.assertRaises(ValueError):
            next(self.answers(answer(200, PAGE + b"\n")).follow())
        self.assertEqual(self.clock.pauses, [])

    def test_from_now_on_is_the_end_of_the_log_that_is_followed(self) -> None:
        store = self.answers(answer(200, b'{"head": 6}'), answer(200, b'{"position": 7}\n'))
        next(store.follow("end", log=["orders"], type=["A b"]))
        self.assertEqual(self.requests, [
            "/log?direction=backwards&limit=1&log=orders", "/log/follow?after=6&log=orders&type=A%20b"])

    def test_a_blank_is_not_sent_as_a_plus_sign(self) -> None:
        list(self.answers(answer(200, A_STREAM)).streams("a b+c/ä"))
        self.assertEqual(self.requests, ["/streams?category=a%20b%2Bc%2F%C3%A4"])


if __name__ == "__main__":
    unittest.main()
