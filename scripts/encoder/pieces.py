"""Which pieces of the vocabulary a French assistant needs. The knowledge base has no say: it must work for others too."""

import gzip
import re
import struct
import unicodedata
from collections import Counter

# Pieces kept, the three special ones apart.
MOST_PIECES = 48_000

# Words that are read of each list, most frequent first, and the weight of the language.
WORD_LISTS = (("fr", 200_000, 1.0), ("en", 20_000, 0.1))

# How a word is met, and how often compared with the plain form. People write in capitals, without accents, shortened
# (certif), with one letter for two (comercial) and as in text messages (unik). "l'" stands for every elision: what
# follows an apostrophe is cut into other pieces than what follows a space.
FORMS = (
    (lambda word: word, 1.0),
    (str.capitalize, 0.2),
    (str.upper, 0.05),
    (lambda word: word.upper() if len(word) <= LONGEST_ACRONYM else word, 1.0),
    (lambda word: "l'" + word, 0.2),
    (lambda word: "l'" + word.capitalize(), 0.05),
    (lambda word: without_accents(word), 0.1),
    (lambda word: re.sub(r"(.)\1", r"\1", word), 0.03),
    (lambda word: word.replace("qu", "k"), 0.03),
    (lambda word: word[:4], 0.02),
    (lambda word: word[:5], 0.02),
    (lambda word: word[:6], 0.02),
)

LONGEST_ACRONYM = 5
SPECIAL = 3  # unknown, beginning, end
UNUSED = 6  # three more ids of the original that no text produces
SPACE = "\u2581"
SCRIPTS = ("LATIN", "GREEK")
LONGEST_PUNCTUATION = 3
LONGEST_NUMBER = 4


def choose(original, words_folder):
    """The ids that are kept, in the byte order of their pieces."""
    always = [i for i in range(UNUSED, len(original.pieces)) if is_always_kept(original.pieces[i])]
    weights = Counter()
    for language, most, share in WORD_LISTS:
        for word, frequency in words(words_folder / f"wordfreq/data/large_{language}.msgpack.gz", most):
            for form, weight in FORMS:
                for piece in original.tokens(form(word)):
                    weights[piece] += frequency * weight * share
    by_weight = sorted(weights, key=lambda piece: (-weights[piece], piece))
    kept = set(always)
    for piece in by_weight:
        if len(kept) == MOST_PIECES:
            break
        if piece >= UNUSED:
            kept.add(piece)
    return sorted(kept, key=lambda piece: original.pieces[piece].encode())


def without_accents(word):
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def is_always_kept(piece):
    """Single characters, short numbers and amounts, short runs of signs: word lists hold none of them."""
    bare = piece.replace(SPACE, "")
    if len(bare) <= 1:
        return not bare or is_ours(bare)
    is_digit = [character in "0123456789" for character in bare]
    is_sign = [unicodedata.category(character)[0] in "PS" and is_ours(character) for character in bare]
    if not all(digit or sign for digit, sign in zip(is_digit, is_sign)):
        return False
    return len(bare) <= (LONGEST_NUMBER if any(is_digit) else LONGEST_PUNCTUATION)


def is_ours(character):
    """Letters of the scripts that occur in French text; every sign and digit below the East Asian blocks."""
    if character.isalpha():
        return unicodedata.name(character, "?").split()[0] in SCRIPTS
    return ord(character) < 0x3000 or ord(character) >= 0x1F000


def words(path, most):
    """The `most` frequent words of a wordfreq list with their frequencies. List n holds those of -n centibels."""
    lists = Msgpack(gzip.decompress(path.read_bytes())).value()[1:]
    count = 0
    for centibels, bucket in enumerate(lists):
        for word in bucket:
            if count == most:
                return
            count += 1
            yield word, 10 ** (-centibels / 100)


class Msgpack:
    """As much of MessagePack as the lists use: small maps, arrays, text, small numbers."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, form):
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def value(self):
        kind = self.number(">B")
        if kind < 0x80:
            return kind
        if kind < 0x90:
            return {self.value(): self.value() for _ in range(kind & 0x0F)}
        if kind < 0xA0:
            return [self.value() for _ in range(kind & 0x0F)]
        if kind < 0xC0:
            return self.take(kind & 0x1F).decode()
        if kind in (0xD9, 0xDA):
            return self.take(self.number(">B" if kind == 0xD9 else ">H")).decode()
        if kind in (0xDC, 0xDD):
            return [self.value() for _ in range(self.number(">H" if kind == 0xDC else ">I"))]
        raise ValueError(f"unexpected MessagePack type {kind:#x}")
