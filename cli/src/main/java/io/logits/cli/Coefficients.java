package io.logits.cli;

import io.logits.model.Model;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import tools.jackson.databind.node.ArrayNode;

/** The coefficients of a model by name. */
final class Coefficients {
    /** The name under which an intercept is listed. */
    static final String INTERCEPT = "(intercept)";

    private final Model model;
    private final List<String> features;

    Coefficients(Model model) {
        this.model = model;
        features = model.encoding().featureNames();
    }

    /** One coefficient of one logit. */
    record Entry(String className, String feature, double value) {
        /** Adds it to a list of JSON objects. */
        void addTo(ArrayNode entries) {
            entries.addObject()
                    .put("class", className)
                    .put("feature", feature)
                    .put("coefficient", value)
                    .put("odds_ratio", Json.number(Math.exp(value)));
        }
    }

    /** The class whose logit is {@code k}: of two classes the second. */
    private String className(int k) {
        return model.classes().get(model.logits() == 1 ? 1 : k);
    }

    /** How many coefficients are not zero, intercepts aside. */
    long nonzero() {
        long count = 0;
        for (int k = 0; k < model.logits(); k++) {
            for (double value : model.coefficients(k)) {
                count += value != 0 ? 1 : 0;
            }
        }
        return count;
    }

    /** The largest by absolute value, largest first, intercepts aside. */
    List<Entry> largest(int count) {
        PriorityQueue<Entry> kept = new PriorityQueue<>(Comparator.comparingDouble(entry -> Math.abs(entry.value())));
        for (int k = 0; k < model.logits(); k++) {
            for (int j = 0; j < model.features(); j++) {
                double value = model.coefficient(k, j);
                boolean full = kept.size() == count;
                if (value != 0
                        && (!full || Math.abs(value) > Math.abs(kept.element().value()))) {
                    if (full) {
                        kept.remove();
                    }
                    kept.add(new Entry(className(k), features.get(j), value));
                }
            }
        }
        List<Entry> sorted = new ArrayList<>(kept);
        sorted.sort(Comparator.comparingDouble(entry -> -Math.abs(entry.value())));
        return sorted;
    }

    /** Gets entries one by one. */
    @FunctionalInterface
    interface Visitor<E extends Exception> {
        void visit(Entry entry) throws E;
    }

    /** Gives the intercept of each logit, then its coefficients that are not zero. */
    <E extends Exception> void forEach(Visitor<E> visitor) throws E {
        for (int k = 0; k < model.logits(); k++) {
            visitor.visit(new Entry(className(k), INTERCEPT, model.intercept(k)));
            for (int j = 0; j < model.features(); j++) {
                if (model.coefficient(k, j) != 0) {
                    visitor.visit(new Entry(className(k), features.get(j), model.coefficient(k, j)));
                }
            }
        }
    }
}
