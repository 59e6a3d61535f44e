"""Runs the benchmarks and writes their tables into docs/benchmarks.md, between the markers of each section.

    mvn -q -pl bench -am -DskipTests package
    /usr/bin/python3 bench/tables.py softmax       beside PyTorch (python3-torch), if it is there, in turns
    /usr/bin/python3 bench/tables.py sampling
    /usr/bin/python3 bench/tables.py scoring       a row alone, and batches beside the speed of memory
    /usr/bin/python3 bench/tables.py start         short commands, from start to end
    /usr/bin/python3 bench/tables.py scaling       fits of 10,000 to 5 million rows, with docs/pictures/scaling.svg
    /usr/bin/python3 bench/tables.py accuracy      docs/accuracy.md, with what bench/peers.py has once written of the others

Five rounds of one fork each; medians, and of softmax and sampling our worst beside. Options: --forks N
--seconds S for a quick look.
"""
import argparse
import csv
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
JAR = ROOT / "bench/target/benchmarks.jar"
PAGES = {name: "docs/benchmarks.md" for name in ("softmax", "sampling", "scoring", "start", "scaling")}
PAGES["accuracy"] = "docs/accuracy.md"
COLS = (10, 100, 1000, 32000, 128256)

TARGETS = {
    "greedy": 13, "temperature": 70, "top-k": 20, "min-p": 30, "top-p": 90, "chain": 25, "chain with penalty": 30,
    "log-probability": 55, "typical-p": None,
}


