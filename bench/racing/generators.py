"""Generated rows: seeded, the same on every machine.

Only the bits of PCG64 and functions that NumPy documents are used; each number is rounded to the decimals that stand in
the text form, so that the text and the binary form are the same numbers.
"""
import collections
import math
import re
import subprocess

import numpy as np
from scipy import sparse

from racing.rows import Rows


def _normal(rng, *shape):
    return rng.standard_normal(shape)


def _labels(rng, logits):
    """0 or 1, 1 with the probability sigmoid(logit)."""
    return (rng.random(len(logits)) < 1 / (1 + np.exp(-logits))).astype(np.int32)


def _by_softmax(rng, logits):
    """A class per row, drawn by the softmax of its logits (Gumbel's way)."""
    return np.argmax(logits - np.log(-np.log(rng.random(logits.shape))), axis=1).astype(np.int32)


def text(rows=1_000_000, words=60_000, seed=1):
    """Short texts of two classes: words by Zipf's law, half of them from one of 50 topics, tf-idf rows of length 1."""
    rng = np.random.default_rng(seed)
    shares = 1 / (np.arange(words) + 2.7) ** 1.05
    steps = np.cumsum(shares) / shares.sum()
    lengths = 2 + rng.poisson(6, rows)
    row = np.repeat(np.arange(rows), lengths)
    rank = np.minimum(np.searchsorted(steps, rng.random(len(row))), words - 1)
    topics = np.stack([rng.permutation(words) for _ in range(50)])
    topic = rng.integers(0, 50, rows)[row]
    word = np.where(rng.random(len(row)) < 0.5, rank, topics[topic, rank])
    key, counts = np.unique(row * words + word, return_counts=True)
    row, word = key // words, key % words
    seen = np.bincount(word, minlength=words)
    value = (1 + np.log(counts)) * np.log((1 + rows) / (1 + seen[word]))
    value = np.round(value / np.sqrt(np.bincount(row, value * value, rows))[row], 6)
    start = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=rows))))
    x = sparse.csr_matrix((value.astype(np.float32), word.astype(np.int32), start), (rows, words))
    truth = 4 * _normal(rng, words) * (rng.random(words) < 0.3)
    return Rows(x, _labels(rng, x @ truth), ("-1", "1"), value)


def _correlated(rng, rows, columns):
    """Normal columns, neighbours' correlation .9, and a common factor; each of mean 0 and deviation 1; 3 decimals."""
    x = _normal(rng, rows, columns)
    for j in range(1, columns):
        x[:, j] = 0.9 * x[:, j - 1] + math.sqrt(1 - 0.81) * x[:, j]
    x += _normal(rng, rows, 1)
    x -= x.mean(axis=0)
    x /= x.std(axis=0, ddof=1)
    return np.round(x, 3)


def tall(rows=1_000_000, columns=50, seed=2):
    """Many rows of few correlated columns, two classes."""
    rng = np.random.default_rng(seed)
    x = _correlated(rng, rows, columns)
    return Rows(x.astype(np.float32), _labels(rng, x @ _normal(rng, columns) / 2 + 0.5), ("0", "1"), x)


