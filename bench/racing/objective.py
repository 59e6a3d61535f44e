"""The objective of a race, in float64, from its definition: the one judge of all contestants.

`F(W, b) = (1/n) sum_i loss_i + R(W)` with `R = lambda/2 |W|^2`, or `lambda |W|_1` where asked for; loss_i is
`log(1 + exp(-+z))` with one logit for two classes, and `logSumExp(z) - z_y` with K logits for K. The intercept b, if there
is one, is not penalised.
"""
import numpy as np
from scipy import special

ROWS = 20_000


class Objective:
    """x: n x p, CSR or dense; y: class numbers; classes: how many."""

    def __init__(self, x, y, classes, penalty, l1=False):
        self.x, self.y, self.classes, self.penalty, self.l1 = x, y, classes, penalty, l1

    def value(self, w, b):
        """w: (1 or K) x p; b: 1 or K intercepts, 0 where there are none."""
        loss = sum(np.sum(loss) for _, _, loss, _ in self._blocks(w, b)) / len(self.y)
        return float(loss + self.penalty * (np.sum(np.abs(w)) if self.l1 else np.sum(w * w) / 2))

    def gradient(self, w, b):
        """Of the mean loss by the coefficients, (1 or K) x p."""
        total = np.zeros(w.shape)
        for rows, y, _, z in self._blocks(w, b):
            total += np.asarray(rows.T @ self._residuals(y, z)).T
        return total / len(self.y)

    def gap(self, w, b):
        """What the value can be above the minimum, at most, as far as the intercepts' derivatives vanish.

        The dual point is the residuals. L2: `|lambda W + G|^2 / (2 lambda)` with G the gradient of the mean loss. L1: the
        residuals times c, the largest factor up to 1 that brings all of G within lambda; with `u = c P + (1-c) e_y`, P the
        probabilities, the dual value is the mean entropy of u.
        """
        gradient = self.gradient(w, b)
        if not self.l1:
            return float(np.sum((self.penalty * w + gradient) ** 2) / (2 * self.penalty))
        factor = min(1, self.penalty / max(np.abs(gradient).max(), 1e-300))
        dual = 0.0
        for _, y, _, z in self._blocks(w, b):
            u = factor * (special.softmax(z, axis=1) if self.classes > 2 else special.expit(np.hstack([-z, z])))
            u[np.arange(len(y)), y] += 1 - factor
            dual += np.sum(special.entr(u))
        return self.value(w, b) - dual / len(self.y)

    def _blocks(self, w, b):
        """(rows, their class numbers, losses and logits) of some rows after the other."""
        for start in range(0, len(self.y), ROWS):
            rows = self.x[start : start + ROWS].astype(np.float64)
            y = self.y[start : start + ROWS]
            z = np.asarray(rows @ w.T) + b
            if self.classes == 2:
                yield rows, y, np.logaddexp(0, -(2.0 * y - 1) * z[:, 0]), z
            else:
                yield rows, y, special.logsumexp(z, axis=1) - z[np.arange(len(y)), y], z

    def _residuals(self, y, z):
        if self.classes == 2:
            return special.expit(z) - y[:, None]
        residuals = special.softmax(z, axis=1)
        residuals[np.arange(len(y)), y] -= 1
        return residuals


def lambdas(x, y, classes, intercept, count, least):
    """Those of a path of L1 fits: from the least that leaves no coefficient but 0 down to `least` of it."""
    shares = np.bincount(y, minlength=classes) / len(y)
    if not intercept:
        b = np.zeros(1 if classes == 2 else classes)
    else:
        b = np.log(shares[1:] / shares[:1]) if classes == 2 else np.log(shares)
    judge = Objective(x, y, classes, 0.0)
    largest = np.abs(judge.gradient(np.zeros((len(b), x.shape[1])), b)).max()
    return tuple(float(f"{v:.6g}") for v in largest * np.geomspace(1, least, count))
