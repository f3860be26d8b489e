#!/usr/bin/env python3
"""Compares the encoder of Guichet with the original, on all questions of the knowledge base.

    cargo build --release -p guichet-index --example encode
    python3 scripts/encoder/measure.py [CACHE]

The knowledge base has no part in the choice of the pieces. Exit code 1 when a text whose pieces are all kept
has a cosine below 0.995.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pieces
from original import WORDS_PACKAGE, Original, unpack

ROOT = Path(__file__).resolve().parents[2]
LEAST_COSINE = 0.995


def main():
    cache = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/encoder")
    original = Original(cache)
    # The typographic apostrophe is read as the plain one here, and as an unknown sign by the original.
    texts = [text.replace("’", "'") for text in questions()]
    kept = set(pieces.choose(original, unpack(WORDS_PACKAGE, cache)))
    tokens = [original.tokens(text) for text in texts]
    lost = [sum(token not in kept for token in text) for text in tokens]
    share = 1 - sum(lost) / sum(map(len, tokens))
    print(f"{len(texts)} texts, {sum(map(len, tokens))} pieces, kept {share:.4%}; {sum(map(bool, lost))} texts lose one")

    ours = encode(texts)
    cosines = np.einsum("ij,ij->i", ours, original.vectors(texts))
    whole = cosines[np.array(lost) == 0]
    low, median = np.percentile(whole, [1, 50])
    print(f"cosine with the original, texts that lose none: least {whole.min():.4f}, 1 % {low:.4f}, median {median:.4f}")
    for index in np.argsort(cosines)[: max(5, sum(map(bool, lost)))]:
        print(f"  {cosines[index]:.4f}  {texts[index]}")
    sys.exit(bool(whole.min() < LEAST_COSINE))


def encode(texts):
    """The vectors of Guichet's own encoder. A line break would end a text."""
    binary = ROOT / "target/release/examples/encode"
    lines = "\n".join(" ".join(text.split()) for text in texts).encode()
    output = subprocess.run([binary, "--vectors"], input=lines, stdout=subprocess.PIPE, check=True).stdout
    return np.frombuffer(output, dtype="<f4").reshape(len(texts), -1)


def questions():
    """Questions, variants and checks of all French entries, each once."""
    found = []
    for entry in entries():
        checks = entry.get("checks", {})
        found += [entry["question"], *entry.get("variants", []), *checks.get("must", []), *checks.get("must_not", [])]
    return list(dict.fromkeys(found))


def entries():
    """The front matter of all French entries."""
    for path in sorted((ROOT / "kb/entries/fr").rglob("*.md")):
        yield tomllib.loads(path.read_text(encoding="utf-8").split("+++")[1])


if __name__ == "__main__":
    main()
