"""What a race has shown: a table, JSON, and a plot."""
import json
import sys


def rows(results):
    """Per contestant: name, effort, seconds (read, fit, total, CPU), suboptimality, megabytes, and how many times ours."""
    goal = results["goal"]
    ours = next((counting(c) for c in results["contestants"] if c["name"] == "logits"), None)
    for contestant in results["contestants"]:
        point = counting(contestant)
        if point is None:
            why = contestant.get("left_out") or "; ".join(contestant["failures"][:1])
            yield [contestant["name"], "–", "–", "–", "–", "–", why, "–", ""]
            continue
        reached = point["suboptimality"] <= goal
        ratio = lambda key: f"{point[key] / ours[key]:.1f}" if ours and point is not ours else ""
        yield [
            contestant["name"], point["effort"], "–" if point["read"] is None else f"{point['read']:.2f}", f"{point['fit']:.2f}",
            f"{point['total']:.2f}", f"{point['cpu']:.2f}", f"{max(0, point['suboptimality']):.1e}" + ("" if reached else " (not reached)"),
            f"{point['peak_bytes'] / 1e6:.0f}", " / ".join(ratio(key) for key in ("fit", "total", "cpu")) if ours and point is not ours else "",
        ]


def counting(contestant):
    return next((p for p in contestant.get("points", []) if p["effort"] == contestant["counts"]), None)


def heading(results):
    name, goal = results["dataset"], results["goal"]
    return (f"{name}: {results['rows']:,} x {results['features']:,} x {results['classes']}, C = {results['C']:g}, "
            f"{'an' if results['intercept'] else 'no'} intercept, {results['threads']} thread{'s' * (results['threads'] > 1)}; "
            f"to {goal:g} of the minimum {results['minimum']:.10g} (known to {results['minimum_known_to']:.0e}); "
            f"medians of {results['rounds']}; {results['machine']['processor']}, {results['machine']['processors']} processors")


def table(results):
    head = ["who", "effort", "read s", "fit s", "in all s", "CPU s", "off", "MB", "x ours (fit / in all / CPU)"]
    lines = [head, *rows(results)]
    wide = [max(len(line[c]) for line in lines) for c in range(len(head))]
    align = lambda line: "| " + " | ".join(word.ljust(w) for word, w in zip(line, wide)) + " |"
    rule = "|" + "|".join("-" * (w + 2) for w in wide) + "|"
    return "\n".join([heading(results), "", align(head), rule, *(align(line) for line in lines[1:])])


def write(results, file):
    """FILE.json, and FILE.svg if there is matplotlib."""
    file.with_name(file.name + ".json").write_text(json.dumps(results, indent=1))
    try:
        plot(results, file.with_name(file.name + ".svg"))
    except ImportError:
        print("race: no plot, matplotlib is not installed", file=sys.stderr)


def document(results, page):
    """Puts the table between the markers of its data set, before the end of the page if there are none yet."""
    name = results["dataset"]
    first, last = f"<!-- race {name} -->\n", f"<!-- end of race {name} -->\n"
    text = page.read_text()
    if first not in text:
        text += "\n" + first + last
    before, rest = text.split(first, 1)
    page.write_text(before + first + table(results) + "\n" + last + rest.split(last, 1)[1])


def plot(results, file):
    """Suboptimality over the time of the whole command, one line a contestant, one point an effort."""
    import matplotlib
    matplotlib.use("svg")
    from matplotlib import pyplot
    matplotlib.rcParams["svg.hashsalt"] = results["dataset"]
    figure, axes = pyplot.subplots(figsize=(8, 5))
    for contestant in results["contestants"]:
        points = [(p["total"], max(p["suboptimality"], 1e-12)) for p in contestant.get("points", [])]
        if points:
            style = {"linewidth": 2.5, "color": "black"} if contestant["name"] == "logits" else {"linewidth": 1.2}
            axes.loglog(*zip(*points), marker="o", markersize=4, label=contestant["name"], **style)
    axes.axhline(results["goal"], color="gray", linewidth=0.8, linestyle=":")
    axes.set_xlabel("seconds from start to model, reading included")
    axes.set_ylabel("relative distance from the minimum")
    axes.set_title(f"{results['dataset']}: {results['rows']:,} x {results['features']:,} x {results['classes']}")
    axes.legend(fontsize="small")
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
