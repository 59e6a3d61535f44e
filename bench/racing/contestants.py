"""Who races, each with its ladder of efforts, from rough to exact.

A contestant says why it cannot run a race (`refusal`), which command makes a fit (`command`), and where time and
coefficients are then to be found (`result`).
"""
import dataclasses
import functools
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

import numpy as np

from racing import rows, timed

BENCH = pathlib.Path(__file__).resolve().parent.parent
ROOT = BENCH.parent
TOLERANCES = ("1e-2", "1e-3", "1e-4", "1e-5", "1e-6", "1e-7", "1e-8")


@dataclasses.dataclass
class Task:
    """One problem: `penalty` is lambda, `strength` is C = 1/(n lambda)."""
    data: rows.Prepared
    strength: float
    intercept: bool
    threads: int
    through: tuple = ()

    @property
    def penalty(self):
        return 1 / (self.data.about["rows"] * self.strength)

    @property
    def logits(self):
        return 1 if len(self.data.classes) == 2 else len(self.data.classes)


@dataclasses.dataclass
class Result:
    """Seconds to read (None: its rows come from the binary form) and to fit; coefficients (1 or K) x p; intercepts."""
    read: float
    fit: float
    w: np.ndarray
    b: np.ndarray


def _numbers(task, out):
    """Result of a program of ours around a peer, as fit_sklearn.py and its like leave it."""
    seconds = json.loads(pathlib.Path(out + ".seconds").read_text())
    numbers, p = np.fromfile(out + ".f64", "<f8"), task.data.about["features"]
    k = task.logits
    return Result(seconds["read"], seconds["fit"], numbers[: k * p].reshape(k, p), numbers[k * p :])


class Logits:
    """Ours, by its command. Its goal is certified, so that the tolerance itself counts and not what was reached."""
    name = "logits"
    ladder = TOLERANCES

    def __init__(self, solver="auto"):
        self.solver = solver
        self.name = "logits" + ("" if solver == "auto" else " " + solver)

    def counts(self, effort, goal):
        return float(effort) <= goal * 1.0001

    def refusal(self, task):
        return None

    def command(self, task, effort, out):
        data = task.data
        labels = ["--labels", str(data.labels)] if data.labels else []
        intercept = [] if task.intercept else ["--no-intercept"]
        return [str(ROOT / "logits"), "fit", str(data.file), *labels, *intercept, "--lambda", repr(task.penalty), "--tol", effort,
                "--solver", self.solver, "--threads", str(task.threads), "--json", "--quiet", "-o", out + ".safetensors"]

    def result(self, task, out, how):
        report = json.loads(pathlib.Path(out + ".log").read_text())
        with open(out + ".safetensors", "rb") as file:
            header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
            body = file.read()
        tensor = lambda name: np.frombuffer(body[slice(*header[name]["data_offsets"])], "<f8").reshape(header[name]["shape"])
        found, b = tensor("coefficients"), tensor("intercepts").ravel()
        # The columns that are empty at the end of an svmlight file are not known to exist.
        w = np.zeros((len(found), task.data.about["features"]))
        w[:, : found.shape[1]] = found
        if task.logits > 1:
            order = [report["data"]["classes"].index(c) for c in task.data.classes]
            w, b = w[order], b[order]
        return Result(report["seconds"]["read"], report["seconds"]["fit"], w, b)


class Peer:
    """A peer reaches what it reaches: the first effort whose objective is near enough counts."""

    def counts(self, effort, goal):
        return None


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

    def refusal(self, task):
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
        return _numbers(task, out)


class Liblinear(Peer):
    """The C++ program. It does not say how long it reads: a run that stops at its start tells."""

    def __init__(self, solver):
        self.solver = solver
        self.name = f"LIBLINEAR -s {solver}"
        self.ladder = ("1e-1", "1e-2", "1e-3", "1e-4", "1e-5", "1e-6")
        self.program = shutil.which("liblinear-train") or shutil.which("train")

    def refusal(self, task):
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
        w, b = read_liblinear(out + ".model", task)
        read = min(how["seconds"], self._seconds_to_read(str(task.data.file), task.through))
        return Result(read, how["seconds"] - read, w, b)


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
    ladder = ("1e-6", "1e-8", "1e-10", "1e-12", "1e-14")

    @staticmethod
    @functools.lru_cache
    def _program():
        for program in (shutil.which("Rscript"), "/usr/bin/Rscript"):
            if program and subprocess.run([program, "-e", "library(glmnet)"], capture_output=True).returncode == 0:
                return program
        return None

    def refusal(self, task):
        return None if self._program() else "Rscript with glmnet is not on the path"

    def command(self, task, effort, out):
        about = task.data.about
        return [self._program(), str(BENCH / "racing/fit_glmnet.R"), str(task.data.folder), str(about["rows"]),
                str(about["features"]), str(len(about["classes"])), str(int(about["sparse"])), repr(task.penalty),
                str(int(task.intercept)), effort, out]

    def result(self, task, out, how):
        return _numbers(task, out)


