"""Who races, each with its ladder of efforts, from rough to exact.

A contestant says why it cannot run a race (`refusal`), which command makes a fit (`command`), and where time and
coefficients are then to be found (`result`).
"""
import functools
import json
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

import numpy as np

from racing import rows, timed
from racing.java import JavaPeer, WarmLogits, refusal_of_smile, refusal_of_tribuo, refusal_of_weka, refusal_of_weka_bfgs
from racing.task import BENCH, ROOT, TOLERANCES, Peer, Result, certified, lambdas_of, numbers


class Logits:
    """Ours, by its command. Its goal is certified, so that the tolerance itself counts and not what was reached."""
    ladder = TOLERANCES

    def __init__(self, solver="auto"):
        self.solver = solver
        self.name = "logits" + ("" if solver == "auto" else " " + solver)

    def counts(self, effort, goal):
        return certified(effort, goal)

    def refusal(self, task):
        return "it fits no L1" if task.lambdas and self.solver != "auto" else None

    def command(self, task, effort, out):
        data = task.data
        labels = ["--labels", str(data.labels)] if data.labels else []
        intercept = [] if task.intercept else ["--no-intercept"]
        problem = ["path", "--penalty", "l1"] if task.lambdas else ["fit"]
        return [str(ROOT / "logits"), *problem, str(data.file), *labels, *intercept, "--lambda", lambdas_of(task), "--tol", effort,
                "--solver", self.solver, "--threads", str(task.threads), "--json", "--quiet", "-o", out + ".safetensors"]

    def result(self, task, out, how):
        # The launcher may have said before that it builds the command.
        report = json.loads(pathlib.Path(out + ".log").read_text().strip().split("\n")[-1])
        seconds = report["seconds"]
        if task.lambdas:
            passes = sum(point["passes"] for point in report["lambdas"])
            models = read_path(out + ".safetensors", task.data.about["features"])
        else:
            passes, models = report["solution"]["passes"], [read_model(out + ".safetensors", task.data.about["features"])]
        if task.logits > 1:
            order = [report["data"]["classes"].index(c) for c in task.data.classes]
            models = [(w[order], b[order]) for w, b in models]
        return Result(seconds["read"], seconds["fit"], models, passes)


def _tensors(file):
    """Tensors of a .safetensors file by name."""
    kinds = {"F64": "<f8", "I64": "<i8", "I32": "<i4"}
    with open(file, "rb") as source:
        header = json.loads(source.read(struct.unpack("<Q", source.read(8))[0]))
        body = source.read()
    return {name: np.frombuffer(body[slice(*of["data_offsets"])], kinds[of["dtype"]]).reshape(of["shape"])
            for name, of in header.items() if name != "__metadata__"}


def read_model(file, features):
    """(w, b) of a model of ours. The columns that are empty at the end of an svmlight file are not known to exist."""
    tensors = _tensors(file)
    found = tensors["coefficients"]
    w = np.zeros((len(found), features))
    w[:, : found.shape[1]] = found
    return w, tensors["intercepts"].ravel()


def read_path(file, features):
    """(w, b) of each lambda of a path of ours, largest lambda first."""
    tensors = _tensors(file)
    known, start, logits = len(tensors["means"]), tensors["coefficient_starts"], tensors["intercepts"].shape[1]
    models = []
    for l, b in enumerate(tensors["intercepts"]):
        own = slice(start[l], start[l + 1])
        w = np.zeros((logits, features))
        row, column = np.divmod(tensors["coefficient_indices"][own], known)
        w[row, column] = tensors["coefficient_values"][own]
        models.append((w, b))
    return models


class ScikitLearn(Peer):
    LADDERS = {
        "lbfgs": [(1e-15, n) for n in (25, 50, 100, 200, 400, 800, 1600, 3200)],
        "newton-cg": [(t, 10_000) for t in (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)],
        "newton-cholesky": [(t, 10_000) for t in (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)],
    }

    def __init__(self, solver):
        self.solver = solver
        self.name = "scikit-learn " + solver
        self.ladder = tuple(f"{n} iterations" if solver == "lbfgs" else f"tol {t:g}" for t, n in self.LADDERS[solver])

    def refuses(self, task):
        try:
            import sklearn
        except ImportError:
            return "scikit-learn is not installed"
        if self.solver == "newton-cholesky":
            if tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 2):
                return f"scikit-learn {sklearn.__version__} has no such solver"
            if task.logits > 1 and tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 6):
                return f"scikit-learn {sklearn.__version__} has it for two classes only"
            if task.data.about["features"] * task.logits > 10_000:
                return "its matrix of second derivatives would have more than 10,000 columns"
        return None

    def command(self, task, effort, out):
        tolerance, iterations = self.LADDERS[self.solver][self.ladder.index(effort)]
        data = task.data
        request = {
            "file": str(data.file), "labels": str(data.labels), "form": data.form, "features": data.about["features"],
            "C": task.strength, "intercept": task.intercept, "solver": self.solver, "tolerance": tolerance,
            "iterations": iterations, "out": out,
        }
        pathlib.Path(out + ".request").write_text(json.dumps(request))
        return [sys.executable, "-m", "racing.fit_sklearn", out + ".request"]

    def result(self, task, out, how):
        return numbers(task, out)


