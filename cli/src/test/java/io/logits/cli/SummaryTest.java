package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command {@code summary}: its keys, its files, what it refuses. */
class SummaryTest {
    /** Logits and errors of counts have closed forms; the fit is to 1e-10 and one Newton step more. */
    private static final Offset<Double> EXACT = within(1e-9);

    @TempDir
    Path folder;

    private Path counts;

    /** Two groups: 30 of 40 and 10 of 40 bought. */
    @BeforeEach
    void writeCounts() throws IOException {
        counts = folder.resolve("counts.csv");
        Files.writeString(counts, """
                group,n,bought
                a,30,yes
                a,10,no
                b,10,yes
                b,30,no
                """);
    }

    private Run summary(Object... more) {
        Object[] args = new Object[4 + more.length];
        System.arraycopy(new Object[] {"summary", counts, "--weights", "n"}, 0, args, 0, 4);
        System.arraycopy(more, 0, args, 4, more.length);
        return Run.of(args);
    }

    @Test
    void singleColumnsHaveTheLinesOfTheWholeTable() throws IOException {
        Path csv = folder.resolve("some.csv");
        Run run = summary("--json", "--columns", "(intercept),group", "-o", csv);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        JsonNode some = run.json();
        assertThat(List.copyOf(some.propertyNames()))
                .containsExactly("coefficients", "covariance", "intervals", "level", "rows", "solution");
        JsonNode all = summary("--json").json().get("coefficients");
        assertThat(some.get("coefficients").size()).isEqualTo(all.size());
        for (int q = 0; q < all.size(); q++) {
            JsonNode line = some.get("coefficients").get(q);
            assertThat(List.copyOf(line.propertyNames()))
                    .containsExactlyElementsOf(all.get(q).propertyNames());
            assertThat(line.get("feature").asString())
                    .isEqualTo(all.get(q).get("feature").asString());
            for (String key : List.of("coefficient", "standard_error", "z", "ci_low", "ci_high")) {
                assertThat(line.get(key).asDouble())
                        .isCloseTo(all.get(q).get(key).asDouble(), EXACT);
            }
        }
        assertThat(Files.readString(csv))
                .startsWith("feature,coefficient,standard_error,z,p,")
                .contains("\n(intercept),");
        String text = summary("--columns", "group", "--penalty", "l2", "--lambda", "0.1")
                .out();
        assertThat(text).contains("posterior").doesNotContain("(intercept)");
        assertThat(summary("--columns", "group", "--tests").err())
                .contains("--columns gives coefficients and their model's standard errors, without --tests");
        assertThat(summary("--columns", "colour").err())
                .contains("--columns has colour, there is no such column among the 1 features");
    }

    @Test
    void singleColumnsAreRefusedBeforeTheDataAreRead() {
        Path none = folder.resolve("none.csv");
        Map.of(
                        "--level 1", "level is 1.0, a number between 0 and 1 is needed",
                        "--penalty l1", "the penalty is l1, none or l2 is needed",
                        "--penalty elasticnet", "the penalty is elasticnet, none or l2 is needed",
                        "--penalty firth", "the penalty is firth, none or l2 is needed",
                        "--penalty l2 --lower *=0", "the penalty is l2 within bounds, none or l2 is needed",
                        "--weight-kind precision", "without --weight-kind")
                .forEach((options, words) -> {
                    Run run = Run.of((Object[]) ("summary " + none + " --columns x " + options).split(" ", -1));
                    assertThat(run.code()).isEqualTo(2);
                    assertThat(run.err()).contains(words);
                });
    }

    @Test
    void singleColumnsAreRefusedBeforeTheFit() throws IOException {
        Path rows = threeSeparable();
        assertThat(Run.of("summary", rows, "--columns", "x", "--family", "binomial")
                        .err())
                .startsWith("logits: --family binomial is for 2 classes, the data has 3");
        assertThat(Run.of("summary", rows, "--columns", "colour").err())
                .isEqualTo("logits: --columns has colour, there is no such column among the 1 features\n");
        Run near = Run.of("summary", counts, "--columns", "group,gruop", "--weights", "n");
        assertThat(near.err())
                .isEqualTo(
                        "logits: --columns has gruop, there is no such column among the 1 features; did you mean group?\n");
    }

