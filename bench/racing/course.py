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
        self.objective = Objective(x, y, len(task.data.classes), task.penalty)

    def run(self, contestant, effort):
        """{"read", "fit", "total", "cpu", "peak_bytes", "objective", "gap"}; {"failed": why} if there is no answer."""
        with tempfile.TemporaryDirectory() as folder:
            out = str(pathlib.Path(folder, "out"))
            how = timed.run(contestant.command(self.task, effort, out), out, self.task.through, self.limit)
            if how["status"] == "timeout":
                return {"failed": f"not done after {self.limit:g} s"}
            if how["status"] != 0:
                words = pathlib.Path(out + ".log").read_text(errors="replace").strip().split("\n")
                return {"failed": f"it ended with {how['status']}: {words[-1][:200]}"}
            found = contestant.result(self.task, out, how)
        return {
            "read": found.read, "fit": found.fit, "total": how["seconds"], "cpu": how["cpu_seconds"], "peak_bytes": how["peak_bytes"],
            "objective": self.objective.value(found.w, found.b), "gap": self.objective.gap(found.w, found.b),
        }


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
            if "failed" in run or (run["objective"] - best) <= goal / BEYOND * best:
                break

    def again(self, course, effort):
        run = course.run(self.contestant, effort)
        self.runs[effort].append(run)
        say(f"{self.contestant.name}, {effort}: {shown(run)}")

    def reached(self, effort, best, goal):
        return self.good(effort)[0]["objective"] - best <= goal * best

    def good(self, effort):
        return [run for run in self.runs.get(effort, []) if "failed" not in run]

    def counting(self, best, goal):
        """The first effort that is near enough, or the nearest one; None if there is none at all."""
        nearest, least = None, float("inf")
        for effort in self.contestant.ladder:
            runs = self.good(effort)
            if not runs:
                continue
            off = (runs[0]["objective"] - best) / best
            counts = self.contestant.counts(effort, goal)
            if off <= goal if counts is None else counts:
                return effort
            if off < least:
                nearest, least = effort, off
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
    say(f"the minimum is {best:.12g}, to {bound:.1e} of it")
    for climb in running:
        climb.first(course, best, options.goal)
    seen = [run["objective"] for climb in running for effort in climb.runs for run in climb.good(effort)]
    best = min([best, *seen])
    for _ in range(options.rounds - 1):
        for climb in running:
            effort = climb.counting(best, options.goal)
            if effort is not None and climb.reached(effort, best, options.goal):
                climb.again(course, effort)
    about = task.data.about
    return {
        "dataset": about["name"], "rows": about["rows"], "features": about["features"], "classes": len(about["classes"]),
        "C": task.strength, "lambda": task.penalty, "intercept": task.intercept, "threads": task.threads,
        "stored_bytes": about["stored_bytes"], "goal": options.goal, "rounds": options.rounds, "minimum": best,
        "minimum_known_to": bound, "machine": machine(), "when": time.strftime("%Y-%m-%d", time.gmtime()),
        "contestants": [entry(climb, best, options.goal) for climb in climbs],
    }


def reference(course):
    """The lowest objective that ours finds, and the relative gap to what the judge proves."""
    for effort in ("1e-11", "1e-9"):
        run = course.run(Logits(), effort)
        if "failed" not in run:
            return run["objective"], run["gap"] / run["objective"]
    raise SystemExit(f"race: no reference: {run['failed']}")


def entry(climb, best, goal):
    if climb.refused:
        return {"name": climb.contestant.name, "left_out": climb.refused}
    effort = climb.counting(best, goal)
    points = []
    for tried in climb.contestant.ladder:
        runs = climb.good(tried)
        if runs:
            middle = {key: statistics.median(run[key] for run in runs) for key in ("fit", "total", "cpu", "peak_bytes", "objective")}
            middle["read"] = None if runs[0]["read"] is None else statistics.median(run["read"] for run in runs)
            points.append({"effort": tried, **middle, "suboptimality": (middle["objective"] - best) / best, "runs": runs})
    failures = [run["failed"] for runs in climb.runs.values() for run in runs if "failed" in run]
    return {"name": climb.contestant.name, "counts": effort, "points": points, "failures": failures}


def machine():
    words = [line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return {"processor": words[0] if words else platform.processor(), "processors": os.cpu_count(), "python": platform.python_version()}


def shown(run):
    if "failed" in run:
        return run["failed"]
    return f"fit {run['fit']:.2f} s, total {run['total']:.2f} s, objective {run['objective']:.10g}"


def say(text):
    print(text, file=sys.stderr, flush=True)
