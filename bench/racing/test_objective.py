"""Facts about the judge of the races: python3 -m unittest discover -s bench -p 'test_*.py'."""
import math
import unittest

import numpy as np
from scipy import optimize, sparse

from racing.objective import Objective, lambdas

RNG = np.random.default_rng(7)
X = RNG.standard_normal((50, 3)).astype(np.float32)
# Values and sums of 50 rows in float64.
ROUNDING = 1e-13


class ObjectiveTest(unittest.TestCase):
    def test_zero_coefficients_cost_the_logarithm_of_the_number_of_classes(self):
        for classes in (2, 5):
            y = RNG.integers(0, classes, 50)
            k = 1 if classes == 2 else classes
            value = Objective(X, y, classes, 0.1).value(np.zeros((k, 3)), np.zeros(k))
            self.assertAlmostEqual(value, math.log(classes), delta=ROUNDING)

    def test_two_classes_are_many_whose_difference_is_the_logit(self):
        y, w, b = RNG.integers(0, 2, 50), RNG.standard_normal((1, 3)), np.array([0.3])
        two = Objective(X, y, 2, 0.1).value(w, b) - 0.05 * np.sum(w * w)
        both = np.vstack([-w / 2, w / 2])
        many = Objective(X, y, 3, 0.1).value(np.vstack([both, np.zeros((1, 3))]), np.array([-0.15, 0.15, -1e3]))
        self.assertAlmostEqual(two, many - 0.05 * np.sum(both * both), delta=ROUNDING)

    def test_sparse_rows_are_dense_rows(self):
        y, w = RNG.integers(0, 4, 50), RNG.standard_normal((4, 3))
        value = lambda x: Objective(x, y, 4, 0.1).value(w, np.zeros(4))
        self.assertAlmostEqual(value(X), value(sparse.csr_matrix(X)), delta=ROUNDING)

    def test_the_gap_bounds_the_distance_from_the_minimum(self):
        y = RNG.integers(0, 3, 50)
        judge = Objective(X, y, 3, 0.1)
        found = optimize.minimize(lambda w: judge.value(w.reshape(3, 3), np.zeros(3)), np.zeros(9), method="BFGS", tol=1e-9)
        for scale in (0, 0.5, 0.99):
            w = scale * found.x.reshape(3, 3)
            above = judge.value(w, np.zeros(3)) - found.fun
            self.assertLessEqual(above, judge.gap(w, np.zeros(3)))
        self.assertLess(judge.gap(found.x.reshape(3, 3), np.zeros(3)), 1e-6)

    def test_the_gap_of_l1_bounds_the_distance_from_the_minimum(self):
        for classes in (2, 3):
            y = RNG.integers(0, classes, 50)
            judge = Objective(X, y, classes, 0.01, l1=True)
            k = 1 if classes == 2 else classes
            # Two parts above 0, whose difference is w, make of |w| a smooth sum.
            both = lambda v: (v[: 3 * k] - v[3 * k :]).reshape(k, 3)
            found = optimize.minimize(
                lambda v: judge.value(both(v), np.zeros(k)) - 0.01 * np.abs(both(v)).sum() + 0.01 * v.sum(),
                np.zeros(6 * k), method="L-BFGS-B", bounds=[(0, None)] * (6 * k), options={"ftol": 1e-15, "gtol": 1e-9})
            least = judge.value(both(found.x), np.zeros(k))
            for scale in (0, 0.5, 0.99):
                w = scale * both(found.x)
                self.assertLessEqual(judge.value(w, np.zeros(k)) - least, judge.gap(w, np.zeros(k)))
            self.assertLess(judge.gap(both(found.x), np.zeros(k)), 1e-5)

    def test_a_path_begins_where_the_first_coefficient_leaves_zero(self):
        y = RNG.integers(0, 2, 50)
        first, last = lambdas(X, y, 2, False, 2, 0.1)
        self.assertAlmostEqual(last, 0.1 * first, delta=1e-6 * first)
        self.assertLess(Objective(X, y, 2, first, l1=True).gap(np.zeros((1, 3)), np.zeros(1)), 1e-5)
        self.assertGreater(Objective(X, y, 2, 0.9 * first, l1=True).gap(np.zeros((1, 3)), np.zeros(1)), 1e-5)


if __name__ == "__main__":
    unittest.main()
