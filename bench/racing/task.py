"""What contestants are asked, and what they answer."""
import dataclasses
import json
import pathlib

import numpy as np

from racing import rows

BENCH = pathlib.Path(__file__).resolve().parent.parent
ROOT = BENCH.parent
TOLERANCES = ("1e-2", "1e-3", "1e-4", "1e-5", "1e-6", "1e-7", "1e-8")


@dataclasses.dataclass
class Task:
    """One problem: `penalty` is lambda, `strength` is C = 1/(n lambda). With `lambdas` a path of L1 fits instead.

    `name` is that of the race.
    """
    name: str
    data: rows.Prepared
    strength: float
    intercept: bool
    threads: int
    through: tuple = ()
    lambdas: tuple = ()

    @property
    def penalty(self):
        return 1 / (self.data.about["rows"] * self.strength)

    @property
    def logits(self):
        return 1 if len(self.data.classes) == 2 else len(self.data.classes)


@dataclasses.dataclass
class Result:
    """What a run has found.

    `read` and `fit` are seconds, the former None where the rows come from the binary form; `models` has (w, b) for each
    lambda, coefficients (1 or K) x p and intercepts; `passes` through the rows are None where they are not known; `alone`
    says that only `fit` counts, as the process did other things too.
    """
    read: float
    fit: float
    models: list
    passes: int = None
    alone: bool = False


def numbers(task, out):
    """Result of a program of ours around a peer, as fit_sklearn.py and its like leave it: a model after the other."""
    seconds = json.loads(pathlib.Path(out + ".seconds").read_text())
    k, p = task.logits, task.data.about["features"]
    found = np.fromfile(out + ".f64", "<f8").reshape(max(1, len(task.lambdas)), k * (p + 1))
    return Result(seconds["read"], seconds["fit"], [(of[: k * p].reshape(k, p), of[k * p :]) for of in found])


def certified(effort, goal):
    """Whether a tolerance of ours, which is kept, is the goal."""
    return float(effort) <= goal * 1.0001


def lambdas_of(task):
    return ",".join(map(repr, task.lambdas or (task.penalty,)))


class Peer:
    """A peer reaches what it reaches: the first effort whose objective is near enough counts."""
    fits_paths = False

    def counts(self, effort, goal):
        return None

    def refusal(self, task):
        """Why it cannot run this race, or None."""
        return "it fits no path of L1 penalties" if task.lambdas and not self.fits_paths else self.refuses(task)
