"""Fits the golden cases with scikit-learn, statsmodels and R, and writes them as JSON. See README.md."""

import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import scipy.sparse
import sklearn
import statsmodels
import statsmodels.api as sm
from scipy.special import logsumexp
from sklearn import datasets
from sklearn.linear_model import LogisticRegression

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE.parent / "resources" / "golden"


class Case:
    """Rows, classes 0..K-1, and the options of a fit; weights are after class weights."""

    def __init__(self, name, x, y, lam, weights=None, class_weights=None, offset=None, intercept=True, standardize=False,
                 sparse=False):
        self.name, self.lam, self.intercept, self.standardize, self.sparse = name, lam, intercept, standardize, sparse
        self.x, self.y = np.asarray(x, float), np.asarray(y, int)
        self.classes = int(self.y.max()) + 1
        self.logits = 1 if self.classes == 2 else self.classes
        self.raw_weights, self.class_weights = weights, class_weights
        self.s = np.ones(len(y)) if weights is None else np.asarray(weights, float)
        if class_weights == "balanced":
            sums = np.array([self.s[self.y == k].sum() for k in range(self.classes)])
            self.s = self.s * (sums.sum() / (self.classes * sums))[self.y]
        elif class_weights is not None:
            self.s = self.s * np.array(class_weights)[self.y]
        self.offset = offset
        mean = np.average(self.x, axis=0, weights=self.s)
        self.variance = np.average((self.x - mean) ** 2, axis=0, weights=self.s) if standardize else np.ones(self.x.shape[1])

    def objective(self, w):
        """F at w, one row a logit, the intercept last."""
        z = self.x @ w[:, :-1].T + w[:, -1]
        if self.offset is not None:
            z = z + self.offset.reshape(z.shape)
        if self.classes == 2:
            z = np.hstack([np.zeros_like(z), z])
        loss = logsumexp(z, axis=1) - z[np.arange(len(z)), self.y]
        return float(self.s @ loss / self.s.sum() + self.lam / 2 * np.sum(w[:, :-1] ** 2 * self.variance))


def sklearn_fit(case):
    scale = np.sqrt(case.variance)
    # The intercept is not penalised, so centring changes nothing but the solver's speed.
    centred = case.intercept and not case.sparse
    mean = case.x.mean(axis=0) if centred else np.zeros(case.x.shape[1])
    x = (case.x - mean) / scale
    c = np.inf if case.lam == 0 else 1 / (case.s.sum() * case.lam)
    penalty = "none" if case.lam == 0 else "l2"
    model = LogisticRegression(
        penalty=penalty, C=1.0 if case.lam == 0 else c, fit_intercept=case.intercept, tol=1e-12, max_iter=1000,
        solver="newton-cholesky" if case.classes == 2 and not case.sparse else "newton-cg", multi_class="ovr" if case.classes == 2 else "multinomial")
    model.fit(scipy.sparse.csr_matrix(x) if case.sparse else x, case.y, sample_weight=case.s)
    w = model.coef_ / scale
    return np.column_stack([w, model.intercept_ * np.ones(case.logits) - w @ mean]), sklearn.__version__


def statsmodels_fit(case):
    design = np.column_stack([case.x, np.ones(len(case.x))]) if case.intercept else case.x
    if case.classes == 2:
        fit = sm.GLM(case.y, design, family=sm.families.Binomial(), freq_weights=case.s, offset=case.offset).fit(
            maxiter=500, tol=1e-15)
        w = fit.params.reshape(1, -1)
    else:
        assert np.all(case.s == 1) and case.offset is None
        fit = sm.MNLogit(case.y, design).fit(method="newton", maxiter=500, disp=0, tol=1e-14)
        w = np.vstack([np.zeros(design.shape[1]), fit.params.T])
    return (w if case.intercept else np.column_stack([w, np.zeros(len(w))])), statsmodels.__version__


def r_fit(peer):
    def fit(case):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            n = len(case.y)
            offset = np.zeros((n, case.logits)) if case.offset is None else case.offset.reshape(n, case.logits)
            for name, values in ("x", case.x), ("y", case.y), ("s", case.s), ("o", offset):
                np.savetxt(path / f"{name}.csv", values, delimiter=",", fmt="%.17g")
            arguments = [peer, str(case.classes), repr(case.lam), str(int(case.intercept))]
            command = ["Rscript", str(HERE / "fit.R"), folder, *arguments]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0:
                raise RuntimeError(done.stderr)
            return np.loadtxt(path / "w.csv", delimiter=",", ndmin=2), done.stdout.split()[-1]
    return fit


PEERS = {
    "scikit-learn": sklearn_fit, "statsmodels": statsmodels_fit, "R glm": r_fit("glm"),
    "nnet multinom": r_fit("multinom"), "glmnet": r_fit("glmnet"),
}


def scaled(x, digits=6):
    return np.round((x - x.mean(axis=0)) / x.std(axis=0), digits)


def synthetic(seed, n, p, classes, sparse=False, noise=1.0):
    rng = np.random.default_rng(seed)
    x = np.round(rng.standard_normal((n, p)), 6)
    if sparse:
        x[rng.random((n, p)) < 0.8] = 0
    z = x @ rng.standard_normal((p, classes)) / np.sqrt(p) + noise * rng.gumbel(size=(n, classes))
    return x, z.argmax(axis=1), rng


