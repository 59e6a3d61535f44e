"""What a race has shown: a table, JSON, and a plot."""
import json
import shutil
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
        late = f"not reached in {results['limit']:g} s" if any("not done" in why for why in contestant["failures"]) else "not reached"
        off = f"{max(0, point['suboptimality']):.1e}" + ("" if point["suboptimality"] <= goal else f" ({late})")
        effort = point["effort"] + (f", {point['passes']} passes" if point["passes"] else "")
        shown = lambda key, scale=1, digits=2: "–" if point[key] is None else f"{point[key] / scale:.{digits}f}"
        ratio = lambda key: "–" if point[key] is None else f"{point[key] / ours[key]:.1f}"
        yield [
            contestant["name"], effort, shown("read"), shown("fit"), shown("total"), shown("cpu"), off, shown("peak_bytes", 1e6, 0),
            " / ".join(ratio(key) for key in ("fit", "total", "cpu")) if ours and point is not ours else "",
        ]


def counting(contestant):
    return next((p for p in contestant.get("points", []) if p["effort"] == contestant["counts"]), None)


def heading(results):
    goal, minima, lambdas = results["goal"], results["minima"], results["lambdas"]
    known = f"known to {results['minimum_known_to']:.0e}"
    if lambdas:
        asked = f"L1 at {len(lambdas)} lambdas, {lambdas[0]:g} to {lambdas[-1]:g}"
        found = f"to {goal:g} of each minimum ({known} or nearer)"
    else:
        asked, found = f"C = {results['C']:g}", f"to {goal:g} of the minimum {minima[0]:.10g} ({known})"
    return (f"{results['race']}: {results['rows']:,} x {results['features']:,} x {results['classes']}, {asked}, "
            f"{'an' if results['intercept'] else 'no'} intercept, {results['threads']} thread{'s' * (results['threads'] > 1)}; "
            f"{found}; medians of {results['rounds']}; {results['machine']['processor']}, "
            f"{results['machine']['processors']} processors")


def table(results):
    head = ["who", "effort", "read s", "fit s", "in all s", "CPU s", "off", "MB", "x ours (fit / in all / CPU)"]
    lines = [head, *rows(results)]
    wide = [max(len(line[c]) for line in lines) for c in range(len(head))]
    align = lambda line: "| " + " | ".join(word.ljust(w) for word, w in zip(line, wide)) + " |"
    rule = "|" + "|".join("-" * (w + 2) for w in wide) + "|"
    return "\n".join([heading(results), "", align(head), rule, *(align(line) for line in lines[1:])])


def write(results, file):
    """FILE.json, and FILE.svg if there is matplotlib; the path of the latter, or None."""
    file.with_name(file.name + ".json").write_text(json.dumps(results, indent=1))
    picture = file.with_name(file.name + ".svg")
    try:
        plot(results, picture)
    except ImportError:
        print("race: no plot, matplotlib is not installed", file=sys.stderr)
        return None
    return picture


def document(results, picture, docs):
    """Puts the table into benchmarks.md, and the plot beside it.

    The table goes between the markers of its race, before the end of the page if there are none yet.
    """
    page, name = docs / "benchmarks.md", results["race"]
    first, last = f"<!-- race {name} -->\n", f"<!-- end of race {name} -->\n"
    text = page.read_text()
    if first not in text:
        text += "\n" + first + last
    shown = table(results) + "\n"
    if picture:
        shutil.copyfile(picture, docs / "pictures" / f"race-{name}.svg")
        shown += f"\n![Distance from the minimum over time: {name}](pictures/race-{name}.svg)\n"
    before, rest = text.split(first, 1)
    page.write_text(before + first + shown + last + rest.split(last, 1)[1])


def plot(results, file):
    """Suboptimality over the time of the whole command, one line a contestant, one point an effort."""
    import matplotlib
    matplotlib.use("svg")
    from matplotlib import pyplot, ticker
    matplotlib.rcParams |= {"svg.hashsalt": results["race"], "svg.fonttype": "none"}
    figure, axes = pyplot.subplots(figsize=(8, 5))
    for contestant in results["contestants"]:
        points = [(p["total"], max(p["suboptimality"], 1e-12)) for p in contestant.get("points", []) if p["total"]]
        if points:
            style = {"linewidth": 2.5, "color": "black"} if contestant["name"] == "logits" else {"linewidth": 1.2}
            axes.loglog(*zip(*points), marker="o", markersize=4, label=contestant["name"], **style)
    axes.axhline(results["goal"], color="gray", linewidth=0.8, linestyle=":")
    labelled = [a * 10.0**e for e in range(-2, 5) for a in (1, 1.2, 1.5, 2, 3, 4, 6)]
    axes.xaxis.set_major_locator(ticker.FixedLocator(labelled))
    axes.xaxis.set_minor_locator(ticker.NullLocator())
    axes.xaxis.set_major_formatter(ticker.StrMethodFormatter("{x:g}"))
    axes.set_xlabel("seconds from start to model, reading included")
    axes.set_ylabel("relative distance from the minimum")
    axes.set_title(f"{results['race']}: {results['rows']:,} x {results['features']:,} x {results['classes']}")
    axes.legend(fontsize="small")
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
