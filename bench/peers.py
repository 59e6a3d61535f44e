"""Worst errors of NumPy, SciPy and PyTorch against Python's decimal at 60 digits; once, the result is checked in.

    /usr/bin/python3 bench/peers.py > bench/peers.csv
"""
import decimal
import math
import random

import numpy as np
import scipy
import scipy.special
import torch

decimal.getcontext().prec = 60
D = decimal.Decimal


def ulps(computed, truth, bits):
    least = -149 if bits == 24 else -1074
    if truth == 0:
        return 0.0 if computed == 0 else math.inf
    if not math.isfinite(computed):
        return math.inf
    exponent = math.floor((abs(truth).ln() / D(2).ln())) - bits + 1
    return float(abs(D(float(computed)) - truth) / D(2) ** max(exponent, least))


def sigmoid(x):
    return 1 / (1 + (-x).exp())


def softplus(x):
    return (1 + x.exp()).ln() if x > -60 else x.exp() - x.exp() ** 2 / 2


def report(function, library, version, kind, errors):
    worst, at = max(errors)
    print(f"{function},{library},{version},{kind},{worst:.3g},{at!r}")


def numbers(kind):
    rng = random.Random(1)
    return np.array([rng.uniform(-s, s) for _ in range(500) for s in (1e-3, 1, 30, 700 if kind == np.float64 else 100)], kind)


def main():
    print("function,library,version,type,ulp,at")
    np.seterr(all="ignore")
    for kind, bits in ((np.float64, 53), (np.float32, 24)):
        x = numbers(kind)
        t = torch.from_numpy(x)
        one = (
            ("sigmoid", "SciPy expit", scipy.__version__, scipy.special.expit(x), sigmoid),
            ("sigmoid", "NumPy 1/(1+exp(-x))", np.__version__, 1 / (1 + np.exp(-x)), sigmoid),
            ("sigmoid", "PyTorch", torch.__version__, torch.sigmoid(t).numpy(), sigmoid),
            ("softplus", "NumPy logaddexp(0;x)", np.__version__, np.logaddexp(kind(0), x), softplus),
            ("softplus", "PyTorch", torch.__version__, torch.nn.functional.softplus(t).numpy(), softplus),
        )
        for function, library, version, values, truth in one:
            report(function, library, version, kind.__name__, [(ulps(v, truth(D(float(a))), bits), float(a)) for v, a in zip(values, x)])
        rng = random.Random(2)
        errors = {}
        for n in (2, 10, 100, 1000):
            for spread in (1, 10, 60):
                z = np.array([rng.uniform(-spread, spread) for _ in range(n)], kind)
                exps = [D(float(a)).exp() for a in z]
                total = sum(exps)
                t = torch.from_numpy(z)
                for library, version, p, log in (
                    ("SciPy", scipy.__version__, scipy.special.softmax(z), scipy.special.log_softmax(z)),
                    ("PyTorch", torch.__version__, torch.softmax(t, 0).numpy(), torch.log_softmax(t, 0).numpy()),
                ):
                    for k in range(n):
                        share = exps[k] / total
                        errors.setdefault(("softmax", library, version), []).append((ulps(p[k], share, bits), float(z[k])))
                        errors.setdefault(("log-softmax", library, version), []).append((ulps(log[k], share.ln(), bits), float(z[k])))
        for (function, library, version), list_ in errors.items():
            report(function, library, version, kind.__name__, list_)


if __name__ == "__main__":
    main()
