"""Adds statsmodels' results to the cases that inference.R wrote: python3 inference.py ../resources/inference"""
import json
import pathlib
import sys

import numpy as np
import statsmodels
import statsmodels.api as sm

folder = pathlib.Path(sys.argv[1])


def binary(case, x, y):
    weights = case["weights"]
    kind = {"frequency": "freq_weights", "precision": "var_weights"}[case["weight_kind"]]
    more = {} if weights is None else {kind: np.array(weights)}
    offset = None if case["offset"] is None else np.array(case["offset"])
    return sm.GLM(y, x, family=sm.families.Binomial(), offset=offset, **more).fit(tol=1e-14, maxiter=200, tol_criterion="deviance")


def many(case, x, y):
    return sm.MNLogit(y, x).fit(method="newton", tol=1e-14, maxiter=200, disp=False)


def result(fit, two):
    flat = lambda m: np.asarray(m).T.ravel() if np.ndim(m) > 1 else np.asarray(m)
    interval = fit.conf_int()
    interval = interval if two else interval.reshape(-1, 2)
    return dict(
        peer="statsmodels " + statsmodels.__version__, coefficients=list(flat(fit.params)), standard_errors=list(flat(fit.bse)),
        z=list(flat(fit.tvalues)), p=list(flat(fit.pvalues)), ci_low=list(interval[:, 0]), ci_high=list(interval[:, 1]),
        covariance=np.asarray(fit.cov_params()).tolist())


def marginal(case, x, y, two):
    if case["weights"] is not None or case["offset"] is not None:
        return {}
    model = sm.Logit if two else sm.MNLogit
    effects = model(y, x).fit(method="newton", tol=1e-14, maxiter=200, disp=False).get_margeff()
    flat = lambda m: list(np.asarray(m).T.ravel())
    return dict(marginal_effects=flat(effects.margeff), marginal_errors=flat(effects.margeff_se))


for path in sorted(folder.glob("*.json")):
    case = json.loads(path.read_text())
    x = sm.add_constant(np.array(case["x"], dtype=float))
    y = np.array(case["y"])
    two = len(case["classes"]) == 2
    if not two and case["weights"] is not None:
        continue  # MNLogit has no weights
    added = result((binary if two else many)(case, x, y), two)
    added.update(marginal(case, x, y, two))
    case["peers"] = [case["peers"][0], added]
    lines = path.read_text().rstrip()
    head = lines[: lines.index('"peers":[')]
    peers = ",\n".join(json.dumps(peer) for peer in case["peers"])
    path.write_text(head + '"peers":[' + peers + "]}\n")
