#!/usr/bin/env python3
"""Calibration by scikit-learn and SciPy, for CalibrationGoldenTest.

Writes core/src/test/resources/io/logits/calibration/calibration.json: rows and what CalibratedClassifierCV without an
ensemble makes of them, whose folds are given; scores and what IsotonicRegression and Platt's method make of them; logits and
the temperature and the lines of vector scaling that minimise their objectives, by SciPy at its tightest. Run from the
repository's root.
"""

import json

import numpy
import scipy
import sklearn
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit, logsumexp
from sklearn.calibration import CalibratedClassifierCV
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import PredefinedSplit

random = numpy.random.default_rng(17)


def classifier():
    rows, p = 240, 3
    x = random.normal(size=(rows, p))
    y = (random.random(rows) < expit(2 * x[:, 0] - x[:, 1] + 0.5 * x[:, 2] ** 2 - 0.5)).astype(int)
    weights = random.integers(1, 4, rows).astype(float)
    fold = random.integers(0, 4, rows)
    new = random.normal(size=(40, p)) * 1.5
    expected = {}
    for name, method in (("platt", "sigmoid"), ("isotonic", "isotonic")):
        base = LogisticRegression(C=1.0, tol=1e-13, max_iter=10000)
        fitted = CalibratedClassifierCV(base, method=method, cv=PredefinedSplit(fold), ensemble=False)
        fitted.fit(x, y, sample_weight=weights)
        expected[name] = fitted.predict_proba(new)[:, 1].tolist()
    return {
        "x": x.tolist(), "y": y.tolist(), "weights": weights.tolist(), "fold": fold.tolist(), "new": new.tolist(),
        "expected": expected,
    }


def platt(scores, y, weights):
    positives = weights[y == 1].sum()
    negatives = weights[y == 0].sum()
    target = numpy.where(y == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))

    def loss(ab):
        z = ab[0] * scores + ab[1]
        return (weights * (numpy.logaddexp(0, z) - target * z)).sum()

    def gradient(ab):
        d = weights * (expit(ab[0] * scores + ab[1]) - target)
        return numpy.array([(d * scores).sum(), d.sum()])

    return minimize(loss, [1, 0], jac=gradient, method="BFGS", options={"gtol": 1e-11}).x


def curves():
    cases = []
    for name, rows, tied in (("plain", 150, False), ("ties", 200, True)):
        scores = random.normal(size=rows) * 2
        if tied:
            scores = numpy.round(scores * 2) / 2
        y = (random.random(rows) < expit(0.7 * scores + 0.3 * numpy.sin(3 * scores) - 0.3)).astype(int)
        weights = random.integers(1, 4, rows).astype(float)
        at = numpy.linspace(-6, 6, 97)
        # Ours keeps as far from 0 and 1.
        margin = 1 / (weights.sum() + 2)
        isotonic = IsotonicRegression(y_min=margin, y_max=1 - margin, out_of_bounds="clip").fit(scores, y, sample_weight=weights)
        cases.append({
            "name": name, "scores": scores.tolist(), "y": y.tolist(), "weights": weights.tolist(), "at": at.tolist(),
            "isotonic": isotonic.predict(at).tolist(), "platt": platt(scores, y, weights).tolist(),
        })
    return cases


def scalings():
    rows, k = 300, 4
    z = random.normal(size=(rows, k)) * 3
    tempered = z / 2.5 + numpy.array([0.4, 0, -0.3, 0.1])
    p = numpy.exp(tempered - logsumexp(tempered, axis=1, keepdims=True))
    y = numpy.array([random.choice(k, p=row) for row in p])
    weights = random.integers(1, 4, rows).astype(float)

    def loss(scaled):
        return (weights * (logsumexp(scaled, axis=1) - scaled[numpy.arange(rows), y])).sum()

    def vector(w):
        return loss(z * w[:k] + w[k:]) + ((w[:k] - 1) ** 2).sum() / 2 + (w[k:] ** 2).sum() / 2

    def gradient(w):
        scaled = z * w[:k] + w[k:]
        d = numpy.exp(scaled - logsumexp(scaled, axis=1, keepdims=True))
        d[numpy.arange(rows), y] -= 1
        d *= weights[:, None]
        return numpy.concatenate([(d * z).sum(axis=0) + w[:k] - 1, d.sum(axis=0) + w[k:]])

    start = numpy.concatenate([numpy.ones(k), numpy.zeros(k)])
    found = minimize(vector, start, jac=gradient, method="BFGS", options={"gtol": 1e-10})
    inverse = minimize_scalar(lambda b: loss(b * z), bounds=(0.01, 100), method="bounded", options={"xatol": 1e-12})
    two = z[:, 0] - z[:, 1]
    t = (random.random(rows) < expit(two / 3)).astype(int)
    inverse_two = minimize_scalar(
        lambda b: (weights * (numpy.logaddexp(0, b * two) - t * b * two)).sum(),
        bounds=(0.01, 100), method="bounded", options={"xatol": 1e-12})
    return {
        "z": z.tolist(), "y": y.tolist(), "weights": weights.tolist(), "inverse_temperature": inverse.x,
        "vector": found.x.tolist(), "objective": found.fun,
        "two": {"z": two.tolist(), "y": t.tolist(), "inverse_temperature": inverse_two.x},
    }


golden = {
    "tools": f"scikit-learn {sklearn.__version__}, SciPy {scipy.__version__}, numpy {numpy.__version__}",
    "classifier": classifier(),
    "curves": curves(),
    "scalings": scalings(),
}
with open("core/src/test/resources/io/logits/calibration/calibration.json", "w") as file:
    json.dump(golden, file)
    file.write("\n")
