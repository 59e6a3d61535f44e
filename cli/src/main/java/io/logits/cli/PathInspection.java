package io.logits.cli;

import io.logits.model.PathModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code inspect} says of a path of models. */
record PathInspection(PathModel path) {
    /**
     * The path as a JSON object in one line.
     *
     * @param coefficients whether all coefficients that are not zero are in it
     */
    String json(boolean coefficients) {
        ObjectNode report = Json.object();
        report.put("family", Family.of(path.classes().size()));
        Json.put(report, "classes", path.classes());
        report.put("features", path.features());
        path.provenance().data().forEach(report.putObject("data")::put);
        path.provenance().options().forEach(report.putObject("options")::put);
        for (int l = 0; l < path.points().size(); l++) {
            PathModel.Point point = path.points().get(l);
            ObjectNode node = report.withArray("lambdas").addObject();
            node.put("lambda", point.lambda()).put("nonzero_coefficients", point.value().length);
            point.solution().forEach(node::put);
            if (coefficients) {
                ArrayNode entries = node.putArray("coefficients");
                new Coefficients(path.at(l)).forEach(entry -> entry.addTo(entries));
            }
        }
        return Json.line(report);
    }

    String text() {
        List<String> lines = new ArrayList<>();
        lines.add("path of " + path.points().size() + " models, --lambda X chooses one");
        lines.add("classes   " + String.join(", ", path.classes()));
        lines.add(String.format(Locale.ROOT, "features  %,d", path.features()));
        lines.add(String.format(Locale.ROOT, "%24s %9s  %s", "lambda", "nonzero", "reason"));
        for (PathModel.Point point : path.points()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%24s %9d  %s",
                    Json.digits(point.lambda()),
                    point.value().length,
                    point.solution().getOrDefault("reason", "not known")));
        }
        return String.join("\n", lines) + "\n";
    }

    /** All coefficients that are not zero, with their lambdas. */
    void coefficients(Console console) throws IOException {
        console.println("lambda,class,feature,coefficient");
        for (int l = 0; l < path.points().size(); l++) {
            String lambda = Json.digits(path.points().get(l).lambda());
            new Coefficients(path.at(l))
                    .<IOException>forEach(entry -> console.println(lambda + "," + Csv.cell(entry.className()) + ","
                            + Csv.cell(entry.feature()) + "," + Json.digits(entry.value())));
        }
    }
}