def conditioned(scaled, rows=200_000, columns=60, classes=10, seed=3):
    """Ten classes; with `scaled`, columns times 10^-3 to 10^3, a decade for every tenth column."""
    rng = np.random.default_rng(seed)
    x = _correlated(rng, rows, columns)
    y = _by_softmax(rng, x @ _normal(rng, columns, classes) / 2)
    power = rng.permutation(np.arange(columns) * 7 // columns) - 3 if scaled else np.zeros(columns, int)
    x = np.round(x * 10.0**power, 6)
    return Rows(x.astype(np.float32), y, tuple(map(str, range(classes))), x)


def gaussian(rows, columns, true=20, seed=4):
    """Independent normal columns, of which some have an effect; two classes."""
    rng = np.random.default_rng(seed)
    x = np.round(_normal(rng, rows, columns), 3)
    effect = np.zeros(columns)
    effect[rng.permutation(columns)[:true]] = _normal(rng, true)
    return Rows(x.astype(np.float32), _labels(rng, x @ effect), ("0", "1"), x)


def classes(rows=50_000, columns=30, classes=6, seed=7):
    """Correlated columns, of which each class is moved by less than half; six classes."""
    rng = np.random.default_rng(seed)
    x = _correlated(rng, rows, columns)
    effect = _normal(rng, columns, classes) * (rng.random((columns, classes)) < 0.4)
    return Rows(x.astype(np.float32), _by_softmax(rng, x @ effect), tuple(map(str, range(classes))), x)


def groups(rows=30_000, classes=5, seed=8):
    """One of 2 to 40 words from each of 16 groups, some of them more often together: questions and their answers."""
    rng = np.random.default_rng(seed)
    answers = (5, 8, 5, 16, 16, 7, 14, 6, 5, 2, 2, 2, 10, 25, 40, 30)
    side = _normal(rng, rows) > 0
    words = np.empty((rows, len(answers)), dtype=np.int32)
    before = 0
    for group, count in enumerate(answers):
        often = np.cumsum(rng.random(count) ** 2 + 0.01)
        answer = np.minimum(np.searchsorted(often, rng.random(rows) * often[-1]), count - 1)
        words[:, group] = before + np.where(rng.random(rows) < 0.3, (answer // 2 + side * (count // 2)) % count, answer)
        before += count
    start = np.arange(0, words.size + 1, len(answers))
    x = sparse.csr_matrix((np.ones(words.size, dtype=np.float32), words.ravel(), start), (rows, before))
    effect = 0.6 * _normal(rng, before, classes) * (rng.random((before, 1)) < 0.6)
    return Rows(x, _by_softmax(rng, x @ effect), tuple(map(str, range(classes))), np.ones(words.size))


def debian():
    """Debian packages' sections from their names and one-line descriptions, as the machine's apt knows them.

    Words, pairs of neighbouring words and the words of the name, if two rows have them; tf-idf rows of length 1. Sections
    of fewer than 50 packages are left out, and every tenth row is kept for tests by others.
    """
    packages = {}
    blocks = subprocess.run(["apt-cache", "dumpavail"], capture_output=True, check=True).stdout
    for block in blocks.decode("utf-8", "replace").split("\n\n"):
        fields = dict(re.findall(r"^(Package|Section|Description(?:-en)?): (.*)$", block, re.M))
        words = fields.get("Description-en") or fields.get("Description")
        if words and "Package" in fields and "Section" in fields:
            packages.setdefault(fields["Package"], []).append((fields["Section"].rsplit("/", 1)[-1], words))
    chosen = [(name, *min(found)) for name, found in sorted(packages.items())]
    size = collections.Counter(section for _, section, _ in chosen)
    chosen = [package for package in chosen if size[package[1]] >= 50]
    chosen = [package for i, package in enumerate(chosen) if i % 10 != 3]
    if not chosen:
        raise OSError("apt-cache knows no packages; run apt-get update")
    classes = sorted({section for _, section, _ in chosen})
    bags = []
    for name, _, words in chosen:
        found = re.findall(r"[a-z][a-z0-9+#]{1,24}", words.lower())
        pairs = [" ".join(pair) for pair in zip(found, found[1:])]
        own = ["name " + part for part in re.findall(r"[a-z][a-z0-9+#]{1,24}", name)]
        bags.append(collections.Counter(found + pairs + own))
    seen = collections.Counter(term for bag in bags for term in bag)
    column = {term: j for j, term in enumerate(sorted(term for term, rows in seen.items() if rows > 1))}
    start, index, values = [0], [], []
    for bag in bags:
        row = sorted((column[t], (1 + math.log(n)) * math.log((1 + len(bags)) / (1 + seen[t])))
                     for t, n in bag.items() if t in column)
        norm = math.sqrt(sum(v * v for _, v in row)) or 1.0
        index += [j for j, _ in row]
        values += [round(v / norm, 6) for _, v in row]
        start.append(len(index))
    x = sparse.csr_matrix((np.array(values, np.float32), np.array(index, np.int32), start), (len(bags), len(column)))
    y = np.array([classes.index(section) for _, section, _ in chosen], np.int32)
    return Rows(x, y, tuple(map(str, range(len(classes)))), np.array(values))


def one_against_rest(rows, k):
    """The same rows, class k against all others."""
    return Rows(rows.x, (rows.y == k).astype(np.int32), ("-1", "1"), rows.decimals)