def penguins():
    with tempfile.TemporaryDirectory() as folder:
        code = ("p <- na.omit(as.data.frame(palmerpenguins::penguins)); write.table(cbind(as.integer(p$species)-1, "
                f"as.integer(p$sex)-1, p[,3:6]), '{folder}/p.csv', sep=',', row.names=FALSE, col.names=FALSE)")
        subprocess.run(["Rscript", "-e", code], check=True, capture_output=True)
        p = np.loadtxt(f"{folder}/p.csv", delimiter=",")
    return p[:, 2:], p[:, 0].astype(int), p[:, 1].astype(int)


def cases():
    x, y = datasets.load_breast_cancer(return_X_y=True)
    x = x[::2, :10]
    y = y[::2]
    yield Case("breast-cancer-ridge", scaled(x), y, 1e-2), ["scikit-learn", "glmnet"]
    yield Case("breast-cancer-unscaled", x, y, 1e-3), ["scikit-learn"]
    yield Case("breast-cancer-standardised", x, y, 1e-2, standardize=True), ["scikit-learn"]
    yield Case("breast-cancer-unpenalised", scaled(x[:, :4]), y, 0.0), ["statsmodels", "R glm", "glmnet"]
    yield Case("breast-cancer-balanced", scaled(x), y, 1e-3, class_weights="balanced"), ["scikit-learn"]
    x, y = datasets.load_iris(return_X_y=True)
    yield Case("iris-ridge", x, y, 1e-2), ["scikit-learn", "glmnet"]
    yield Case("iris-class-weights", x, y, 1e-3, class_weights=[1.0, 2.5, 0.5]), ["scikit-learn"]
    yield Case("iris-no-intercept", x, y, 1e-2, intercept=False), ["scikit-learn"]
    x, y = datasets.load_wine(return_X_y=True)
    yield Case("wine-standardised", x, y, 1e-2, standardize=True), ["scikit-learn"]
    yield Case("wine-ridge", scaled(x), y, 1e-3), ["scikit-learn", "glmnet"]
    x, species, sex = penguins()
    yield Case("penguins-sex-unpenalised", x, sex, 0.0), ["statsmodels", "R glm"]
    yield Case("penguins-species-ridge", scaled(x), species, 1e-2), ["scikit-learn", "glmnet"]
    x, y, rng = synthetic(1, 300, 5, 2)
    offset = np.round(rng.normal(size=300), 6)
    weights = np.round(rng.uniform(0, 4, 300), 3)
    yield Case("binary-offset-weights", x, y, 0.0, weights=weights, offset=offset), ["statsmodels", "R glm"]
    yield Case("binary-offset-ridge", x, y, 0.05, weights=weights, offset=offset), ["glmnet"]
    yield Case("binary-no-intercept", x, y, 0.0, intercept=False), ["statsmodels", "R glm"]
    x, y, rng = synthetic(2, 400, 4, 4)
    weights = rng.integers(0, 4, 400).astype(float)
    yield Case("multinomial-unpenalised", x, y, 0.0), ["statsmodels", "nnet multinom"]
    yield Case("multinomial-unpenalised-weights", x, y, 0.0, weights=weights), ["nnet multinom"]
    yield Case("multinomial-no-intercept", x, y, 0.0, intercept=False), ["statsmodels", "nnet multinom"]
    yield Case("multinomial-weights", x, y, 1e-3, weights=weights), ["scikit-learn", "glmnet"]
    offset = np.round(rng.normal(size=(400, 4)), 6)
    yield Case("multinomial-offset-ridge", x, y, 1e-2, offset=offset), ["glmnet"]
    x, y, rng = synthetic(3, 200, 40, 2, sparse=True)
    yield Case("binary-sparse", x, y, 1e-2, sparse=True), ["scikit-learn"]
    x, y, rng = synthetic(4, 200, 30, 5, sparse=True)
    yield Case("multinomial-sparse", x, y, 1e-2, sparse=True), ["scikit-learn"]
    x, y, rng = synthetic(5, 400, 8, 3, sparse=True)
    yield Case("multinomial-sparse-unpenalised", x, y, 0.0, sparse=True), ["nnet multinom"]


def main():
    warnings.simplefilter("ignore")
    OUT.mkdir(parents=True, exist_ok=True)
    for case, peers in cases():
        if len(sys.argv) > 1 and case.name not in sys.argv[1:]:
            continue
        fits = []
        for peer in peers:
            w, version = PEERS[peer](case)
            if case.classes > 2:
                w = w - (w[0] if case.lam == 0 else np.append(np.zeros(w.shape[1] - 1), w[:, -1].mean()))
            fits.append({"peer": peer, "version": version, "objective": case.objective(w), "coefficients": w.tolist()})
            print(f"{case.name:34} {peer:14} {fits[-1]['objective']:.15f}")
        offset = None if case.offset is None else case.offset.ravel().tolist()
        weights = None if case.raw_weights is None else case.raw_weights.tolist()
        text = json.dumps({
            "name": case.name, "classes": case.classes, "lambda": case.lam, "intercept": case.intercept,
            "standardize": case.standardize, "sparse": case.sparse, "class_weights": case.class_weights,
            "weights": weights, "offset": offset, "x": case.x.tolist(), "y": case.y.tolist(), "fits": fits,
        }, separators=(",", ":"))
        (OUT / f"{case.name}.json").write_text(text + "\n")


main()