    @Test
    void aTableOfCountsHasTheErrorsOfTheTextbook() {
        Run run = summary("--json");
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        JsonNode json = run.json();
        assertThat(List.copyOf(json.propertyNames()))
                .containsExactly(
                        "coefficients",
                        "covariance",
                        "intervals",
                        "level",
                        "log_likelihood",
                        "null_log_likelihood",
                        "deviance",
                        "null_deviance",
                        "aic",
                        "bic",
                        "mcfadden_r2",
                        "nagelkerke_r2",
                        "rows",
                        "observations",
                        "degrees_of_freedom",
                        "solution");
        JsonNode group = json.get("coefficients").get(1);
        assertThat(List.copyOf(group.propertyNames()))
                .containsExactly(
                        "feature",
                        "coefficient",
                        "standard_error",
                        "z",
                        "p",
                        "ci_low",
                        "ci_high",
                        "odds_ratio",
                        "odds_ratio_low",
                        "odds_ratio_high");
        assertThat(json.get("coefficients").get(0).get("feature").asString()).isEqualTo("(intercept)");
        assertThat(group.get("feature").asString()).isEqualTo("group=b");
        // The log odds ratio of a 2 x 2 table and the root of the sum of the reciprocal counts (Woolf 1955).
        double error = Math.sqrt(2 * (1 / 30.0 + 1 / 10.0));
        assertThat(group.get("coefficient").asDouble()).isCloseTo(-2 * Math.log(3), EXACT);
        assertThat(group.get("standard_error").asDouble()).isCloseTo(error, EXACT);
        assertThat(group.get("odds_ratio").asDouble()).isCloseTo(1 / 9.0, EXACT);
        assertThat(group.get("ci_low").asDouble()).isCloseTo(-2 * Math.log(3) - 1.959963984540054 * error, EXACT);
        assertThat(json.get("rows").asInt()).isEqualTo(4);
        assertThat(json.get("observations").asDouble()).isEqualTo(80);
        assertThat(json.get("degrees_of_freedom").asInt()).isEqualTo(2);
        assertThat(json.get("null_log_likelihood").asDouble()).isCloseTo(-80 * Math.log(2), EXACT);
        assertThat(json.get("solution").get("converged").asBoolean()).isTrue();
    }

    @Test
    void precisionsAreOneRowEach() {
        assertThat(summary("--json", "--weight-kind", "precision")
                        .json()
                        .get("observations")
                        .asDouble())
                .isEqualTo(4);
        Run mistake = summary("--weight-kind", "importance");
        assertThat(mistake.code()).isEqualTo(2);
        assertThat(mistake.err()).contains("'importance' is not one of frequency, precision");
    }

    @Test
    void tableAndCovariancesGoToFiles() throws IOException {
        Path table = folder.resolve("table.csv");
        Path matrix = folder.resolve("matrix.csv");
        Run run = summary("-o", table, "--vcov", matrix, "--level", "0.9");
        assertThat(run.code()).isZero();
        List<String> lines = Files.readAllLines(table);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .isEqualTo(
                        "feature,coefficient,standard_error,z,p,ci_low,ci_high,odds_ratio,odds_ratio_low,odds_ratio_high");
        List<String> rows = Files.readAllLines(matrix);
        assertThat(rows.get(0)).isEqualTo("(intercept),group=b");
        double[] first = cells(rows.get(1));
        double[] second = cells(rows.get(2));
        assertThat(first[0]).isCloseTo(1 / 30.0 + 1 / 10.0, EXACT);
        assertThat(first[1]).isCloseTo(-first[0], EXACT).isEqualTo(second[0]);
        assertThat(Math.sqrt(second[1]))
                .isEqualTo(Double.parseDouble(lines.get(2).split(",")[2]));
        assertThat(run.out()).contains("90 % interval").contains("(McFadden)").contains("converged: ");
    }

