#!/usr/bin/env python3
"""Reads a segment of Strata's log (docs/segment-format.md), checks every digest, and prints an event a line as JSON.

    python3 read_segment.py SEGMENT [DIGEST]

With DIGEST, the hexadecimal digest of the segment that was sealed, another segment is refused. Needs liblz4.so.1.
"""
import ctypes, hashlib, json, struct, sys, uuid

MAGIC = b"STRATAS\x01"
LZ4 = ctypes.CDLL("liblz4.so.1")


class Damaged(Exception):
    pass


class Reader:
    """Takes one thing after the other from bytes, and never more than there is."""
    def __init__(self, data):
        self.data, self.offset = data, 0

    def take(self, count):
        if count > len(self.data) - self.offset:
            raise Damaged("a length points past the end")
        self.offset += count
        return self.data[self.offset - count : self.offset]

    def numbers(self, form, count=1):
        form = f"<{count}{form}"
        return struct.unpack(form, self.take(struct.calcsize(form)))

    def number(self, form):
        return self.numbers(form)[0]

    def texts(self, lengths):
        return [self.take(length).decode() for length in lengths]


def unpack(stored, unpacked_length, digest, what):
    if hashlib.sha256(stored).digest() != digest:
        raise Damaged(f"{what} is damaged")
    out = ctypes.create_string_buffer(unpacked_length)
    if LZ4.LZ4_decompress_safe(stored, out, len(stored), unpacked_length) != unpacked_length:
        raise Damaged(f"{what} does not unpack")
    return out.raw


def read_footer(data):
    footer_length, digest, magic = struct.unpack("<I32s8s", data[-44:])
    if data[:8] != MAGIC or magic != MAGIC:
        raise Damaged("this is no segment of version 1, or it was cut off")
    footer = data[-44 - footer_length : -44]
    if hashlib.sha256(MAGIC + footer + data[-44:-40]).digest() != digest:
        raise Damaged("the footer is damaged")
    reader = Reader(footer)
    reader.number("I")
    log = reader.take(reader.number("H")).decode()
    first, events, blocks, section_count = *reader.numbers("Q"), *reader.numbers("I", 2), reader.number("H")
    sections = [(reader.number("H"), *reader.numbers("I", 2), reader.take(32)) for _ in range(section_count)]
    return digest, log, first, events, blocks, sections, len(data) - 44 - footer_length


def read_events(data, wanted_digest=None):
    digest, log, position, event_count, block_count, sections, end = read_footer(data)
    if wanted_digest not in (None, digest.hex()):
        raise Damaged(f"this segment has the digest {digest.hex()}")
    offset = blocks_end = end - sum(section[1] for section in sections)
    table = None
    for kind, stored, unpacked, section_digest in sections:
        section = unpack(data[offset : offset + stored], unpacked, section_digest, f"section {kind}")
        table = Reader(section) if kind == 1 else table
        offset += stored
    offset, last = 8, position + event_count
    for block in range(block_count):
        stored, unpacked, count = table.numbers("I", 3)
        content = unpack(data[offset : offset + stored], unpacked, table.take(32), f"block {block}, from {position} on,")
        yield from read_block(Reader(content), log, position, count)
        offset += stored
        position += count
    if (offset, position) != (blocks_end, last):
        raise Damaged("the blocks do not fill their place")


def read_block(reader, log, position, count):
    events, streams, kinds, tag_sets, *_ = reader.numbers("I", 7)
    if events != count:
        raise Damaged("a block holds another number of events than the index says")
    ids, correlations, causations = ([uuid.UUID(bytes=reader.take(16)) for _ in range(count)] for _ in range(3))
    times, revisions = reader.numbers("q", count), reader.numbers("q", count)
    metadata_lengths, payload_lengths = reader.numbers("I", count), reader.numbers("I", count)
    stream_of, kind_of, tags_of = (reader.numbers("H", count) for _ in range(3))
    stream_lengths, type_lengths = reader.numbers("I", streams), reader.numbers("I", kinds)
    versions, content_types, has_causation = (reader.numbers(form, kinds) for form in "hhB")
    tag_lengths = reader.numbers("I", tag_sets)
    stream_names, types, tags = (reader.texts(lengths) for lengths in (stream_lengths, type_lengths, tag_lengths))
    metadata = [reader.take(length) for length in metadata_lengths]
    payloads = [reader.take(length) for length in payload_lengths]
    for row in range(count):
        kind = kind_of[row]
        yield {
            "log": log, "position": position + row, "stream": stream_names[stream_of[row]],
            "revision": revisions[row], "id": str(ids[row]), "type": types[kind], "schemaVersion": versions[kind],
            "contentType": content_types[kind], "recordedAt": times[row], "correlationID": str(correlations[row]),
            "causationID": str(causations[row]) if has_causation[kind] else None,
            "tags": tags[tags_of[row]].split("\n") if tags[tags_of[row]] else [],
            "metadata": metadata[row].hex(), "payload": payloads[row].hex(),
        }


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        with open(sys.argv[1], "rb") as file:
            for event in read_events(file.read(), *sys.argv[2:]):
                print(json.dumps(event, ensure_ascii=False))
    except (Damaged, struct.error) as error:
        sys.exit(f"{sys.argv[1]}: {error}")