class JavaPeer(Peer):
    """A peer from Maven, by a small program in bench/peers."""

    def __init__(self, name, profile, program, ladder, refuses, java_options=(), setting=""):
        self.name, self.profile, self.program, self.ladder = name, profile, program, ladder
        self.refuses, self.java_options, self.setting = refuses, java_options, setting

    @staticmethod
    @functools.lru_cache
    def _class_path(profile, program):
        """Of the peer's jars and the compiled program; a text that says why there is none, as (None, text)."""
        target = BENCH / "peers/target" / profile
        jars = target / "class-path"
        if not jars.exists():
            target.mkdir(parents=True, exist_ok=True)
            maven = ["mvn", "-q", "-B", "-ntp", "-f", str(BENCH / "peers/pom.xml"), "-P", profile]
            goal = ["dependency:build-classpath", f"-Dmdep.outputFile={jars}"]
            made = subprocess.run([*maven, "-o", *goal], capture_output=True, text=True)
            if made.returncode:
                made = subprocess.run([*maven, *goal], capture_output=True, text=True)
            if made.returncode or not jars.exists():
                return None, "Maven did not get it: " + (made.stdout.strip().split("\n") or [""])[0][:200]
        path = jars.read_text().strip()
        sources = [str(BENCH / "peers/src" / name) for name in (program + ".java", "Race.java")]
        made = subprocess.run(["javac", "-nowarn", "-cp", path, "-d", str(target), *sources], capture_output=True, text=True)
        return (f"{target}{os.pathsep}{path}", None) if made.returncode == 0 else (None, "it does not compile: " + made.stderr[:300])

    def refusal(self, task):
        if not shutil.which("mvn") or not shutil.which("javac"):
            return "Maven and a JDK are needed on the path"
        return self.refuses(task) or self._class_path(self.profile, self.program)[1]

    def command(self, task, effort, out):
        about = task.data.about
        return ["java", *self.java_options, "-cp", self._class_path(self.profile, self.program)[0], self.program,
                str(task.data.folder), str(task.data.file), str(about["rows"]), str(about["features"]),
                str(len(about["classes"])), str(about["sparse"]).lower(), repr(task.penalty), str(task.intercept).lower(),
                str(task.threads), effort, self.setting, out]

    def result(self, task, out, how):
        return _numbers(task, out)


def _nothing(task):
    return None


ALL = (
    Logits(), *(Logits(s) for s in ("newton-cholesky", "newton-cg", "lbfgs")),
    *(ScikitLearn(s) for s in ScikitLearn.LADDERS),
    Liblinear("0"), Liblinear("7"),
    Glmnet(),
    *(JavaPeer(f"liblinear-java {kind}", "liblinear", "LiblinearRace", ("1e-1", "1e-2", "1e-3", "1e-4", "1e-5", "1e-6"),
               refusal_of_liblinear, setting=kind) for kind in ("L2R_LR", "L2R_LR_DUAL")),
)
"""Those that race when none are named: ours by its own choice of solver only."""
USUAL = tuple(c for c in ALL if not (isinstance(c, Logits) and c.solver != "auto"))


def named(words):
    """The contestants whose names begin with one of these words."""
    if not words:
        return USUAL
    chosen = [c for c in ALL if any(c.name == w or (c in USUAL and c.name.lower().startswith(w.lower())) for w in words)]
    unknown = [w for w in words if not any(c.name == w or c.name.lower().startswith(w.lower()) for c in ALL)]
    if unknown:
        raise ValueError(f"{unknown[0]} is none of the contestants: " + ", ".join(c.name for c in ALL))
    return tuple(chosen)
