"""bench/race DATASET [CONTESTANT...]: races, and says who needed how long for the same accuracy."""
import argparse
import os
import pathlib
import shlex
import sys

from racing import contestants, course, datasets, outcome
from racing.objective import lambdas
from racing.task import ROOT, Task

# C, and whether there is an intercept; others have C = 1 and one. LIBLINEAR can race only where there is none.
PROBLEMS = {
    "fashion": (0.01, True), "debian": (10, True), "debian-two": (10, False), "text": (1, False), "wide": (1, False),
}


def main():
    parser = argparse.ArgumentParser(prog="bench/race", description="Races on one data set: time to the same objective.")
    parser.add_argument("dataset", help="one of " + ", ".join(datasets.NAMES) + ", or a file: svmlight, CSV, IDX")
    parser.add_argument("contestants", nargs="*", help="names, or beginnings of names; all without: "
                        + ", ".join(c.name for c in contestants.ALL))
    parser.add_argument("--labels", help="the labels of an IDX file of images")
    parser.add_argument("--prepare", action="store_true", help="make the data set, say where it is, and race nobody")
    parser.add_argument("--C", type=float, help="inverse strength of the penalty, 1/(n lambda)")
    parser.add_argument("--lambda", type=float, dest="penalty", help="strength of the penalty on the mean loss")
    parser.add_argument("--path", type=int, nargs="?", const=100, default=0, metavar="N",
                        help="a path of N L1 fits (100), from the least lambda that leaves no coefficient")
    parser.add_argument("--min-ratio", type=float, help="the last lambda over the first (1e-4; with more features than rows .01)")
    parser.add_argument("--intercept", action=argparse.BooleanOptionalAction, help="an intercept, not penalised")
    parser.add_argument("--threads", type=int, default=2, help="ours and the peers' (2); 1 binds each to one processor")
    parser.add_argument("--goal", type=float, default=1e-6, help="relative distance from the minimum that counts (1e-6)")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds, of which the medians count (3)")
    parser.add_argument("--limit", type=float, default=120,
                        help="seconds after which a run is ended; what its contestant had reached counts (120)")
    parser.add_argument("--through", default="", metavar="COMMAND", help="a command that each run is started by")
    parser.add_argument("--out", type=pathlib.Path, help="folder of the results (beside the data)")
    parser.add_argument("--document", action="store_true", help="put the table into docs/benchmarks.md too")
    options = parser.parse_intermixed_args()
    if options.path and (options.C or options.penalty):
        parser.error("--path has lambdas of its own: --C and --lambda do not go with it")
    try:
        racers = contestants.named(options.contestants)
        data = datasets.prepare(options.dataset, options.labels)
    except (OSError, ValueError) as e:
        sys.exit(f"race: {e}")
    if options.prepare:
        print(data.folder, data.about)
        return
    task = problem(data, options)
    out = options.out or datasets.cache() / "results"
    out.mkdir(parents=True, exist_ok=True)
    results = course.race(task, racers, options)
    print(outcome.table(results))
    plot = outcome.write(results, out / task.name)
    if options.document:
        outcome.document(results, plot, ROOT / "docs")


def problem(data, options):
    """What is asked of the contestants; the race has the name of the data and of what is not as usual."""
    strength, usual = PROBLEMS.get(data.name, (1, True))
    usual = usual or options.path > 0
    strength = options.C or strength
    if options.penalty:
        strength = 1 / (data.about["rows"] * options.penalty)
    intercept = usual if options.intercept is None else options.intercept
    through = shlex.split(options.through)
    if options.threads == 1:
        through += ["taskset", "-c", "0"]
        os.environ |= {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    grid = ()
    if options.path:
        x, y = data.load()
        least = options.min_ratio or (1e-4 if x.shape[0] > x.shape[1] else 1e-2)
        grid = lambdas(x, y, len(data.classes), intercept, options.path, least)
    name = data.name + "-path" * bool(grid)
    if intercept != usual:
        name += "-intercept" if intercept else "-no-intercept"
    if options.threads == 1:
        name += "-1"
    return Task(name, data, strength, intercept, options.threads, tuple(through), grid)


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    main()
