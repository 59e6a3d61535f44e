"""How fits grow: their time over rows, and with one thread and two."""
import json
import pathlib
import statistics
import struct
import subprocess
import tempfile

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
FEATURES = 50
ROWS = (10_000, 50_000, 200_000, 1_000_000, 5_000_000)
THREADS = (1, 2)


def write(folder, rows, seed=6):
    """(file, labels): IDX files of bytes, normal columns round 128 with the neighbours' correlation .9; two classes.

    The first rows are the same for any number of rows.
    """
    files = pathlib.Path(folder, f"{rows}-images-idx3-ubyte"), pathlib.Path(folder, f"{rows}-labels-idx1-ubyte")
    truth = np.random.default_rng(seed).standard_normal(FEATURES) / 2
    with open(files[0], "wb") as images, open(files[1], "wb") as labels:
        images.write(bytes([0, 0, 8, 3]) + struct.pack(">3I", rows, 5, FEATURES // 5))
        labels.write(bytes([0, 0, 8, 1]) + struct.pack(">I", rows))
        for part, start in enumerate(range(0, rows, ROWS[0])):
            rng = np.random.default_rng((seed, part))
            x = rng.standard_normal((min(ROWS[0], rows - start), FEATURES))
            for j in range(1, FEATURES):
                x[:, j] = 0.9 * x[:, j - 1] + np.sqrt(0.19) * x[:, j]
            images.write(np.clip(np.round(128 + 32 * x), 0, 255).astype(np.uint8).tobytes())
            labels.write((rng.random(len(x)) < 1 / (1 + np.exp(-x @ truth))).astype(np.uint8).tobytes())
    return files


def fit(files, threads, folder):
    """What the command reports of a fit, to 1e-6 and C = 1."""
    command = [str(ROOT / "logits"), "fit", str(files[0]), "--labels", str(files[1]), "--threads", str(threads), "--json", "--quiet",
               "-o", str(pathlib.Path(folder, "model.safetensors"))]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def measure(rounds):
    """[(rows, {threads: (seconds to fit, passes)})], medians of the rounds, the numbers of threads in turns."""
    measured = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in ROWS:
            files = write(folder, rows)
            reports = {threads: [] for threads in THREADS}
            for _ in range(rounds):
                for threads in THREADS:
                    reports[threads].append(fit(files, threads, folder))
            for file in files:
                file.unlink()
            measured.append((rows, {threads: (statistics.median(r["seconds"]["fit"] for r in of), of[0]["solution"]["passes"])
                                    for threads, of in reports.items()}))
    return measured


def table(measured):
    lines = ["| rows | passes | 1 thread, s | ns a row and pass | 2 threads, s | 1 over 2 threads |", "|---|---|---|---|---|---|"]
    for rows, times in measured:
        (one, passes), (two, _) = times[1], times[2]
        lines.append(f"| {rows:,} | {passes} | {one:.3f} | {one * 1e9 / rows / passes:.0f} | {two:.3f} | {one / two:.2f} |")
    return lines


def plot(measured, file):
    import matplotlib
    matplotlib.use("svg")
    from matplotlib import pyplot
    matplotlib.rcParams |= {"svg.hashsalt": "scaling", "svg.fonttype": "none"}
    figure, axes = pyplot.subplots(figsize=(7, 4.5))
    for threads in THREADS:
        axes.loglog([rows for rows, _ in measured], [times[threads][0] for _, times in measured], marker="o", markersize=4,
                    label=f"{threads} thread{'s' * (threads > 1)}")
    rows, times = measured[-1]
    axes.loglog([measured[0][0], rows], [times[1][0] * measured[0][0] / rows, times[1][0]], color="gray", linewidth=0.8,
                linestyle=":", label="in proportion to the rows")
    axes.set_xlabel(f"rows of {FEATURES} features")
    axes.set_ylabel("seconds to fit")
    axes.legend(fontsize="small")
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
