"""How fits grow: their time over rows, and with one thread and two."""
import json
import statistics
import subprocess

FEATURES = 50
ROWS = (10_000, 50_000, 200_000, 1_000_000, 5_000_000)
# What ScalingTimes is asked for, beside the rows of two classes: many multiply-adds a number read, and few.
OTHERS = {
    "60,000 x 784, ten classes": ("dense", 60_000, 784, 10),
    "1,000,000 x 60,000, 8 words a row": ("words", 1_000_000, 60_000, 8),
}
MOST_RUNS, ROWS_OF_RUNS = 9, 5_000_000


def measured(command, rounds):
    """{shape: medians of what ScalingTimes prints}, a process of its own for each shape and round; command is that of the JVM."""
    shapes = {f"{rows:,} x {FEATURES}": ("dense", rows, FEATURES, 2) for rows in ROWS} | OTHERS
    times = {}
    for name, shape in shapes.items():
        runs = max(3, min(MOST_RUNS, ROWS_OF_RUNS // shape[1]))
        asked = [*command, "io.logits.bench.ScalingTimes", *map(str, shape), str(runs)]
        told = [json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout) for _ in range(rounds)]
        times[name] = {key: statistics.median(t[key] for t in told) for key in told[0]}
    return times


def table(times):
    lines = ["| rows x features | passes | first fit, two threads, s | one thread, s | ns a row and pass | two threads, s | one over two |",
             "|---|---|---|---|---|---|---|"]
    for name, t in times.items():
        rows = int(name.split(" x ")[0].replace(",", ""))
        lines.append(f"| {name} | {t['passes']:.0f} | {t['first']:.2f} | {t['one']:.3f} | {t['one'] * 1e9 / rows / t['passes']:.0f} "
                     f"| {t['two']:.3f} | {t['one'] / t['two']:.2f} |")
    return lines


def plot(times, file):
    import matplotlib
    matplotlib.use("svg")
    from matplotlib import pyplot
    matplotlib.rcParams |= {"svg.hashsalt": "scaling", "svg.fonttype": "none"}
    of_rows = [times[f"{rows:,} x {FEATURES}"] for rows in ROWS]
    figure, axes = pyplot.subplots(figsize=(7, 4.5))
    for key, label in (("first", "first fit of a process, two threads"), ("one", "one thread"), ("two", "two threads")):
        axes.loglog(ROWS, [t[key] for t in of_rows], marker="o", markersize=4, label=label)
    last = of_rows[-1]["one"]
    axes.loglog([ROWS[0], ROWS[-1]], [last * ROWS[0] / ROWS[-1], last], color="gray", linewidth=0.8, linestyle=":",
                label="in proportion to the rows")
    axes.set_xlabel(f"rows of {FEATURES} features")
    axes.set_ylabel("seconds to fit")
    axes.legend(fontsize="small")
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