def jmh(pattern, seconds):
    """One fork; {(benchmark, parameters): (score, bytes allocated a call)}."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        subprocess.run(
            [java(), "-jar", str(JAR), pattern, "-f", "1", "-wi", "5", "-w", str(seconds), "-i", "3", "-r", str(seconds),
             "-prof", "gc", "-rf", "json", "-rff", out.name], check=True, stdout=subprocess.DEVNULL)
        results = json.load(open(out.name))
    table = {}
    for r in results:
        key = (r["benchmark"].rsplit(".", 1)[1], tuple(r.get("params", {}).values()))
        norm = r["secondaryMetrics"].get("gc.alloc.rate.norm", r["secondaryMetrics"].get("·gc.alloc.rate.norm"))
        table[key] = (r["primaryMetric"]["score"], norm["score"])
    return table, results[0]["jdkVersion"]


def entries(cols):
    return max(1, 40000 // cols) * cols


def torch_times(seconds):
    """ns an element, {(function, cols): time}, one thread; empty without PyTorch."""
    try:
        import torch
    except ImportError:
        return {}, None
    torch.set_num_threads(1)
    times = {}
    for cols in COLS:
        z = 3 * torch.randn(entries(cols) // cols, cols)
        for name, function in (("softmax", torch.softmax), ("logSoftmax", torch.log_softmax)):
            samples = []
            end = time.time() + seconds
            while time.time() < end:
                start = time.perf_counter()
                function(z, 1)
                samples.append(time.perf_counter() - start)
            times[name, cols] = statistics.median(samples) * 1e9 / entries(cols)
    return times, torch.__version__


def softmax(forks, seconds):
    ours, bytes_, theirs = {}, {}, {}
    for _ in range(forks):
        table, jdk = jmh("SoftmaxBenchmark", seconds)
        for (name, (cols,)), (score, allocated) in table.items():
            key = name, int(cols)
            ours.setdefault(key, []).append(score / entries(int(cols)))
            bytes_[key] = max(bytes_.get(key, 0), allocated)
        times, version = torch_times(seconds)
        for key, value in times.items():
            theirs.setdefault(key, []).append(value)
    lines = [machine(jdk) + (f", PyTorch {version}, one thread" if version else ""), "",
             "| function | classes | ours, ns an entry | worst | PyTorch | ratio | bytes a call |", "|---|---|---|---|---|---|---|"]
    for name in ("softmax", "logSoftmax", "wideSoftmax", "wideLogSoftmax"):
        for cols in COLS:
            mine = statistics.median(ours[name, cols])
            other = theirs.get((name, cols))
            peer = f"{statistics.median(other):.2f} | {statistics.median(other) / mine:.1f}" if other else " | "
            lines.append(f"| {name} | {cols:,} | {mine:.2f} | {max(ours[name, cols]):.2f} | {peer} | {bytes_[name, cols]:.0f} |")
    table, _ = jmh("SigmoidBenchmark", seconds)
    lines += ["", "| function of one number | ns |", "|---|---|"]
    lines += [f"| {name} | {score:.2f} |" for (name, _), (score, _) in sorted(table.items())]
    return lines


def sampling(forks, seconds):
    scores, bytes_ = {}, {}
    for _ in range(forks):
        table, jdk = jmh("SamplingBenchmark", seconds)
        for key, (score, allocated) in table.items():
            scores.setdefault(key, []).append(score)
            bytes_[key] = max(bytes_.get(key, 0), allocated)
    times = {key: f"{statistics.median(of):.1f} | {max(of):.1f}" for key, of in scores.items()}
    lines = [machine(jdk), "", "| chain | us | worst | at most | bytes a step |", "|---|---|---|---|---|"]
    for chain, target in TARGETS.items():
        key = "step", (chain,)
        lines.append(f"| {chain} | {times[key]} | {target or ''} | {bytes_[key]:.0f} |")
    for key, name in ((("heapTopP", ()), "top-p .9 by softmax and a heap"), (("sortTopP", ()), "top-p .9 by a full sort")):
        lines.append(f"| {name} | {times[key]} | | {bytes_[key]:.0f} |")
    one, two = (statistics.median(scores["batchOf64", (threads,)]) for threads in ("1", "2"))
    lines += ["", f"64 rows, temperature .8: {one:.0f} us one after the other, {two:.0f} us on two threads, "
              f"{two / one:.2f} of it; {bytes_['batchOf64', ('1',)]:.0f} bytes a batch on one thread."]
    return lines


def scoring(forks, seconds):
    worst, bytes_, memory = {}, {}, []
    for _ in range(forks):
        table, jdk = jmh("ScoringBenchmark", seconds)
        memory.append(table["read", ()][0])
        for (name, _), (score, allocated) in table.items():
            worst[name] = max(worst.get(name, 0), score)
            bytes_[name] = max(bytes_.get(name, 0), allocated)
    lines = [machine(jdk), "", "| from 30 features to probabilities | ns a row | at most | bytes a row | GB/s |", "|---|---|---|---|---|"]
    for name, words, most in (("row", "a row alone, two classes", "100"), ("rowOfTenClasses", "a row alone, ten classes", "")):
        lines.append(f"| {words} | {worst[name]:.1f} | {most} | {bytes_[name]:.0f} | |")
    size = 30 * 4
    for name, words in (("batch", "1,000,000 float32 rows, two classes"), ("batchOfTenClasses", "the same, ten classes")):
        lines.append(f"| {words} | {worst[name]:.1f} | | {bytes_[name]:.2f} | {size / worst[name]:.1f} |")
    read = statistics.median(memory)
    lines.append(f"| their bytes only read, median | {read:.1f} | | | {size / read:.1f} |")
    return lines


def timed(command):
    """Seconds from start to end, and of all processors."""
    before, begun = os.times(), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    taken, after = time.perf_counter() - begun, os.times()
    return taken, after.children_user + after.children_system - before.children_user - before.children_system


def as_svmlight(table, file):
    """The rows of a CSV file with the label last: numbers as they are, a column of ones for each word, gaps left out."""
    with open(table) as lines:
        rows = list(csv.reader(lines))[1:]
    number = {}
    classes = sorted({row[-1] for row in rows})
    with open(file, "w") as out:
        for row in rows:
            entries = {}
            for j, cell in enumerate(row[:-1]):
                numeric = cell.replace(".", "", 1).isdigit()
                if cell not in ("", "NA"):
                    column = number.setdefault((j, None if numeric else cell), len(number) + 1)
                    entries[column] = cell if numeric else "1"
            out.write(str(classes.index(row[-1])) + "".join(f" {j}:{entries[j]}" for j in sorted(entries)) + "\n")


def start(forks, seconds):
    logits, penguins = str(ROOT / "logits"), ROOT / "examples/penguins.csv"
    with tempfile.TemporaryDirectory() as folder:
        sparse, model = pathlib.Path(folder, "penguins.svm"), str(pathlib.Path(folder, "model.safetensors"))
        as_svmlight(penguins, sparse)
        commands = {
            "`--version`": ([logits, "--version"], 0.3),
            "`fit` of the penguins, a table of 344 rows": ([logits, "fit", str(penguins), "--missing", "mean", "-o", model], 1.2),
            "`fit` of the same rows as svmlight": ([logits, "fit", str(sparse), "-o", model], None),
            "`java -version`, for comparison": ([java(), "-version"], None),
        }
        subprocess.run([logits, "--version"], check=True, stdout=subprocess.DEVNULL)
        times = {name: [] for name in commands}
        for _ in range(2 * forks):
            for name, (command, _) in commands.items():
                times[name].append(timed(command))
    lines = [machine(jdk_version()), "", "| command | s | s of processors | at most, s |", "|---|---|---|---|"]
    for name, found in times.items():
        taken, cpu = (statistics.median(column) for column in zip(*found))
        lines.append(f"| {name} | {taken:.2f} | {cpu:.2f} | {commands[name][1] or ''} |")
    return lines


def java():
    return os.path.join(os.environ["JAVA_HOME"], "bin/java") if os.environ.get("JAVA_HOME") else "java"


def jdk_version():
    first = subprocess.run([java(), "-version"], check=True, capture_output=True, text=True).stderr
    return first.split('"')[1]


def scaling(forks, seconds):
    from racing import scaling as course
    times = course.measured([java(), "--add-modules", "jdk.incubator.vector", "-cp", str(JAR)], min(forks, 3))
    lines = [machine(jdk_version()), "", *course.table(times)]
    try:
        course.plot(times, ROOT / "docs/pictures/scaling.svg")
        lines += ["", "![Seconds to fit over rows, one thread and two](pictures/scaling.svg)"]
    except ImportError:
        print("tables: no plot, matplotlib is not installed", file=sys.stderr)
    return lines


def tabbed(mode, *options):
    out = subprocess.run(
        [java(), "--add-modules", "jdk.incubator.vector", *options, "-cp", str(JAR), "io.logits.bench.Accuracy", mode],
        check=True, capture_output=True, text=True).stdout
    return [line.split("\t") for line in out.splitlines()]


def accuracy(forks, seconds):
    times = [dict(tabbed("times", option)) for option in (
        "-Dlogits.kernels=scalar", "-Dlogits.kernels.bits=128", "-Dlogits.kernels.bits=256", "-Dlogits.kernels.bits=512")]
    lines = [machine(jdk_version()), "",
             "| function | range | worst ulp | at | ns: scalar | 128 bits | 256 | 512 |", "|---|---|---|---|---|---|---|---|"]
    for function, span, error, where in tabbed("errors"):
        ns = " | ".join(t.get(function, "") for t in times)
        lines.append(f"| {function} | {span} | {error} | {where} | {ns} |")
    lines += ["", "| function | library | version | type | worst ulp | at |", "|---|---|---|---|---|---|"]
    for line in (ROOT / "bench/peers.csv").read_text().splitlines()[1:]:
        lines.append("| " + " | ".join(line.split(",")) + " |")
    return lines


def machine(jdk):
    name = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown")
    return f"{name}, JDK {jdk}, load {os.getloadavg()[0]:.1f} when it ended"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("section", choices=tuple(PAGES))
    parser.add_argument("--forks", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=1)
    options = parser.parse_args()
    sections = {"softmax": softmax, "sampling": sampling, "accuracy": accuracy, "scoring": scoring, "start": start, "scaling": scaling}
    lines = sections[options.section](options.forks, options.seconds)
    begin, end = f"<!-- {options.section} -->\n", f"<!-- end of {options.section} -->\n"
    path = ROOT / PAGES[options.section]
    page = path.read_text()
    before, rest = page.split(begin, 1)
    after = rest.split(end, 1)[1]
    path.write_text(before + begin + "\n".join(lines) + "\n" + end + after)
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
