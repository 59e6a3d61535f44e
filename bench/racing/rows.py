"""Labelled rows: in memory, in a text form that every contestant can read, and in a binary form that is read at once.

A folder per data set holds `about.json` ({"name", "form", "text", "rows", "features", "classes", "sparse", "stored_bytes":
what ours takes to store the matrix, single precision or, of a CSV, double}), the text form, and the binary form, all little-endian: `labels.i32` (class numbers from 0) and `values.f32`, row after row; for sparse rows the stored
values alone, with `index.i32` (columns from 0) and `start.i64` (where each row begins, and the end).
"""
import dataclasses
import gzip
import json
import pathlib
import struct

import numpy as np
from scipy import sparse


@dataclasses.dataclass
class Rows:
    """x: CSR or dense float32, n x p; y: class numbers; decimals: the values of x (stored ones) as the text has them."""
    x: object
    y: np.ndarray
    classes: tuple
    decimals: np.ndarray

    @property
    def is_sparse(self):
        return sparse.issparse(self.x)


@dataclasses.dataclass
class Prepared:
    """A data set in its folder. `file` is the text form, `labels` the file of labels of an IDX one."""
    folder: pathlib.Path
    about: dict

    @property
    def name(self):
        return self.about["name"]

    @property
    def form(self):
        return self.about["form"]

    @property
    def file(self):
        return pathlib.Path(self.folder, self.about["text"])

    @property
    def labels(self):
        return pathlib.Path(self.folder, self.about["labels"]) if "labels" in self.about else None

    @property
    def classes(self):
        return self.about["classes"]

    def load(self):
        """(x, y): x float32, CSR or dense."""
        shape = self.about["rows"], self.about["features"]
        read = lambda name, kind: np.fromfile(self.folder / name, kind)
        values, y = read("values.f32", "<f4"), read("labels.i32", "<i4")
        if self.about["sparse"]:
            return sparse.csr_matrix((values, read("index.i32", "<i4"), read("start.i64", "<i8")), shape), y
        return values.reshape(shape), y


def write(folder, name, rows, form):
    """Writes the forms of generated rows; `form` is svmlight or csv."""
    folder.mkdir(parents=True, exist_ok=True)
    file = {"svmlight": "rows.svm", "csv": "rows.csv"}[form]
    {"svmlight": _write_svmlight, "csv": _write_csv}[form](folder / file, rows)
    return _write_binary(folder, {"name": name, "form": form, "text": file}, rows)


def take(folder, name, path, labels=None):
    """Makes a data set of a file of somebody's: svmlight, CSV with a header and the label last, or IDX."""
    path = pathlib.Path(path).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if labels is not None:
        rows, form = _read_idx(path, labels), "idx"
        unpacked = [_unpack(folder, path), _unpack(folder, pathlib.Path(labels).resolve())]
        return _write_binary(folder, {"name": name, "form": form, "text": str(unpacked[0]), "labels": str(unpacked[1])}, rows)
    form = "csv" if ".csv" in path.suffixes else "svmlight"
    rows = _read_csv(path) if form == "csv" else _read_svmlight(path)
    return _write_binary(folder, {"name": name, "form": form, "text": str(_unpack(folder, path))}, rows)


def _write_binary(folder, about, rows):
    about |= {"rows": rows.x.shape[0], "features": rows.x.shape[1], "classes": list(rows.classes), "sparse": rows.is_sparse}
    rows.y.astype("<i4").tofile(folder / "labels.i32")
    if rows.is_sparse:
        rows.x.indices.astype("<i4").tofile(folder / "index.i32")
        rows.x.indptr.astype("<i8").tofile(folder / "start.i64")
        rows.x.data.astype("<f4").tofile(folder / "values.f32")
    else:
        rows.x.astype("<f4").tofile(folder / "values.f32")
    about["stored_bytes"] = {
        "svmlight": int(np.count_nonzero(rows.decimals)) * 8 + len(rows.y) * 4, "csv": rows.decimals.size * 8, "idx": rows.decimals.size * 4,
    }[about["form"]]
    (folder / "about.json").write_text(json.dumps(about))
    return Prepared(folder, about)


