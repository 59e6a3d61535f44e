package io.logits.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.Labels;
import io.logits.features.PlainEncoding;
import io.logits.model.LogisticModel;
import io.logits.model.Model;
import io.logits.model.Provenance;
import io.logits.model.SoftmaxModel;
import io.logits.testkit.Tolerance;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The measures are those of scikit-learn; core/src/test/golden/metrics.py made the expected values. */
class MetricsGoldenTest {
    private static final Tolerance ROUNDING = Tolerance.absolute(
            1e-12, "sums of 200 terms of size 1 in another order, and exponentials a few ulps apart");

    private record Case(String name, Model model, Dataset data, JsonNode expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        JsonNode golden = new ObjectMapper()
                .readTree(Objects.requireNonNull(MetricsGoldenTest.class.getResourceAsStream("metrics.json")));
        return golden.get("cases").valueStream().map(MetricsGoldenTest::read);
    }

    /** A model whose features are the logits. */
    private static Case read(JsonNode node) {
        int k = node.get("classes").asInt();
        double[][] logits =
                node.get("logits").valueStream().map(MetricsGoldenTest::doubles).toArray(double[][]::new);
        List<String> classes = IntStream.range(0, k).mapToObj(c -> "c" + c).toList();
        Labels labels = Labels.of(
                classes,
                node.get("labels").valueStream().mapToInt(JsonNode::asInt).toArray());
        PlainEncoding encoding = PlainEncoding.numbered(k);
        double[] identity = new double[k * k];
        for (int c = 0; c < k; c++) {
            identity[c * k + c] = 1;
        }
        Model model = k == 2
                ? new LogisticModel(classes, encoding, new double[] {-1, 1}, 0, Provenance.unknown())
                : new SoftmaxModel(classes, encoding, identity, new double[k], Provenance.unknown());
        Dataset data = Dataset.of(DenseMatrix.ofRows(logits), labels).withWeights(doubles(node.get("weights")));
        return new Case(node.get("name").asString(), model, data, node.get("expected"));
    }

    private static double[] doubles(JsonNode array) {
        return array.valueStream().mapToDouble(JsonNode::asDouble).toArray();
    }

    private static void check(double ours, JsonNode theirs, String what) {
        ROUNDING.check(Math.abs(ours - theirs.asDouble()), what);
    }

    private static void check(IntToDoubleFunction ours, JsonNode theirs, String what) {
        for (int k = 0; k < theirs.size(); k++) {
            check(ours.applyAsDouble(k), theirs.get(k), what + " of class " + k);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void measuresAreThoseOfScikitLearn(Case golden) {
        Evaluation e = Evaluation.of(golden.model(), golden.data(), 2);
        JsonNode expected = golden.expected();
        check(e.logLoss(), expected.get("log_loss"), "log loss");
        check(e.accuracy(), expected.get("accuracy"), "accuracy");
        check(e.balancedAccuracy(), expected.get("balanced_accuracy"), "balanced accuracy");
        check(e::precision, expected.get("precision"), "precision");
        check(e::recall, expected.get("recall"), "recall");
        for (int t = 0; t < e.classes().size(); t++) {
            double[] row = e.confusion()[t];
            check(k -> row[k], expected.get("confusion").get(t), "confusion");
        }
        if (expected.has("brier")) {
            check(e.brier(), expected.get("brier"), "Brier score");
            check(e.auc(), expected.get("auc").get(0), "AUC");
        }
        for (int k = 2; k < e.classes().size() && expected.has("top_accuracy"); k++) {
            check(e.topAccuracy(k), expected.get("top_accuracy").get("" + k), "accuracy of the top " + k);
        }
        assertThat(e.topAccuracy(1)).isEqualTo(e.accuracy());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rankingsAgainstTheRestAreThoseOfScikitLearn(Case golden) {
        List<ThresholdCurve> curves = new ArrayList<>();
        new ClassRankings(golden.model(), golden.data()).forEach(2, (curve, k) -> curves.add(curve));
        assertThat(curves).hasSize(golden.expected().get("auc").size());
        check(k -> curves.get(k).area(), golden.expected().get("auc"), "AUC");
        check(k -> curves.get(k).averagePrecision(), golden.expected().get("average_precision"), "average precision");
    }
}
