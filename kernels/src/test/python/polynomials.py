"""Derives the polynomial coefficients of io.logits.kernels.spec.{Exp,Log,Weight}.

    python3 polynomials.py        needs mpmath

Each polynomial is the minimax fit (Remez exchange) of the stated function under the stated weight. The first REFITTED
coefficients are rounded to the working precision one by one, lowest degree first, and the rest is fitted anew after
each, so that the rounding of a coefficient is made good by the ones above it. The error printed is the weighted error
of the rounded polynomial, which the classes quote.
"""
import struct

from mpmath import atanh, cos, expm1, linspace, log, lu_solve, matrix, mp, mpf, nstr, pi

mp.dps = 60
REFITTED = 3


def remez(f, weight, basis, low, high):
    """Coefficients c with weight(x) * (f(x) - sum c_j basis[j](x)) equioscillating on [low, high]."""
    n = len(basis)
    nodes = [(low + high) / 2 + (high - low) / 2 * cos(pi * (n - i) / n) for i in range(n + 1)]
    grid = linspace(low, high, 1201)
    grid = [x for x in grid if x != 0]
    for _ in range(12):
        a = matrix(n + 1, n + 1)
        b = matrix(n + 1, 1)
        for i, x in enumerate(nodes):
            x = x if x != 0 else mpf(10) ** -20
            w = weight(x)
            for j in range(n):
                a[i, j] = w * basis[j](x)
            a[i, n] = (-1) ** i
            b[i] = w * f(x)
        c = lu_solve(a, b)
        error = [weight(x) * (f(x) - sum(c[j] * basis[j](x) for j in range(n))) for x in grid]
        # The extrema: the largest error of each run of one sign.
        extrema, best = [], 0
        for i in range(1, len(grid)):
            if (error[i] > 0) != (error[best] > 0):
                extrema.append(best)
                best = i
            elif abs(error[i]) > abs(error[best]):
                best = i
        extrema.append(best)
        if len(extrema) < n + 1:
            break
        while len(extrema) > n + 1:
            extrema.pop(0 if abs(error[extrema[0]]) < abs(error[extrema[-1]]) else -1)
        nodes = [grid[i] for i in extrema]
    return [c[j] for j in range(n)]


def rounded(x, single):
    return mpf(struct.unpack("f", struct.pack("f", float(x)))[0]) if single else mpf(float(x))


def fit(name, f, weight, degree, low, high, single=False):
    fixed = []
    for j in range(degree + 1):
        basis = [(lambda x, p=p: x**p) for p in range(j, degree + 1)]
        residual = lambda x: f(x) - sum(c * x**p for p, c in enumerate(fixed))
        rest = remez(residual, weight, basis, low, high)
        fixed.append(rounded(rest[0], single))
        if len(fixed) == REFITTED:
            fixed += [rounded(c, single) for c in rest[1:]]
            break
    worst = max(
        abs(weight(x) * (f(x) - sum(c * x**p for p, c in enumerate(fixed))))
        for x in linspace(low, high, 1001)
        if x != 0
    )
    print(f"{name}: relative error {nstr(worst, 3)} = 2^{nstr(log(worst, 2), 4)}")
    for p, c in enumerate(fixed):
        print(f"    x^{p}: {float(c).hex()}  {float(c)!r}")


def quadratic_rest(r):
    """(exp(r) - 1 - r) / r^2"""
    return (expm1(r) - r) / r**2


def atanh_rest(t):
    """(2 atanh(s) - 2 s) / s^3 with t = s^2"""
    s = t**mpf(0.5)
    return (2 * atanh(s) - 2 * s) / s**3


if __name__ == "__main__":
    half = log(2) / 2 * mpf("1.0001")
    exp_weight = lambda r: r**2 / (expm1(r) + 1)
    fit("exp, double", quadratic_rest, exp_weight, 9, -half, half)
    fit("exp, double lanes for float", quadratic_rest, exp_weight, 5, -half, half)
    fit("exp, float", quadratic_rest, exp_weight, 4, -half, half, single=True)
    exp2_weight = lambda f: abs(f) / mpf(2) ** f
    fit("exp2, coarse", lambda f: (mpf(2) ** f - 1) / f, exp2_weight, 4, -mpf("0.50001"), mpf("0.50001"), single=True)
    top = (mpf(2) ** mpf(0.5) - 1) ** 2 / (mpf(2) ** mpf(0.5) + 1) ** 2 * mpf("1.0001")
    tiny = mpf(10) ** -8
    log_weight = lambda t: t / 2
    fit("log, double", atanh_rest, log_weight, 6, tiny, top)
    fit("log, double lanes for float", atanh_rest, log_weight, 3, tiny, top)