    private static double[] cells(String line) {
        return java.util.Arrays.stream(line.split(","))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    @Test
    void tooManyParametersAreReferredToSingleColumns() throws IOException {
        Path rows = folder.resolve("wide.svm");
        Files.writeString(rows, "0 1:1\n1 1:1 3100:2\n0 2:1\n1 2:1\n");
        Run run = Run.of("summary", rows);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains("there are 3101 parameters, the covariances of all are computed for up to 3000;"
                        + " --columns COL,COL gives single ones");
    }

    @Test
    void aColumnThatRoundingHidesIsNotSaidToDependOnOthers() throws IOException {
        Path rows = folder.resolve("near.svm");
        SplittableRandom random = new SplittableRandom(6);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            double shared = random.nextDouble(-1, 1);
            text.append(i % 2);
            for (int j = 1; j <= 30; j++) {
                double own = Math.pow(10, -0.15 * j) * random.nextDouble(-1, 1);
                text.append(' ').append(j).append(':').append(shared + own);
            }
            text.append('\n');
        }
        Files.writeString(rows, text.toString());
        assertThat(Run.of("summary", rows, "--columns", "30").out())
                .contains("not solved")
                .doesNotContain("depends on others");
    }

    @Test
    void manyClassesAreRelativeToTheFirst() throws IOException {
        Path rows = folder.resolve("three.svm");
        SplittableRandom random = new SplittableRandom(4);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 120; i++) {
            text.append(i % 3).append(" 1:").append(i % 3 + random.nextInt(5)).append('\n');
        }
        Files.writeString(rows, text.toString());
        JsonNode table = Run.of("summary", rows, "--json").json().get("coefficients");
        assertThat(table).hasSize(4);
        assertThat(table.valueStream()
                        .map(line -> line.get("class").asString()
                                + line.get("feature").asString()))
                .containsExactly("1(intercept)", "11", "2(intercept)", "21");
        assertThat(Run.of("summary", rows).out()).contains("2: (intercept)");
    }

    @Test
    void aColumnThatDependsOnOthersHasEmptyCells() throws IOException {
        Files.writeString(counts, """
                x,twice,n,y
                1,2,5,a
                1,2,7,b
                3,6,9,a
                3,6,2,b
                """);
        Path table = folder.resolve("table.csv");
        Run run = summary("--json", "-o", table);
        JsonNode line = run.json().get("coefficients").get(2);
        assertThat(line.get("feature").asString()).isEqualTo("twice");
        assertThat(line.get("standard_error").isNull()).isTrue();
        assertThat(Files.readAllLines(table).get(3)).isEqualTo("twice,0.0,,,,,,1.0,,");
        assertThat(summary().out()).contains("depends on others");
    }

    @Test
    void whatHasNoLikelihoodIsRefused() throws IOException {
        assertThat(summary("--level", "1").err())
                .isEqualTo("logits: level is 1.0, a number between 0 and 1 is needed\n");
        Run penalised = summary("--penalty", "l2");
        assertThat(penalised.code()).isEqualTo(2);
        assertThat(penalised.err()).startsWith("logits: the penalty is l2, none or firth is needed");
        Files.writeString(counts, """
                x,n,y
                1,5,a
                2,7,a
                3,9,b
                """);
        Run separated = summary();
        assertThat(separated.code()).isEqualTo(2);
        assertThat(separated.err())
                .startsWith("logits: separation: the classes can be told apart, if only in part, by x");
        assertThat(summary("-o", folder).code()).isEqualTo(2);
    }

    /** Rows of three classes whose fit would be refused: a class by itself on the line. */
    private Path threeSeparable() throws IOException {
        Path rows = folder.resolve("three.csv");
        Files.writeString(rows, "x,y\n1,a\n2,a\n3,b\n4,b\n5,c\n6,c\n");
        return rows;
    }

    @Test
    void whatCannotBeIsRefusedBeforeTheFit() throws IOException {
        Path rows = threeSeparable();
        assertThat(Run.of("summary", rows).err()).contains("separation");
        assertThat(Run.of("summary", rows, "--family", "binomial").err())
                .isEqualTo("logits: --family binomial is for 2 classes, the data has 3; use --family multinomial or"
                        + " auto\n");
    }

    @Test
    void whatTheOptionsAloneTellIsRefusedBeforeReading() {
        Path none = folder.resolve("none.csv");
        assertThat(Run.of("summary", none, "--level", "NaN").err())
                .isEqualTo("logits: level is NaN, a number between 0 and 1 is needed\n");
        assertThat(Run.of("summary", none, "--penalty", "elasticnet").err())
                .startsWith("logits: the penalty is elasticnet, none or firth is needed");
        Path table = folder.resolve("table.csv");
        Path same = folder.resolve("../" + folder.getFileName() + "/table.csv");
        assertThat(Run.of("summary", none, "-o", table, "--influence", same).err())
                .isEqualTo("logits: -o and --influence are the same file, " + same + "; each needs one of its own\n");
        for (String command : List.of("path", "cv")) {
            assertThat(Run.of(command, none, "-o", table, "--csv", same).err())
                    .isEqualTo("logits: -o and --csv are the same file, " + same + "; each needs one of its own\n");
        }
    }

    @Test
    void rowsAreNumberedAsInTheTable() throws IOException {
        Path influence = folder.resolve("influence.csv");
        Path probabilities = folder.resolve("probabilities.csv");
        Files.writeString(counts, """
                group,good,all
                a,0,0
                a,30,40
                b,0,0
                b,10,40
                b,5,5
                """);
        Run.of(
                "summary",
                counts,
                "--successes",
                "good",
                "--trials",
                "all",
                "--influence",
                influence,
                "--probabilities",
                probabilities);
        assertThat(firstCells(influence)).containsExactly("row", "2", "4", "5");
        assertThat(firstCells(probabilities)).containsExactly("row", "2", "4", "5");
        Files.writeString(counts, """
                x,y
                ,a
                1,a
                2,b
                ,b
                3,a
                4,b
                """);
        Run.of("summary", counts, "--missing", "drop", "--influence", influence, "--probabilities", probabilities);
        assertThat(firstCells(influence)).containsExactly("row", "2", "3", "5", "6");
        assertThat(firstCells(probabilities)).containsExactly("row", "2", "3", "5", "6");
    }

    private static List<String> firstCells(Path csv) throws IOException {
        return Files.readAllLines(csv).stream()
                .map(line -> line.substring(0, line.indexOf(',')))
                .toList();
    }

    @Test
    void countsOfTrialsAreTheSameDataAsLabels() throws IOException {
        JsonNode labels = summary("--json").json();
        Files.writeString(counts, """
                group,good,all
                a,30,40
                b,10,40
                """);
        JsonNode grouped = Run.of("summary", counts, "--successes", "good", "--trials", "all", "--json")
                .json();
        for (int q = 0; q < 2; q++) {
            for (String key : List.of("coefficient", "standard_error", "p")) {
                assertThat(grouped.get("coefficients").get(q).get(key).asDouble())
                        .isCloseTo(labels.get("coefficients").get(q).get(key).asDouble(), EXACT);
            }
        }
        // Each group has its own probability: the fit is perfect, and its likelihood that of two binomials.
        assertThat(grouped.get("deviance").asDouble()).isCloseTo(0, EXACT);
        assertThat(grouped.get("log_likelihood").asDouble())
                .isCloseTo(2 * (30 * Math.log(0.75) + 10 * Math.log(0.25) + Math.log(847660528.0)), EXACT);
        assertThat(grouped.get("mcfadden_r2").asDouble())
                .isCloseTo(labels.get("mcfadden_r2").asDouble(), EXACT);
        assertThat(grouped.get("observations").asDouble()).isEqualTo(2);
    }

    @Test
    void countsAreChecked() throws IOException {
        Files.writeString(counts, "g,good,all\n1,3,2\n");
        Run more = Run.of("summary", counts, "--successes", "good", "--trials", "all");
        assertThat(more.code()).isEqualTo(2);
        assertThat(more.err()).contains("counts.csv:2").contains("is 3.0, the trials are 2.0 and at least as many");
        assertThat(Run.of("summary", counts, "--trials", "all").err())
                .isEqualTo("logits: --successes and --trials go together, --successes is missing\n");
        assertThat(Run.of("summary", counts, "--successes", "good", "--trials", "all", "--target", "g")
                        .err())
                .contains("a label column is named, and columns of successes and trials that take its place");
        Files.writeString(counts, "g,good,all\n1,-3,2\n");
        assertThat(Run.of("summary", counts, "--successes", "good", "--trials", "all")
                        .err())
                .contains("is -3.0, a count is a finite number >= 0");
    }

    @Test
    void clustersAndTestsAreThereOnRequest() throws IOException {
        Files.writeString(counts, """
                clinic,group,x,bought
                n,a,1,yes
                n,a,2,no
                n,b,4,yes
                s,b,3,no
                s,c,1,yes
                s,c,5,no
                w,a,5,yes
                w,b,1,yes
                w,c,4,no
                w,c,2,yes
                """);
        Run run = Run.of("summary", counts, "--cluster", "clinic", "--tests", "--json");
        assertThat(run.err()).isEmpty();
        JsonNode json = run.json();
        assertThat(json.get("covariance").asString()).isEqualTo("cluster");
        assertThat(json.get("coefficients")
                        .valueStream()
                        .map(c -> c.get("feature").asString()))
                .containsExactly("(intercept)", "group=b", "group=c", "x");
        assertThat(json.get("terms")
                        .valueStream()
                        .map(t -> t.get("term").asString()
                                + t.get("degrees_of_freedom").asInt()))
                .containsExactly("group2", "x1");
        assertThat(List.copyOf(json.get("terms").get(0).propertyNames()))
                .containsExactly(
                        "term",
                        "degrees_of_freedom",
                        "likelihood_ratio",
                        "likelihood_ratio_p",
                        "wald",
                        "wald_p",
                        "score",
                        "score_p",
                        "wald_degrees_of_freedom");
        double squared = Math.pow(json.get("coefficients").get(3).get("z").asDouble(), 2);
        assertThat(json.get("terms").get(1).get("wald").asDouble()).isCloseTo(squared, EXACT);
        String text = Run.of("summary", counts, "--drop", "clinic", "--covariance", "hc1", "--tests")
                .out();
        assertThat(text).contains("standard errors: hc1").contains("likelihood ratio, p");
        assertThat(Run.of("summary", counts, "--covariance", "cluster").err())
                .isEqualTo("logits: --cluster COL and --covariance cluster go together, --cluster is missing\n");
    }

    @Test
    void aWaldTestOfFewerDegreesThanTheTermSaysSo() throws IOException {
        Files.writeString(counts, """
                group,clinic,n,y
                a,1,5,yes
                a,2,9,yes
                a,1,8,no
                a,2,4,no
                b,1,7,yes
                b,2,3,yes
                b,1,4,no
                b,2,6,no
                c,1,2,yes
                c,2,5,yes
                c,1,6,no
                c,2,7,no
                """);
        Object[] args = {"summary", counts, "--weights", "n", "--cluster", "clinic", "--tests"};
        assertThat(Run.of(args).out())
                .contains("degrees of Wald tests whose covariances have not full rank: group 1\n");
        JsonNode term = Run.of("summary", counts, "--weights", "n", "--cluster", "clinic", "--tests", "--json")
                .json()
                .get("terms")
                .get(0);
        assertThat(term.get("degrees_of_freedom").asInt()).isEqualTo(2);
        assertThat(term.get("wald_degrees_of_freedom").asInt()).isEqualTo(1);
    }

    @Test
    void firthIsTheRemedyOfSeparation() throws IOException {
        Files.writeString(counts, """
                x,n,y
                0,12,a
                1,4,a
                0,3,b
                """);
        assertThat(summary().err()).contains("by x,").contains("such as firth");
        JsonNode json = summary("--penalty", "firth", "--json").json();
        assertThat(json.get("intervals").asString()).isEqualTo("profile");
        // In a saturated table Firth's estimates are log odds of the counts, each with 1/2 added (Firth 1993).
        double expected = Math.log(0.5 / 4.5) - Math.log(3.5 / 12.5);
        assertThat(json.get("coefficients").get(1).get("coefficient").asDouble())
                .isCloseTo(expected, EXACT);
        Path model = folder.resolve("model.safetensors");
        JsonNode fit = Run.of("fit", counts, "--weights", "n", "--penalty", "firth", "-o", model, "--json")
                .json();
        assertThat(fit.get("problem").get("penalty").asString()).isEqualTo("firth");
        assertThat(fit.get("solution").get("converged").asBoolean()).isTrue();
        assertThat(Run.of("inspect", model, "--coefficients").lines().get(2))
                .isEqualTo("b,x,"
                        + Json.digits(json.get("coefficients")
                                .get(1)
                                .get("coefficient")
                                .asDouble()));
        assertThat(Run.of("fit", counts, "--penalty", "firth", "--C", "2", "-o", model)
                        .err())
                .isEqualTo("logits: --penalty firth has no strength, leave out --C\n");
    }

    @Test
    void profileIntervalsAreThereOnRequest() {
        JsonNode wald = summary("--json").json().get("coefficients").get(1);
        JsonNode profile = summary("--json", "--intervals", "profile")
                .json()
                .get("coefficients")
                .get(1);
        // Mirror images of 30 of 40 and 10 of 40: nearly the Wald interval, and never the same.
        double difference =
                profile.get("ci_low").asDouble() - wald.get("ci_low").asDouble();
        assertThat(Math.abs(difference)).isBetween(1e-3, 0.1);
        assertThat(summary("--intervals", "profile").out()).contains("by likelihood ratio");
        assertThat(summary("--intervals", "profile", "--covariance", "hc0").err())
                .isEqualTo(
                        "logits: --intervals profile goes by the likelihood of the model, --covariance hc0 does not trust"
                                + " that\n");
    }

    /** Offsets of hundreds leave Firth's likelihood with steps and flats: no fit of these ends. */
    @Test
    void aFitThatFindsNoOptimumIsToldInOneLine() throws IOException {
        StringBuilder csv = new StringBuilder("x,o,y\n");
        for (int i = 0; i < 40; i++) {
            csv.append(Math.rint(1000 * StrictMath.sin(i)) / 1000)
                    .append(',')
                    .append(Math.rint(400 * StrictMath.sin(3 * i + 1)))
                    .append(',')
                    .append((i % 2 == 1 ? i * i % 3 > 0 : i % 4 > 0) ? "b\n" : "a\n");
        }
        Path rows = folder.resolve("offsets.csv");
        Files.writeString(rows, csv);
        Run profile = Run.of("summary", rows, "--offset", "o", "--penalty", "firth");
        assertThat(profile.code()).isEqualTo(2);
        assertThat(profile.err())
                .isEqualTo("logits: the profile likelihood of x: no optimum was found in 500 steps;"
                        + " use --intervals wald\n");
        Run tests = Run.of("summary", rows, "--offset", "o", "--penalty", "firth", "--intervals", "wald", "--tests");
        assertThat(tests.code()).isEqualTo(2);
        assertThat(tests.err()).isEqualTo("logits: the fit without x: no optimum was found in 500 steps\n");
    }

    @Test
    void singleColumnsSayWhichLogOddsTheyAreOf() throws IOException {
        assertThat(summary("--columns", "group").out()).startsWith("log-odds of yes against no\n");
        Path rows = folder.resolve("three.csv");
        Files.writeString(rows, "x,y\n0,a\n1,a\n0,b\n1,b\n1,b\n0,c\n0,c\n1,c\n");
        assertThat(Run.of("summary", rows, "--columns", "x").out()).startsWith("log-odds of each class against a\n");
        assertThat(Run.of("summary", rows, "--columns", "x", "--penalty", "l2").out())
                .startsWith("logits of each class less their mean\n");
    }

    /** Three classes in two groups: the fit is known by counting. */
    @Test
    void manyClassesAreDiagnosedToo() throws IOException {
        Path rows = folder.resolve("three.csv");
        StringBuilder csv = new StringBuilder("x,y\n");
        "aabbcc".chars().forEach(c -> csv.append("0,").append((char) c).append('\n'));
        "aabc".chars().forEach(c -> csv.append("1,").append((char) c).append('\n'));
        Files.writeString(rows, csv);
        Path influence = folder.resolve("influence.csv");
        JsonNode json = Run.of("summary", rows, "--influence", influence, "--covariance", "hc3", "--vif", "--json")
                .json();
        List<String> lines = Files.readAllLines(influence);
        assertThat(lines.get(0)).isEqualTo("row,leverage,cook,pearson_residual,deviance_residual");
        // Two of six rows of the first group for each class: six rows share two parameters, and 1/3 was its
        // probability.
        double[] first = cells(lines.get(1));
        assertThat(first[1]).isCloseTo(2 / 6.0, EXACT);
        assertThat(first[3]).isCloseTo(Math.sqrt(2), EXACT);
        assertThat(first[4]).isCloseTo(Math.sqrt(2 * Math.log(3)), EXACT);
        // Of the first group (1 - 1/6)^-2 times HC0, which is the model's, the group being saturated: 1/2 + 1/2.
        assertThat(json.get("coefficients").get(0).get("standard_error").asDouble())
                .isCloseTo(6 / 5.0, EXACT);
        assertThat(json.get("variance_inflation").get(0).get("factor").asDouble())
                .isCloseTo(1, EXACT);
        assertThat(json.get("variance_inflation")
                        .get(0)
                        .get("degrees_of_freedom")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void weightsThatAreNoFrequenciesAreReferredToPrecision() throws IOException {
        Files.writeString(counts, """
                group,n,bought
                a,.3,yes
                a,.1,no
                b,.1,yes
                b,.3,no
                """);
        Path influence = folder.resolve("influence.csv");
        Path table = folder.resolve("table.csv");
        for (Run run :
                List.of(summary("--covariance", "hc3", "-o", table), summary("--influence", influence, "-o", table))) {
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err())
                    .isEqualTo("logits: weights below 1 are no frequencies: a row that stands for less than one has a"
                            + " leverage of 1 or more; use --weight-kind precision\n");
        }
        assertThat(influence).doesNotExist();
        assertThat(table).doesNotExist();
        assertThat(summary("--influence", influence, "--covariance", "hc3", "--weight-kind", "precision")
                        .err())
                .isEmpty();
    }

    @Test
    void rowsAreDiagnosedInFiles() throws IOException {
        Path influence = folder.resolve("influence.csv");
        Path probabilities = folder.resolve("probabilities.csv");
        Run run = summary("--influence", influence, "--probabilities", probabilities, "--effects", "--vif");
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .startsWith("log-odds of yes against no\n")
                .contains("effects on the probability of yes\n", "mean effect", "variance inflation: group 1");
        List<String> lines = Files.readAllLines(influence);
        assertThat(lines.get(0)).isEqualTo("row,leverage,cook,pearson_residual,deviance_residual");
        assertThat(lines).hasSize(5);
        // One of the 40 rows of group a has the leverage 1/40, and bought with a probability of 3/4.
        double[] first = cells(lines.get(1));
        assertThat(first[1]).isCloseTo(1 / 40.0, EXACT);
        assertThat(first[3]).isCloseTo(Math.sqrt(1 / 3.0), EXACT);
        List<String> rows = Files.readAllLines(probabilities);
        assertThat(rows.get(0)).isEqualTo("row,p(no),low(no),high(no),p(yes),low(yes),high(yes)");
        double[] row = cells(rows.get(1));
        double reach = 1.959963984540054 * Math.sqrt(1 / 30.0 + 1 / 10.0);
        assertThat(row[4]).isCloseTo(0.75, EXACT);
        assertThat(row[5]).isCloseTo(1 / (1 + Math.exp(-Math.log(3) + reach)), EXACT);
        assertThat(row[1] + row[4]).isCloseTo(1, EXACT);
        assertThat(row[2] + row[6]).isCloseTo(1, EXACT);
        JsonNode json = summary("--effects", "--vif", "--json").json();
        // p (1 - p) is 3/16 in both groups.
        assertThat(json.get("marginal_effects").get(0).get("effect").asDouble())
                .isCloseTo(-2 * Math.log(3) * 3 / 16, EXACT);
        assertThat(json.get("variance_inflation").get(0).get("factor").asDouble())
                .isCloseTo(1, EXACT);
    }
}
