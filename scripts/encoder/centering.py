#!/usr/bin/env python3
"""What taking out the mean and the strongest directions brings on the knowledge base.

    cargo build --release -p guichet-index --example encode
    python3 scripts/encoder/centering.py

Each variant is asked against all other formulations, each check against all; the nearest one should be of its entry.
"""

import measure
import numpy as np


def main():
    formulations, checks = [], []
    for number, entry in enumerate(measure.entries()):
        formulations += [(number, text) for text in [entry["question"], *entry.get("variants", [])]]
        checks += [(number, text) for text in entry.get("checks", {}).get("must", [])]
    known, known_texts = zip(*formulations)
    asked, asked_texts = zip(*checks)
    known, asked = np.array(known), np.array(asked)
    known_vectors, asked_vectors = measure.encode(known_texts), measure.encode(asked_texts)
    is_question = np.concatenate([[True], known[1:] != known[:-1]])
    print(f"{len(known)} formulations, {len(asked)} checks")

    def report(name, take_out):
        base = take_out(known_vectors)
        cosines = base @ base.T
        np.fill_diagonal(cosines, -1)
        others = (known[cosines.argmax(axis=1)] == known).mean()
        found = (known[(take_out(asked_vectors) @ base.T).argmax(axis=1)] == asked).mean()
        print(f"{name:32} formulations {others:.3f}  checks {found:.3f}")

    report("nothing taken out", lambda vectors: vectors)
    for directions in (0, 1, 2, 3):
        report(f"all formulations, {directions}", fit(known_vectors, directions))
    report("questions alone, 1", fit(known_vectors[is_question], 1))


def fit(vectors, directions):
    mean = vectors.mean(axis=0)
    basis = np.linalg.svd(vectors - mean, full_matrices=False)[2][:directions]

    def take_out(vectors):
        rest = vectors - mean
        rest = rest - (rest @ basis.T) @ basis
        return rest / np.linalg.norm(rest, axis=1, keepdims=True)

    return take_out


if __name__ == "__main__":
    main()