def _text_of(numbers):
    """The texts of few different numbers, made once each: (texts, number of the text of each)."""
    different, which = np.unique(numbers, return_inverse=True)
    return [f"{v:.12g}" for v in different], which.reshape(numbers.shape)


def _write_svmlight(path, rows):
    texts, which = _text_of(rows.decimals)
    columns = rows.x.shape[1]
    names = [f" {j + 1}:" for j in range(columns)]
    with open(path, "w") as out:
        if rows.is_sparse:
            start, index = rows.x.indptr.tolist(), rows.x.indices.tolist()
            which = which.tolist()
            for i, y in enumerate(rows.y.tolist()):
                span = range(start[i], start[i + 1])
                out.write(rows.classes[y] + "".join([names[index[e]] + texts[which[e]] for e in span]) + "\n")
        else:
            for y, row in zip(rows.y.tolist(), which):
                out.write(rows.classes[y] + "".join([name + texts[v] for name, v in zip(names, row.tolist())]) + "\n")


def _write_csv(path, rows):
    texts, which = _text_of(rows.decimals)
    with open(path, "w") as out:
        out.write("".join(f"x{j + 1}," for j in range(rows.x.shape[1])) + "y\n")
        for y, row in zip(rows.y.tolist(), which):
            out.write(",".join([texts[v] for v in row.tolist()]) + "," + rows.classes[y] + "\n")


def _open(path):
    return gzip.open(path, "rb") if path.suffix == ".gz" else open(path, "rb")


def _unpack(folder, path):
    """The file itself, or its unpacked twin in the folder: no contestant shall have to unpack."""
    if path.suffix != ".gz":
        return path
    with gzip.open(path, "rb") as packed:
        (folder / path.stem).write_bytes(packed.read())
    return path.stem


def _classes(names):
    """Classes in the order of numbers if all are numbers, else of words; and the number of each name's class."""
    try:
        order = sorted(set(names), key=float)
    except ValueError:
        order = sorted(set(names))
    number = {name: k for k, name in enumerate(order)}
    return tuple(order), np.array([number[name] for name in names], np.int32)


def _read_svmlight(path):
    names, start, index, values = [], [0], [], []
    with _open(path) as lines:
        for line in lines:
            words = line.split(b"#", 1)[0].replace(b":", b" ").split()
            if words:
                names.append(f"{float(words[0]):.15g}")
                index.append(np.array(words[1::2], np.int64))
                values.append(np.array(words[2::2], np.float64))
                start.append(start[-1] + len(index[-1]))
    index, values = np.concatenate(index), np.concatenate(values)
    index = index - (1 if index.min() > 0 else 0)
    classes, y = _classes(names)
    x = sparse.csr_matrix((values.astype(np.float32), index.astype(np.int32), start), (len(y), int(index.max()) + 1))
    return Rows(x, y, classes, values)


def _read_csv(path):
    with _open(path) as lines:
        next(lines)
        fields = [line.decode().rstrip("\r\n").split(",") for line in lines]
    classes, y = _classes([f[-1] for f in fields])
    x = np.array([f[:-1] for f in fields], np.float64)
    return Rows(x.astype(np.float32), y, classes, x)


def read_idx_bytes(path):
    """The bytes of an IDX file, n x the product of its other sizes."""
    with _open(pathlib.Path(path)) as packed:
        head = packed.read(4)
        shape = struct.unpack(f">{head[3]}I", packed.read(4 * head[3]))
        return np.frombuffer(packed.read(), np.uint8).reshape(shape[0], -1)


def _read_idx(path, labels):
    x = read_idx_bytes(path) / np.float32(255)
    classes, y = _classes([str(k) for k in read_idx_bytes(labels)[:, 0]])
    return Rows(x.astype(np.float32), y, classes, x)
