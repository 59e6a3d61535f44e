#!/usr/bin/env python3
"""Measures of predictions by scikit-learn, for MetricsGoldenTest.

Writes core/src/test/resources/io/logits/metrics/metrics.json: probabilities, labels, weights, and what scikit-learn makes
of them. In two of the cases many rows have the same scores. Run from the repository's root.
"""

import json

import numpy
import sklearn
from sklearn import metrics

random = numpy.random.default_rng(8)


def case(name, classes, rows, tied, weighted):
    logits = random.normal(size=(rows, classes)) * 1.5
    if tied:
        # A few rows many times over: their scores are the same to the last bit.
        logits = logits[random.integers(0, rows // 5, rows)]
    p = numpy.exp(logits)
    p /= p.sum(axis=1, keepdims=True)
    y = numpy.array([random.choice(classes, p=0.7 * row + 0.3 / classes) for row in p])
    weights = random.integers(1, 4, rows).astype(float) if weighted else numpy.ones(rows)
    decided = p.argmax(axis=1)
    ranked = range(1, 2) if classes == 2 else range(classes)
    against = [(y == k).astype(int) for k in ranked]
    scores = [p[:, k] for k in ranked]
    expected = {
        "log_loss": metrics.log_loss(y, p, sample_weight=weights, eps=1e-300),
        "accuracy": metrics.accuracy_score(y, decided, sample_weight=weights),
        "balanced_accuracy": metrics.balanced_accuracy_score(y, decided, sample_weight=weights),
        "confusion": metrics.confusion_matrix(y, decided, sample_weight=weights).tolist(),
        "auc": [metrics.roc_auc_score(a, s, sample_weight=weights) for a, s in zip(against, scores)],
        "average_precision": [
            metrics.average_precision_score(a, s, sample_weight=weights) for a, s in zip(against, scores)
        ],
        "precision": metrics.precision_score(y, decided, average=None, sample_weight=weights).tolist(),
        "recall": metrics.recall_score(y, decided, average=None, sample_weight=weights).tolist(),
    }
    if classes == 2:
        expected["brier"] = metrics.brier_score_loss(y, p[:, 1], sample_weight=weights)
    else:
        expected["top_accuracy"] = {
            k: metrics.top_k_accuracy_score(y, p, k=k, sample_weight=weights) for k in range(2, classes)
        }
    return {
        "name": name,
        "classes": classes,
        "logits": logits.tolist(),
        "labels": y.tolist(),
        "weights": weights.tolist(),
        "expected": expected,
    }


cases = [
    case("two", 2, 120, False, False),
    case("two-ties-weights", 2, 150, True, True),
    case("three", 3, 150, False, False),
    case("five-ties-weights", 5, 200, True, True),
]
with open("core/src/test/resources/io/logits/metrics/metrics.json", "w", encoding="utf-8") as out:
    json.dump({"made_by": "scikit-learn " + sklearn.__version__, "cases": cases}, out)
    out.write("\n")
