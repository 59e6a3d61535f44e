"""The race itself: who runs when, and what a run is worth."""
import os
import pathlib
import platform
import statistics
import sys
import tempfile
import time

from racing import timed
from racing.contestants import Logits
from racing.objective import Objective

BEYOND = 100
"""A ladder is climbed until this many times nearer to the minimum than the goal."""


class Course:
    def __init__(self, task, limit):
        self.task, self.limit = task, limit
        x, y = task.data.load()
        penalties = task.lambdas or (task.penalty,)
        self.judges = [Objective(x, y, len(task.data.classes), penalty, bool(task.lambdas)) for penalty in penalties]

    def run(self, contestant, effort, gaps=False):
        """{"read", "fit", "total", "cpu", "peak_bytes", "passes", "objectives" (one a lambda)}; {"failed": why} if there is
        no answer; with `gaps` also "gaps", what the judge proves."""
        with tempfile.TemporaryDirectory() as folder:
            out = str(pathlib.Path(folder, "out"))
            how = timed.run(contestant.command(self.task, effort, out), out, self.task.through, self.limit)
            if how["status"] == "timeout":
                return {"failed": f"not done after {self.limit:g} s"}
            if how["status"] != 0:
                words = pathlib.Path(out + ".log").read_text(errors="replace").strip().split("\n")
                return {"failed": f"it ended with {how['status']}: {words[-1][:200]}"}
            found = contestant.result(self.task, out, how)
        whole = dict.fromkeys(("seconds", "cpu_seconds", "peak_bytes")) if found.alone else how
        run = {
            "read": found.read, "fit": found.fit, "total": whole["seconds"], "cpu": whole["cpu_seconds"],
            "peak_bytes": whole["peak_bytes"], "passes": found.passes,
            "objectives": [judge.value(*model) for judge, model in zip(self.judges, found.models)],
        }
        if gaps:
            run["gaps"] = [judge.gap(*model) for judge, model in zip(self.judges, found.models)]
        return run


def off(run, best):
    """How far a run is from the lowest objectives, relatively; of a path its farthest lambda."""
    return max((found - least) / least for found, least in zip(run["objectives"], best))


class Climb:
    """A contestant on its ladder: in the first round each effort is tried once, in later ones only the one that counts."""

    def __init__(self, contestant):
        self.contestant = contestant
        self.runs = {}
        self.refused = None

    def first(self, course, best, goal):
        for effort in self.contestant.ladder:
            run = course.run(self.contestant, effort)
            self.runs.setdefault(effort, []).append(run)
            say(f"{self.contestant.name}, {effort}: {shown(run)}")
            enough = self.contestant.counts(effort, goal) is not False
            if "failed" in run or enough and off(run, best) <= goal / BEYOND:
                break

    def again(self, course, effort):
        run = course.run(self.contestant, effort)
        self.runs[effort].append(run)
        say(f"{self.contestant.name}, {effort}: {shown(run)}")

    def reached(self, effort, best, goal):
        return off(self.good(effort)[0], best) <= goal

    def good(self, effort):
        return [run for run in self.runs.get(effort, []) if "failed" not in run]

    def counting(self, best, goal):
        """The first effort that is near enough, or the nearest one; None if there is none at all."""
        nearest, least = None, float("inf")
        for effort in self.contestant.ladder:
            runs = self.good(effort)
            if not runs:
                continue
            distance = off(runs[0], best)
            counts = self.contestant.counts(effort, goal)
            if distance <= goal if counts is None else counts:
                return effort
            if distance < least:
                nearest, least = effort, distance
        return nearest


def race(task, racers, options):
    """All that is known of a race, as it is written to JSON."""
    course = Course(task, options.limit)
    climbs = [Climb(racer) for racer in racers]
    for climb in climbs:
        climb.refused = climb.contestant.refusal(task)
        if climb.refused:
            say(f"{climb.contestant.name} is left out: {climb.refused}")
    running = [climb for climb in climbs if not climb.refused]
    best, bound = reference(course)
    say(f"the minimum is {best[-1]:.12g}, known to {bound:.1e} of it" + (" or nearer at each lambda" if task.lambdas else ""))
    for climb in running:
        climb.first(course, best, options.goal)
    seen = [run["objectives"] for climb in running for effort in climb.runs for run in climb.good(effort)]
    best = [min(found) for found in zip(best, *seen)]
    for _ in range(options.rounds - 1):
        for climb in running:
            effort = climb.counting(best, options.goal)
            if effort is not None and climb.reached(effort, best, options.goal):
                climb.again(course, effort)
    about = task.data.about
    return {
        "race": task.name, "dataset": about["name"], "rows": about["rows"], "features": about["features"],
        "classes": len(about["classes"]), "stored_bytes": about["stored_bytes"], "intercept": task.intercept, "threads": task.threads,
        "C": task.strength, "lambda": task.penalty, "lambdas": task.lambdas, "minima": best, "minimum_known_to": bound,
        "goal": options.goal, "rounds": options.rounds, "limit": options.limit,
        "machine": machine(), "when": time.strftime("%Y-%m-%d", time.gmtime()),
        "contestants": [entry(climb, best, options.goal) for climb in climbs],
    }


def reference(course):
    """The lowest objectives that ours finds, and the relative gap to what the judge proves, the largest of all lambdas."""
    for effort in ("1e-11", "1e-9", "1e-8"):
        run = course.run(Logits(), effort, True)
        if "failed" not in run:
            return run["objectives"], max(gap / value for gap, value in zip(run["gaps"], run["objectives"]))
    raise SystemExit(f"race: no reference: {run['failed']}")


def entry(climb, best, goal):
    if climb.refused:
        return {"name": climb.contestant.name, "left_out": climb.refused}
    effort = climb.counting(best, goal)
    points = []
    for tried in climb.contestant.ladder:
        runs = climb.good(tried)
        if runs:
            middle = {key: middle_of(runs, key) for key in ("read", "fit", "total", "cpu", "peak_bytes")}
            distance = statistics.median(off(run, best) for run in runs)
            points.append({"effort": tried, **middle, "passes": runs[0]["passes"], "suboptimality": distance, "runs": runs})
    failures = [run["failed"] for runs in climb.runs.values() for run in runs if "failed" in run]
    return {"name": climb.contestant.name, "counts": effort, "points": points, "failures": failures}


def middle_of(runs, key):
    """The median, or None where it is not known."""
    return None if runs[0][key] is None else statistics.median(run[key] for run in runs)


def machine():
    words = [line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return {"processor": words[0] if words else platform.processor(), "processors": os.cpu_count(), "python": platform.python_version()}


def shown(run):
    if "failed" in run:
        return run["failed"]
    total = "" if run["total"] is None else f" total {run['total']:.2f} s,"
    return f"fit {run['fit']:.2f} s,{total} objective {run['objectives'][-1]:.10g}"


def say(text):
    print(text, file=sys.stderr, flush=True)
