"""Runs the benchmarks and writes their tables into docs/benchmarks.md, between the markers of each section.

    mvn -q -pl bench -am -DskipTests package
    /usr/bin/python3 bench/tables.py softmax       beside PyTorch (python3-torch), if it is there, in turns
    /usr/bin/python3 bench/tables.py sampling
    /usr/bin/python3 bench/tables.py accuracy      docs/accuracy.md, with what bench/peers.py has once written of the others

Five rounds of one fork each; ours is the worst of them, PyTorch the median. Options: --forks N --seconds S for a quick look.
"""
import argparse
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
PAGES = {"softmax": "docs/benchmarks.md", "sampling": "docs/benchmarks.md", "accuracy": "docs/accuracy.md"}
COLS = (10, 100, 1000, 32000, 128256)

TARGETS = {
    "greedy": 13, "temperature": 70, "top-k": 20, "min-p": 30, "top-p": 90, "chain": 25, "chain with penalty": 30,
    "log-probability": 55, "typical-p": None,
}


def jmh(pattern, seconds):
    """One fork; {(benchmark, parameters): (score, bytes allocated a call)}."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        java = os.path.join(os.environ["JAVA_HOME"], "bin/java") if os.environ.get("JAVA_HOME") else "java"
        subprocess.run(
            [java, "-jar", str(JAR), pattern, "-f", "1", "-wi", "5", "-w", str(seconds), "-i", "3", "-r", str(seconds),
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
            ours[key] = max(ours.get(key, 0), score / entries(int(cols)))
            bytes_[key] = max(bytes_.get(key, 0), allocated)
        times, version = torch_times(seconds)
        for key, value in times.items():
            theirs.setdefault(key, []).append(value)
    lines = [machine(jdk) + (f", PyTorch {version}, one thread" if version else ""), "",
             "| function | classes | ours, ns an entry | PyTorch | ratio | bytes a call |", "|---|---|---|---|---|---|"]
    for name in ("softmax", "logSoftmax", "wideSoftmax", "wideLogSoftmax"):
        for cols in COLS:
            mine = ours[name, cols]
            other = theirs.get((name, cols))
            peer = f"{statistics.median(other):.2f} | {statistics.median(other) / mine:.1f}" if other else " | "
            lines.append(f"| {name} | {cols:,} | {mine:.2f} | {peer} | {bytes_[name, cols]:.0f} |")
    table, _ = jmh("SigmoidBenchmark", seconds)
    lines += ["", "| function of one number | ns |", "|---|---|"]
    lines += [f"| {name} | {score:.2f} |" for (name, _), (score, _) in sorted(table.items())]
    return lines


def sampling(forks, seconds):
    worst, bytes_ = {}, {}
    for _ in range(forks):
        table, jdk = jmh("SamplingBenchmark", seconds)
        for key, (score, allocated) in table.items():
            worst[key] = max(worst.get(key, 0), score)
            bytes_[key] = max(bytes_.get(key, 0), allocated)
    lines = [machine(jdk), "", "| chain | us | at most | bytes a step |", "|---|---|---|---|"]
    for chain, target in TARGETS.items():
        key = "step", (chain,)
        lines.append(f"| {chain} | {worst[key]:.1f} | {target or ''} | {bytes_[key]:.0f} |")
    for key, name in ((("heapTopP", ()), "top-p .9 by softmax and a heap"), (("sortTopP", ()), "top-p .9 by a full sort")):
        lines.append(f"| {name} | {worst[key]:.1f} | | {bytes_[key]:.0f} |")
    one, two = worst["batchOf64", ("1",)], worst["batchOf64", ("2",)]
    lines += ["", f"64 rows, temperature .8: {one:.0f} us one after the other, {two:.0f} us on two threads, "
              f"{two / one:.2f} of it; {bytes_['batchOf64', ('1',)]:.0f} bytes a batch on one thread."]
    return lines


def tabbed(mode, *options):
    java = os.path.join(os.environ["JAVA_HOME"], "bin/java") if os.environ.get("JAVA_HOME") else "java"
    out = subprocess.run(
        [java, "--add-modules", "jdk.incubator.vector", *options, "-cp", str(JAR), "io.logits.bench.Accuracy", mode],
        check=True, capture_output=True, text=True).stdout
    return [line.split("\t") for line in out.splitlines()]


def accuracy(forks, seconds):
    times = [dict(tabbed("times", option)) for option in (
        "-Dlogits.kernels=scalar", "-Dlogits.kernels.bits=128", "-Dlogits.kernels.bits=256", "-Dlogits.kernels.bits=512")]
    lines = [machine("of JAVA_HOME"), "",
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
    lines = {"softmax": softmax, "sampling": sampling, "accuracy": accuracy}[options.section](options.forks, options.seconds)
    begin, end = f"<!-- {options.section} -->\n", f"<!-- end of {options.section} -->\n"
    path = ROOT / PAGES[options.section]
    page = path.read_text()
    before, rest = page.split(begin, 1)
    after = rest.split(end, 1)[1]
    path.write_text(before + begin + "\n".join(lines) + "\n" + end + after)
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
