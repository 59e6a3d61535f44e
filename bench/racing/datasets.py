"""The data sets by name, and where they are kept."""
import json
import os
import pathlib
import tempfile

from racing import generators, rows

IMAGES = pathlib.Path("/usr/share/datasets/fashion-mnist")

# name: (how to make the rows, text form)
GENERATED = {
    "text": (generators.text, "svmlight"),
    "tall": (generators.tall, "csv"),
    "ill-conditioned": (lambda: generators.conditioned(True), "csv"),
    "well-conditioned": (lambda: generators.conditioned(False), "csv"),
    "wide": (lambda: generators.gaussian(200, 20_000), "svmlight"),
    "gaussian": (lambda: generators.gaussian(100_000, 200), "csv"),
    "classes": (generators.classes, "csv"),
    "groups": (generators.groups, "svmlight"),
    "groups-two": (lambda: generators.one_against_rest(generators.groups(), 1), "svmlight"),
    "debian": (generators.debian, "svmlight"),
    "debian-two": (lambda: generators.one_against_rest(generators.debian(), 30), "svmlight"),
}
NAMES = (*GENERATED, "fashion")


def cache():
    """Where data and results are kept: LOGITS_BENCH, or a folder of the system's temporary files."""
    return pathlib.Path(os.environ.get("LOGITS_BENCH") or pathlib.Path(tempfile.gettempdir(), "logits-bench"))


def prepare(name, labels=None):
    """The data set of this name, or of this file; made if it is not there."""
    file = pathlib.Path(name)
    known = name in NAMES
    if not known and not file.exists():
        raise FileNotFoundError(f"{name}: no such file, and no data set; these are known: {', '.join(NAMES)}")
    folder = cache() / "data" / (name if known else f"{file.stem}-{file.stat().st_size}-{int(file.stat().st_mtime)}")
    about = folder / "about.json"
    if about.exists():
        return rows.Prepared(folder, json.loads(about.read_text()))
    if name == "fashion":
        images, labels = (IMAGES / f"train-{kind}-ubyte.gz" for kind in ("images-idx3", "labels-idx1"))
        if not images.exists():
            raise FileNotFoundError(f"{images}: not there; Debian's package dataset-fashion-mnist brings it")
        return rows.take(folder, name, images, labels)
    if known:
        make, form = GENERATED[name]
        return rows.write(folder, name, make(), form)
    return rows.take(folder, file.stem, file, labels)
