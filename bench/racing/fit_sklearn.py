"""A fit by scikit-learn: fit_sklearn.py REQUEST, as racing/contestants.py writes it."""
import json
import pathlib
import sys
import time
import warnings

import numpy as np
from sklearn.datasets import load_svmlight_file
from sklearn.linear_model import LogisticRegression

from racing import rows


def read(request):
    file, form = request["file"], request["form"]
    if form == "svmlight":
        x, y = load_svmlight_file(file, n_features=request["features"], dtype=np.float64)
        return x, y
    if form == "idx":
        return (rows.read_idx_bytes(file) / 255.0), rows.read_idx_bytes(request["labels"])[:, 0]
    try:
        import pandas
        table = pandas.read_csv(file).to_numpy(np.float64)
    except ImportError:
        table = np.loadtxt(file, delimiter=",", skiprows=1)
    return table[:, :-1], table[:, -1]


def main():
    warnings.simplefilter("ignore")
    request = json.loads(pathlib.Path(sys.argv[1]).read_text())
    begun = time.perf_counter()
    x, y = read(request)
    ready = time.perf_counter()
    model = LogisticRegression(
        C=request["C"], solver=request["solver"], tol=request["tolerance"], max_iter=request["iterations"],
        fit_intercept=request["intercept"])
    model.fit(x, y)
    done = time.perf_counter()
    out = request["out"]
    np.concatenate([model.coef_.ravel(), np.broadcast_to(model.intercept_, len(model.coef_))]).astype("<f8").tofile(out + ".f64")
    pathlib.Path(out + ".seconds").write_text(json.dumps({"read": ready - begun, "fit": done - ready}))


main()
