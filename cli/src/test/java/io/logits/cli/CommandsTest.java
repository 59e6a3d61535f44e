package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logits.formats.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommandsTest {
    /** Two sums of the same few terms. */
    private static final Offset<Double> ROUNDING = within(1e-12);

    @TempDir
    Path folder;

    private Path rows;
    private Path threeClasses;
    private Path table;
    private Path model;

    @BeforeEach
    void writeData() throws IOException {
        rows = folder.resolve("rows.svm");
        threeClasses = folder.resolve("three.svm");
        table = folder.resolve("table.csv");
        model = folder.resolve("model.safetensors");
        Files.writeString(rows, svmlight(List.of("-1", "+1")));
        Files.writeString(threeClasses, svmlight(List.of("2", "10", "1")));
        Files.writeString(table, """
                age,city,bought
                30,Rome,yes
                41,Paris,no
                22,Rome,no
                35,Oslo,yes
                50,Paris,yes
                27,Oslo,no
                """);
    }

    /** Sixty rows of two features whose classes overlap. */
    private static String svmlight(List<String> labels) {
        SplittableRandom random = new SplittableRandom(5);
        return IntStream.range(0, 60)
                .mapToObj(i -> {
                    int label = i % labels.size();
                    return labels.get(label) + " 1:" + (label + random.nextInt(4)) + " 3:" + random.nextInt(1, 5);
                })
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static List<String> keys(JsonNode object) {
        return List.copyOf(object.propertyNames());
    }

    @Test
    void fitHasTheKeysOfTheContractInOrder() {
        Run run = Run.of("fit", rows, "-o", model, "--json");
        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.lines()).hasSize(1);
        JsonNode json = run.json();
        assertThat(keys(json))
                .containsExactly("data", "problem", "solution", "training", "seconds", "peak_memory_bytes", "model");
        assertThat(keys(json.get("data"))).containsExactly("rows", "features", "nonzeros", "classes", "precision");
        assertThat(keys(json.get("problem")))
                .containsExactly("family", "penalty", "lambda", "C", "l1_ratio", "intercept");
        assertThat(keys(json.get("solution")))
                .containsExactly(
                        "converged",
                        "reason",
                        "solver",
                        "objective",
                        "dual",
                        "relative_gap",
                        "newton_decrement",
                        "gradient_max_norm",
                        "iterations",
                        "passes",
                        "nonzero_coefficients");
        assertThat(keys(json.get("training"))).containsExactly("log_loss", "accuracy");
        assertThat(keys(json.get("seconds"))).containsExactly("read", "fit", "total");
    }

    @Test
    void fitSaysBothScalesAndWhatWasRead() {
        JsonNode json = Run.of("fit", rows, "-o", model, "--json", "--C", "0.5").json();
        assertThat(json.get("data"))
                .hasToString("{\"rows\":60,\"features\":3,\"nonzeros\":" + nonzeros() + ",\"classes\":[\"-1\",\"1\"],"
                        + "\"precision\":\"float\"}");
        assertThat(json.get("problem"))
                .hasToString("{\"family\":\"binomial\",\"penalty\":\"l2\",\"lambda\":" + 1 / (60 * 0.5)
                        + ",\"C\":0.5,\"l1_ratio\":0.0,\"intercept\":true}");
        assertThat(json.at("/solution/converged").asBoolean()).isTrue();
        assertThat(json.at("/solution/relative_gap").asDouble()).isLessThanOrEqualTo(1e-6);
        assertThat(json.at("/solution/newton_decrement").isNull()).isTrue();
        assertThat(json.at("/peak_memory_bytes").asLong()).isGreaterThan(10_000_000);
        assertThat(json.get("model").asString()).isEqualTo(model.toString());
        assertThat(model).exists();
    }

    private long nonzeros() {
        try {
            return Files.readString(rows).chars().filter(c -> c == ':').count()
                    - Files.readString(rows)
                            .lines()
                            .filter(line -> line.contains("1:0 "))
                            .count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void withoutAPenaltyTheDecrementTakesThePlaceOfTheGap() {
        JsonNode json =
                Run.of("fit", rows, "-o", model, "--json", "--penalty", "none").json();
        assertThat(json.at("/problem/penalty").asString()).isEqualTo("none");
        assertThat(json.at("/problem/C").isNull()).isTrue();
        assertThat(json.at("/solution/dual").isNull()).isTrue();
        assertThat(json.at("/solution/relative_gap").isNull()).isTrue();
        assertThat(json.at("/solution/newton_decrement").asDouble()).isLessThanOrEqualTo(1e-6);
    }

    @Test
    void summaryNamesDataProblemEndAndModel() {
        Run run = Run.of("fit", rows, "-o", model);
        assertThat(run.lines().get(0))
                .isEqualTo("data      60 rows x 3 features, sparse float; 2 classes: -1 (30), 1 (30)");
        assertThat(run.lines().get(1))
                .isEqualTo("problem   binomial, l2 penalty with lambda 0.0166667, which is C 1, intercept");
        assertThat(run.lines().get(2)).isEqualTo("solution  converged: the gap is within the tolerance");
        assertThat(run.out()).endsWith("model     " + model + "\n");
    }

    @Test
    void twoClassesAreOneLogitEvenIfManyAreAllowed() {
        JsonNode many = Run.of("fit", rows, "-o", model, "--json", "--family", "multinomial")
                .json();
        assertThat(many.at("/problem/family").asString()).isEqualTo("binomial");
        assertThat(Run.of("inspect", model, "--coefficients").lines())
                .hasSize(4)
                .startsWith("class,feature,coefficient")
                .element(1)
                .asString()
                .startsWith("1,(intercept),");
    }

    @Test
    void threeClassesAreNotBinomial() {
        assertThat(Run.of("fit", threeClasses, "-o", model, "--family", "binomial"))
                .isEqualTo(
                        new Run(
                                2,
                                "",
                                "logits: --family binomial is for 2 classes, the data has 3; use --family multinomial or auto\n"));
        assertThat(model).doesNotExist();
    }

    @Test
    void oneClassCannotBeLearnt() throws IOException {
        Files.writeString(rows, "1 1:1\n1 1:2\n");
        assertThat(Run.of("fit", rows, "-o", model))
                .isEqualTo(new Run(2, "", "logits: all rows are of class 1, 2 classes at least are needed\n"));
    }

    @Test
    void strictFailsWhereOthersOnlyRemark() {
        Run strict = Run.of("fit", rows, "-o", model, "--max-passes", 1, "--strict", "--json");
        assertThat(strict.code()).isEqualTo(3);
        assertThat(strict.json().at("/solution/reason").asString()).isEqualTo("max_passes");
        assertThat(strict.err()).startsWith("logits: not converged: the allowed passes are used up, ");
        Run lax = Run.of("fit", rows, "-o", model, "--max-passes", 1);
        assertThat(lax.code()).isZero();
        assertThat(lax.err()).isEqualTo(strict.err());
        assertThat(Run.of("fit", rows, "-o", model, "--max-passes", 1, "--quiet")
                        .err())
                .isEmpty();
    }

    @Test
    void warmStartFromTheOptimumTakesFewerPasses() {
        int cold = Run.of("fit", rows, "-o", model, "--json")
                .json()
                .at("/solution/passes")
                .asInt();
        int warm = Run.of("fit", rows, "-o", model, "--json", "--warm-start", model)
                .json()
                .at("/solution/passes")
                .asInt();
        assertThat(warm).isLessThan(cold);
    }

    @Test
    void predictionsReadBackAsTheSameDoubles() {
        Run.of("fit", threeClasses, "-o", model);
        Run csv = Run.of("predict", model, threeClasses);
        assertThat(csv.lines()).hasSize(61).startsWith("prediction,p(1),p(2),p(10)");
        for (String line : csv.lines().subList(1, 61)) {
            String[] cells = line.split(",");
            double sum = Double.parseDouble(cells[1]) + Double.parseDouble(cells[2]) + Double.parseDouble(cells[3]);
            assertThat(sum).isCloseTo(1, ROUNDING);
            for (String cell : List.of(cells).subList(1, 4)) {
                assertThat(Json.digits(Double.parseDouble(cell))).isEqualTo(cell);
            }
        }
    }

    @Test
    void logarithmsAreThoseOfTheProbabilities() {
        Run.of("fit", rows, "-o", model);
        List<String> p = Run.of("predict", model, rows).lines();
        List<String> logP = Run.of("predict", model, rows, "--log-proba").lines();
        assertThat(logP.get(0)).isEqualTo("prediction,log_p(-1),log_p(1)");
        for (int i = 1; i < p.size(); i++) {
            double probability = Double.parseDouble(p.get(i).split(",")[2]);
            double logarithm = Double.parseDouble(logP.get(i).split(",")[2]);
            assertThat(Math.exp(logarithm)).isCloseTo(probability, ROUNDING);
        }
    }

    @Test
    void jsonLinesHoldTheSameAsCsv() {
        Run.of("fit", rows, "-o", model);
        String csv = Run.of("predict", model, rows).lines().get(1);
        String[] cells = csv.split(",");
        assertThat(Run.of("predict", model, rows, "--output-format", "jsonl")
                        .lines()
                        .get(0))
                .isEqualTo("{\"prediction\":\"%s\",\"p(-1)\":%s,\"p(1)\":%s}".formatted((Object[]) cells));
        JsonNode all = Run.of("predict", model, rows, "--json").json();
        assertThat(keys(all)).containsExactly("rows", "classes", "predictions");
        assertThat(all.get("predictions")).hasSize(60);
    }

    @Test
    void predictionsOfAFileAreTheSameAsOnStandardOutput() throws IOException {
        Run.of("fit", rows, "-o", model);
        Path out = folder.resolve("p.csv");
        assertThat(Run.of("predict", model, rows, "-o", out)).isEqualTo(new Run(0, "", ""));
        assertThat(out).hasContent(Run.of("predict", model, rows).out());
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("rows.svm", "three.svm", "table.csv", "model.safetensors", "p.csv");
        }
    }

    @Test
    void explanationsAddUpToTheLogit() {
        Run.of("fit", table, "-o", model);
        JsonNode first =
                Run.of("predict", model, table, "--explain", 9, "--json").json().at("/predictions/0");
        double sum = first.get("baseline").asDouble();
        for (JsonNode part : first.get("explanation")) {
            sum += part.get("contribution").asDouble();
        }
        double p = first.get("p(yes)").asDouble();
        double sign = first.get("prediction").asString().equals("yes") ? 1 : -1;
        assertThat(sign * sum).isCloseTo(Math.log(p / (1 - p)), within(1e-9));
        // The mean age is 205/6, and a third of the rows is of each city.
        double age = coefficient("age");
        JsonNode rome =
                Run.of("predict", model, table, "--explain", 1, "--json").json().at("/predictions/2/explanation/0");
        assertThat(rome.get("feature").asString()).isEqualTo("age");
        assertThat(Math.abs(rome.get("contribution").asDouble()))
                .isCloseTo(Math.abs(age * (22 - 205 / 6.0)), within(1e-12));
    }

    private double coefficient(String feature) {
        return Run.of("inspect", model, "--coefficients").lines().stream()
                .map(line -> line.split(","))
                .filter(cells -> cells[1].equals(feature))
                .mapToDouble(cells -> Double.parseDouble(cells[2]))
                .sum();
    }

    @Test
    void explanationsAreTwoColumnsOfATable() throws IOException {
        Run.of("fit", threeClasses, "-o", model);
        Run run = Run.of("predict", model, threeClasses, "--explain", 2);
        assertThat(run.err()).isEmpty();
        assertThat(run.lines().get(0)).isEqualTo("prediction,p(1),p(2),p(10),explanation,baseline");
        assertThat(run.lines().get(1)).matches("\\w+(,[-.0-9E]+){3},\\d=[-.0-9E]+; \\d=[-.0-9E]+,[-.0-9E]+");
        assertThat(run.lines()).hasSize(61);
        Path old = Path.of("../formats/src/test/resources/io/logits/formats/v1-binomial.safetensors");
        assertThat(Run.of("predict", old, rows, "--explain", 2).err())
                .isEqualTo("logits: the model file is of an older version and has no mean row: explained against a row"
                        + " of zeros\n");
    }

    @Test
    void evaluationHasTheKeysOfTheContractInOrder() {
        Run.of("fit", rows, "-o", model);
        JsonNode two = Run.of("evaluate", model, rows, "--json").json();
        assertThat(keys(two))
                .containsExactly(
                        "rows",
                        "log_loss",
                        "accuracy",
                        "brier",
                        "auc",
                        "expected_calibration_error",
                        "confusion",
                        "classes",
                        "balanced_accuracy",
                        "average_precision",
                        "brier_parts",
                        "reliability",
                        "per_class");
        Run.of("fit", threeClasses, "-o", model);
        assertThat(keys(Run.of("evaluate", model, threeClasses, "--json").json()))
                .doesNotContain("auc");
    }

    @Test
    void evaluationOfTheTrainingRowsRepeatsTheFit() {
        JsonNode fit = Run.of("fit", table, "-o", model, "--json").json();
        JsonNode evaluation = Run.of("evaluate", model, table, "--json").json();
        assertThat(evaluation.get("log_loss")).isEqualTo(fit.at("/training/log_loss"));
        assertThat(evaluation.get("accuracy")).isEqualTo(fit.at("/training/accuracy"));
    }

    @Test
    void columnsAreFoundByNameAndOthersGetOneRemark() throws IOException {
        Run.of("fit", table, "-o", model);
        Path other = folder.resolve("other.csv");
        Files.writeString(other, "bought,city,more,less,age\nyes,Rome,1,2,30\nno,Bern,1,2,30\n?,Bonn,1,2,30\n");
        Run run = Run.of("predict", model, other);
        assertThat(run.lines().get(1))
                .isEqualTo(Run.of("predict", model, table).lines().get(1));
        assertThat(run.err())
                .isEqualTo("logits: not used, the model does not know: more, less\n"
                        + "logits: values never seen in the fit count as zero: city in 2 rows\n");
    }

    @Test
    void aMissingColumnIsNamed() throws IOException {
        Run.of("fit", table, "-o", model);
        Path other = folder.resolve("other.csv");
        Files.writeString(other, "age\n3\n");
        Run run = Run.of("predict", model, other);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("logits: " + other).contains("'city'").hasLineCount(1);
    }

    @Test
    void standardInputIsReadByItsFormat() throws IOException {
        Run fromFile = Run.of("fit", table, "-o", model, "--json");
        Run piped = Run.with(Files.readString(table), 0, "fit", "-", "--format", "csv", "-o", model, "--json");
        assertThat(piped.json().get("solution")).isEqualTo(fromFile.json().get("solution"));
        Run sparse = Run.with(Files.readString(rows), 0, "predict", model, "-", "--format", "svmlight");
        assertThat(sparse.err())
                .isEqualTo("logits: standard input: svmlight has numbered features, the model's have names\n");
        assertThat(Run.of("fit", "-").err())
                .isEqualTo("logits: standard input has no name to go by, say --format"
                        + " csv|tsv|parquet|json|jsonl|svmlight|idx\n");
    }

    @Test
    void sqlChoosesRowsAndColumns() {
        JsonNode json = Run.of(
                        "fit", table, "--sql", "select age, bought from data where age < 50", "-o", model, "--json")
                .json();
        assertThat(json.at("/data/rows").asInt()).isEqualTo(5);
        assertThat(json.at("/data/features").asInt()).isEqualTo(1);
    }

    @Test
    void withoutAPenaltyTheFirstLevelHasNoFeature() {
        assertThat(Run.of("fit", table, "-o", model, "--json")
                        .json()
                        .at("/data/features")
                        .asInt())
                .isEqualTo(4);
        assertThat(Run.of("fit", table, "-o", model, "--json", "--penalty", "none", "--max-passes", 3)
                        .json()
                        .at("/data/features")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void precisionIsChosen() {
        String by = "/data/precision";
        assertThat(Run.of("fit", table, "-o", model, "--json", "--precision", "float")
                        .json()
                        .at(by)
                        .asString())
                .isEqualTo("float");
        assertThat(Run.of("fit", rows, "-o", model, "--json", "--precision", "double")
                        .json()
                        .at(by)
                        .asString())
                .isEqualTo("double");
        assertThat(Run.of("fit", rows, "-o", model, "--json", "--precision", "auto")
                        .json()
                        .at(by)
                        .asString())
                .isEqualTo("float");
    }

    @Test
    void anOffsetOfTheFitIsReadAgain() throws IOException {
        Files.writeString(table, """
                x,more,y
                1,0.5,no
                2,-1,yes
                3,0.25,no
                4,1,yes
                """);
        JsonNode fit =
                Run.of("fit", table, "--offset", "more", "-o", model, "--json").json();
        Run evaluated = Run.of("evaluate", model, table, "--json");
        assertThat(evaluated.err()).isEmpty();
        assertThat(evaluated.json().get("log_loss").asDouble())
                .isCloseTo(fit.at("/training/log_loss").asDouble(), ROUNDING);
        Path moved = folder.resolve("moved.csv");
        Files.writeString(moved, "x,more\n1,0.5\n1,2.5\n");
        List<String> log =
                Run.of("predict", model, moved, "--output-format", "jsonl").lines();
        assertThat(logit(log.get(1)) - logit(log.get(0))).isCloseTo(2, ROUNDING);
        log = Run.of("predict", model, moved, "--no-offset", "--output-format", "jsonl")
                .lines();
        assertThat(log.get(1)).isEqualTo(log.get(0));
        Files.writeString(moved, "x\n1\n");
        Run without = Run.of("predict", model, moved);
        assertThat(without.code()).isEqualTo(2);
        assertThat(without.err())
                .isEqualTo("logits: " + moved
                        + ": column 'more' is the offset of the model and is not there; --no-offset leaves it out\n");
        assertThat(Run.of("predict", model, moved, "--no-offset").code()).isZero();
    }

    private static double logit(String line) {
        double p = new JsonMapper().readTree(line).get("p(yes)").asDouble();
        return Math.log(p / (1 - p));
    }

    @Test
    void sparseModelsAreLearntByL1AndTheElasticNet() {
        JsonNode json = Run.of("fit", rows, "-o", model, "--json", "--penalty", "l1", "--lambda", "0.1")
                .json();
        assertThat(json.at("/problem/penalty").asString()).isEqualTo("l1");
        assertThat(json.at("/problem/l1_ratio").asDouble()).isEqualTo(1);
        assertThat(json.at("/solution/solver").asString()).isEqualTo("prox-newton");
        assertThat(json.at("/solution/converged").asBoolean()).isTrue();
        String net = Run.of("fit", rows, "-o", model, "--penalty", "elasticnet", "--l1-ratio", "0.25")
                .out();
        assertThat(net).contains(", elasticnet penalty with 25 % L1 and lambda ");
    }

    @Test
    void featuresHaveFactorsAndBoundsByColumn() throws IOException {
        Run.of("fit", table, "-o", model, "--quiet", "--penalty", "l1", "--lambda", "0.001", "--upper", "*=0");
        assertThat(new Coefficients(ModelFile.read(model)).largest(10).stream().allMatch(entry -> entry.value() <= 0))
                .isTrue();
        JsonNode json = Run.of(
                        "fit",
                        table,
                        "-o",
                        model,
                        "--json",
                        "--penalty",
                        "l1",
                        "--lambda",
                        "100",
                        "--penalty-factor",
                        "age=0")
                .json();
        assertThat(json.at("/solution/nonzero_coefficients").asInt()).isEqualTo(1);
    }

    @Test
    void classWeightsAreBalancedOrNamed() {
        double balanced = training("--class-weight", "balanced");
        // Ten rows of class 10 and twenty of the others would be; here all have twenty: balanced changes nothing.
        assertThat(balanced).isEqualTo(training());
        assertThat(training("--class-weight", "10=5")).isGreaterThan(balanced);
        assertThat(Run.of("fit", threeClasses, "-o", model, "--class-weight", "x")
                        .err())
                .isEqualTo("logits: --class-weight is x, balanced or CLASS=W,... is needed\n");
        assertThat(Run.of("fit", threeClasses, "-o", model, "--class-weight", "7=2")
                        .err())
                .isEqualTo("logits: a weight is given for class 7, the classes are [1, 2, 10]\n");
    }

    private double training(Object... options) {
        Object[] args = new Object[5 + options.length];
        System.arraycopy(new Object[] {"fit", threeClasses, "-o", model, "--json"}, 0, args, 0, 5);
        System.arraycopy(options, 0, args, 5, options.length);
        return Run.of(args).json().at("/training/log_loss").asDouble();
    }

    @Test
    void inspectTellsWhatAModelIs() {
        Run.of("fit", threeClasses, "-o", model);
        Run run = Run.of("inspect", model);
        assertThat(run.lines().get(0)).isEqualTo("model     softmax regression of 3 classes: 1, 2, 10");
        assertThat(run.lines().get(1)).isEqualTo("features  3, 6 coefficients are not zero");
        JsonNode json = Run.of("inspect", model, "--json", "--coefficients").json();
        assertThat(json.at("/coefficients/0/feature").asString()).isEqualTo("(intercept)");
        assertThat(json.get("coefficients")).hasSize(9);
        assertThat(json.at("/options/penalty").asString()).isEqualTo("l2");
    }

    @Test
    void coefficientsOfTheCsvAreThoseOfTheModel() {
        Run.of("fit", table, "-o", model);
        List<String> lines = Run.of("inspect", model, "--coefficients").lines();
        assertThat(lines.stream().map(line -> line.substring(0, line.lastIndexOf(','))))
                .containsExactly(
                        "class,feature",
                        "yes,(intercept)",
                        "yes,age",
                        "yes,city=Oslo",
                        "yes,city=Paris",
                        "yes,city=Rome");
    }

    @Test
    void progressIsDrawnOnATerminalOnly() {
        assertThat(Run.with("", 60, "fit", rows, "-o", model).err()).contains("\r");
        assertThat(Run.with("", 60, "fit", rows, "-o", model, "--quiet").err()).isEmpty();
        assertThat(Run.with("", 0, "fit", rows, "-o", model).err()).isEmpty();
    }
}
