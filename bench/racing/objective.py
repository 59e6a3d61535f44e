"""The objective of a race, in float64, from its definition: the one judge of all contestants.

`F(W, b) = (1/n) sum_i loss_i + lambda/2 |W|^2`; loss_i is `log(1 + exp(-+z))` with one logit for two classes, and
`logSumExp(z) - z_y` with K logits for K. The intercept b, if there is one, is not penalised.
"""
import numpy as np
from scipy import special

ROWS = 20_000


class Objective:
    """x: n x p, CSR or dense; y: class numbers; classes: how many."""

    def __init__(self, x, y, classes, penalty):
        self.x, self.y, self.classes, self.penalty = x, y, classes, penalty

    def value(self, w, b):
        """w: (1 or K) x p; b: 1 or K intercepts, 0 where there are none."""
        return self._sum(w, b, False)[0]

    def gap(self, w, b):
        """What the value can be above the minimum, at most, as far as the intercepts' derivatives vanish.

        `|lambda W + G|^2 / (2 lambda)` with G the gradient of the mean loss: the dual point is the residuals.
        """
        _, gradient = self._sum(w, b, True)
        return float(np.sum((self.penalty * w + gradient) ** 2) / (2 * self.penalty))

    def _sum(self, w, b, derivatives):
        total = 0.0
        gradient = np.zeros_like(w, np.float64)
        n = len(self.y)
        for start in range(0, n, ROWS):
            rows = self.x[start : start + ROWS].astype(np.float64)
            y = self.y[start : start + ROWS]
            z = np.asarray(rows @ w.T) + b
            if self.classes == 2:
                sign = 2.0 * y - 1
                total += np.sum(np.logaddexp(0, -sign * z[:, 0]))
                residual = special.expit(z) - y[:, None] if derivatives else None
            else:
                sums = special.logsumexp(z, axis=1)
                total += np.sum(sums - z[np.arange(len(y)), y])
                if derivatives:
                    residual = np.exp(z - sums[:, None])
                    residual[np.arange(len(y)), y] -= 1
            if derivatives:
                gradient += np.asarray(rows.T @ residual).T
        return float(total / n + self.penalty / 2 * np.sum(w * w)), gradient / n