class Liblinear(Peer):
    """The C++ program. It does not say how long it reads: a run that stops at its start tells."""

    def __init__(self, solver):
        self.solver = solver
        self.name = f"LIBLINEAR -s {solver}"
        self.ladder = ("1e-1", "1e-2", "1e-3", "1e-4", "1e-5", "1e-6")
        self.program = shutil.which("liblinear-train") or shutil.which("train")

    def refuses(self, task):
        if not self.program:
            return "liblinear-train is not on the path"
        return refusal_of_liblinear(task)

    def command(self, task, effort, out):
        return [self.program, "-q", "-s", self.solver, "-c", repr(task.strength), "-e", effort, "-B", "-1", str(task.data.file),
                out + ".model"]

    @functools.lru_cache
    def _seconds_to_read(self, file, through):
        with tempfile.TemporaryDirectory() as folder:
            out = str(pathlib.Path(folder, "out"))
            command = [self.program, "-q", "-s", "0", "-e", "1e30", file, out + ".model"]
            return min(timed.run(command, out, through)["seconds"] for _ in range(3))

    def result(self, task, out, how):
        model = read_liblinear(out + ".model", task)
        read = min(how["seconds"], self._seconds_to_read(str(task.data.file), task.through))
        return Result(read, how["seconds"] - read, [model])


def refusal_of_liblinear(task):
    if task.logits > 1:
        return "it fits one class against the rest: another problem"
    if task.intercept:
        return "it penalises its intercept: another problem; race with --no-intercept"
    if task.data.form != "svmlight":
        return "it reads svmlight files only"
    return None


def read_liblinear(path, task):
    lines = pathlib.Path(path).read_text().split("\n")
    at = lines.index("w")
    first = next(line for line in lines if line.startswith("label ")).split()[1]
    sign = 1 if float(first) == float(task.data.classes[1]) else -1
    w = np.zeros((1, task.data.about["features"]))
    found = np.array([float(line) for line in lines[at + 1 :] if line.strip()])
    w[0, : len(found)] = sign * found
    return w, np.zeros(1)


class Glmnet(Peer):
    name = "glmnet"
    fits_paths = True
    ladder = ("1e-6", "1e-8", "1e-10", "1e-12", "1e-14")

    @staticmethod
    @functools.lru_cache
    def _program():
        for program in (shutil.which("Rscript"), "/usr/bin/Rscript"):
            if program and subprocess.run([program, "-e", "library(glmnet)"], capture_output=True).returncode == 0:
                return program
        return None

    def refuses(self, task):
        return None if self._program() else "Rscript with glmnet is not on the path"

    def command(self, task, effort, out):
        about = task.data.about
        return [self._program(), str(BENCH / "racing/fit_glmnet.R"), str(task.data.folder), str(about["rows"]),
                str(about["features"]), str(len(about["classes"])), str(int(about["sparse"])), lambdas_of(task),
                str(int(task.intercept)), effort, str(int(bool(task.lambdas))), out]

    def result(self, task, out, how):
        return numbers(task, out)


def _nothing(task):
    return None


def _iterations(*counts):
    return tuple(f"{n} iterations" for n in counts)


LIBLINEAR_JAVA = ("1e-1", "1e-2", "1e-3", "1e-4", "1e-5", "1e-6")
ALL = (
    Logits(), WarmLogits(), *(Logits(s) for s in ("newton-cholesky", "newton-cg", "lbfgs")),
    *(ScikitLearn(s) for s in ScikitLearn.LADDERS),
    Liblinear("0"), Liblinear("7"),
    Glmnet(),
    *(JavaPeer(f"liblinear-java {kind}", "liblinear", "LiblinearRace", LIBLINEAR_JAVA, refusal_of_liblinear, kind)
      for kind in ("L2R_LR", "L2R_LR_DUAL")),
    JavaPeer("Smile", "smile", "SmileRace", ("1e-2", "1e-3", "1e-4", "1e-5", "1e-6", "1e-7", "1e-8"), refusal_of_smile),
    JavaPeer("Weka BFGS", "weka", "WekaRace", _iterations(25, 50, 100, 200, 400, 800), refusal_of_weka_bfgs, "BFGS"),
    JavaPeer("Weka CG", "weka", "WekaRace", _iterations(25, 50, 100, 200, 400, 800), refusal_of_weka, "CG"),
    JavaPeer("Spark MLlib", "spark", "SparkRace", _iterations(25, 50, 100, 200, 400, 800), _nothing),
    # Without a penalty: where ours is weak it may come near enough.
    JavaPeer("Tribuo", "tribuo", "TribuoRace", ("1 epoch", "5 epochs", "25 epochs", "100 epochs"), refusal_of_tribuo),
)
"""Those that race when none are named: ours by its own choice of solver only."""
USUAL = tuple(c for c in ALL if not (isinstance(c, Logits) and c.solver != "auto"))


def named(words):
    """The contestants of these names, or of the usual ones those whose names begin with them; all usual ones without words."""
    chosen = []
    for word in words:
        found = [c for c in ALL if c.name == word] or [c for c in USUAL if c.name.lower().startswith(word.lower())]
        if not found:
            raise ValueError(f"{word} is none of the contestants: " + ", ".join(c.name for c in ALL))
        chosen += found
    return tuple(c for c in ALL if c in chosen) if words else USUAL
