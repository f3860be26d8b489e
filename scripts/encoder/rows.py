"""The table of the pieces: 6-bit values under prefix codes, lossless.

The package holds 64 levels per value with one scale and one zero per group of rows, and most values are near zero:
3.1 bits each are enough. Rows are sorted into classes by how wide they spread, with one code per class, and every row
begins at a byte, so that one row can be read without the others.
"""

import heapq

import numpy as np

LEVELS = 64
CLASSES = 8
ROUNDS = 12
LONGEST_CODE = 12
ROWS_AT_ONCE = 500


def encode(rows, groups, zeros):
    """`rows` of levels to (class of each row, code lengths of each class, offset of each row, bytes)."""
    symbols = (rows.astype(np.int64) - zeros[groups][:, None]) % LEVELS
    classes = classify(symbols)
    lengths = []
    for number in range(CLASSES):
        lengths.append(code_lengths(np.bincount(symbols[classes == number].ravel(), minlength=LEVELS)))
    lengths = np.array(lengths)
    codes = np.array([canonical(row) for row in lengths])
    offsets, parts, end = [], [], 0
    for start in range(0, len(symbols), ROWS_AT_ONCE):
        for row, number in zip(symbols[start : start + ROWS_AT_ONCE], classes[start : start + ROWS_AT_ONCE]):
            length, code = lengths[number][row], codes[number][row]
            ends = np.cumsum(length)
            position = np.arange(ends[-1]) - np.repeat(ends - length, length)
            bits = np.repeat(code, length) >> (np.repeat(length, length) - 1 - position) & 1
            part = np.packbits(bits.astype(np.uint8)).tobytes()
            offsets.append(end)
            parts.append(part)
            end += len(part)
    return classes.astype(np.uint8), lengths.astype(np.uint8), np.array(offsets + [end], dtype="<u4"), b"".join(parts)


def classify(symbols):
    """Rows to classes: by spread at first, then each row to the class whose code suits it best, a few times."""
    counts = np.stack([(symbols == level).sum(axis=1) for level in range(LEVELS)], axis=1)
    spread = ((symbols + LEVELS // 2) % LEVELS - LEVELS // 2).astype(np.float64).std(axis=1)
    rank = np.argsort(np.argsort(spread, kind="stable"), kind="stable")
    classes = rank * CLASSES // len(symbols)
    for _ in range(ROUNDS):
        costs = []
        for number in range(CLASSES):
            histogram = counts[classes == number].sum(axis=0)
            costs.append(code_lengths(histogram))
        classes = (counts @ np.array(costs).T).argmin(axis=1)
    return classes


def code_lengths(histogram):
    """Huffman code lengths; rare levels are counted up until no code is longer than allowed."""
    floor = 1
    while True:
        lengths = huffman(np.maximum(histogram, floor))
        if max(lengths) <= LONGEST_CODE:
            return lengths
        floor *= 2


def huffman(histogram):
    heap = [(int(count), level, (level,)) for level, count in enumerate(histogram)]
    heapq.heapify(heap)
    lengths = [0] * len(heap)
    order = len(heap)
    while len(heap) > 1:
        one, other = heapq.heappop(heap), heapq.heappop(heap)
        for level in one[2] + other[2]:
            lengths[level] += 1
        heapq.heappush(heap, (one[0] + other[0], order, one[2] + other[2]))
        order += 1
    return lengths


def canonical(lengths):
    """The codes that follow from their lengths: shorter first, then by level."""
    codes, code, last = [0] * len(lengths), 0, 0
    for length, level in sorted((length, level) for level, length in enumerate(lengths)):
        code <<= length - last
        codes[level], code, last = code, code + 1, length
    return codes
