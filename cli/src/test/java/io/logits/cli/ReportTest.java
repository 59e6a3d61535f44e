package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.formats.ModelFile;
import io.logits.model.Model;
import io.logits.model.Provenance;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ReportTest {
    /** A class, a feature and a category that a page must not take for markup. */
    static final String HOSTILE = "</svg><script>alert(1)</script>&\"'";

    private static final List<String> PICTURES =
            List.of("learning-curve", "coefficients", "roc", "precision-recall", "reliability", "scores", "confusion");

    @TempDir
    private Path folder = Path.of("");

    private Path model = Path.of("");
    private Path page = Path.of("");

    @BeforeEach
    void namePaths() {
        model = folder.resolve("model.safetensors");
        page = folder.resolve("page.html");
    }

    /** Rows of so many classes that overlap, with a number of a hostile name and a hostile category. */
    static Path table(Path folder, int classes) throws IOException {
        SplittableRandom random = new SplittableRandom(classes);
        StringBuilder text = new StringBuilder("x,\"" + HOSTILE.replace("\"", "\"\"") + "\",city,y\n");
        for (int i = 0; i < 40 * classes; i++) {
            int k = i % classes;
            text.append(String.format(
                    Locale.ROOT,
                    "%.3f,%.3f,%s,%s%n",
                    random.nextDouble(-1, 1) + k,
                    random.nextDouble(-2, 2) - k * k / 4.0,
                    random.nextBoolean() ? "Rome" : "\"" + HOSTILE.replace("\"", "\"\"") + "\"",
                    k == 1 ? "\"" + HOSTILE.replace("\"", "\"\"") + "\"" : "class " + k));
        }
        Path file = folder.resolve("rows" + classes + ".csv");
        Files.writeString(file, text);
        return file;
    }

    /** Puts what the model says of the weights of its classes, as earlier versions wrote it. */
    private void remember(String classWeights) throws IOException {
        Model known = ModelFile.read(model);
        Provenance from = known.provenance();
        Map<String, String> options = new LinkedHashMap<>(from.options());
        options.put("class_weights", classWeights);
        ModelFile.write(
                model,
                known.withProvenance(
                        new Provenance(from.library(), from.kernels(), from.data(), options, from.solution())));
    }

    private String report(Path rows, Object... options) throws IOException {
        Object[] args = new Object[5 + options.length];
        System.arraycopy(new Object[] {"report", model, rows, "-o", page}, 0, args, 0, 5);
        System.arraycopy(options, 0, args, 5, options.length);
        Run run = Run.of(args);
        assertThat(run.code()).as(run.err()).isZero();
        return Files.readString(page);
    }

    private static List<String> found(String regex, String text) {
        return Pattern.compile(regex)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    @Test
    void thePageHasEveryPictureInWordsTooAndNeedsNothingElse() throws IOException {
        Path rows = table(folder, 2);
        Run.of("fit", rows, "-o", model);
        String html = report(rows);
        assertThat(found("<figure id=\"([^\"]+)\"", html)).containsExactlyElementsOf(PICTURES);
        assertThat(found("<svg role=\"img\" aria-labelledby=\"(\\S+)-title", html))
                .containsExactlyElementsOf(PICTURES);
        assertThat(found("<desc[^>]*>([^<]{40,})</desc>", html)).hasSize(PICTURES.size());
        assertThat(found("<figcaption>([^<]{60,})</figcaption>", html)).hasSize(PICTURES.size());
        List<String> ids = found(" id=\"([^\"]+)\"", html);
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(ids).containsAll(found("url\\(#([^)]+)\\)", html));
        assertThat(html)
                .startsWith("<!DOCTYPE html>")
                .contains("<html lang=\"en\">", "width=device-width", "prefers-color-scheme:dark")
                .doesNotContain("<script", "src=", "http:", "https:", "@import", "NaN", "Infinity")
                .contains("converged: the gap is within the tolerance", "&lt;/svg&gt;&lt;script&gt;alert(1)");
    }

    @Test
    void thePictureOfTheFitIsItsTrace() throws Exception {
        Path rows = table(folder, 2);
        Run.of("fit", rows, "-o", model, "--solver", "lbfgs", "--tol", "1e-9");
        String trace =
                Run.of("inspect", model, "--json").json().at("/solution/trace").asString();
        assertThat(trace.split(" ", -1)).hasSizeGreaterThan(3);
        assertThat(Run.of("inspect", model).out()).contains("solution ").doesNotContain("trace");
        report(rows, "--figures", folder.resolve("a/b"));
        byte[] svg = Files.readAllBytes(folder.resolve("a/b/learning-curve.svg"));
        var marks = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg))
                .getElementsByTagName("circle");
        assertThat(marks.getLength()).isEqualTo(trace.split(" ", -1).length);
    }

    @Test
    void figuresAreWrittenAsSvgAndPng() throws IOException {
        Path rows = table(folder, 3);
        Run.of("fit", rows, "-o", model);
        Path figures = folder.resolve("figures");
        String html = report(rows, "--figures", figures, "--json");
        List<String> names = found("<figure id=\"([^\"]+)\"", html);
        assertThat(names).contains("coefficients-1", "coefficients-2", "coefficients-3", "confusion");
        for (String name : names) {
            assertThat(figures.resolve(name + ".svg")).content().startsWith("<svg xmlns=");
            assertThat(ImageIO.read(figures.resolve(name + ".png").toFile()).getWidth())
                    .isEqualTo(840);
        }
        assertThat(figures.toFile().list()).hasSize(2 * names.size());
    }

    @Test
    void jsonNamesThePictures() throws IOException {
        Path rows = table(folder, 2);
        Run.of("fit", rows, "-o", model);
        Run run = Run.of("report", model, rows, "-o", page, "--json");
        assertThat(run.out())
                .isEqualTo("{\"output\":\"" + page
                        + "\",\"pictures\":[\"learning-curve\",\"coefficients\",\"roc\",\"precision-recall\","
                        + "\"reliability\",\"scores\",\"confusion\"],\"figures\":null}\n");
        assertThat(Run.of("report", model, rows, "-o", page).err())
                .isEqualTo("logits: the report is in " + page + "\n");
    }

    @Test
    void manyClassesShowTheirWorstConfusions() throws IOException {
        Path rows = table(folder, 14);
        Run.of("fit", rows, "-o", model);
        String html = report(rows);
        assertThat(html).contains(">Confusions</h3>", "class 3 \u2192 ").doesNotContain("Confusion matrix");
        assertThat(found("(Coefficients of)", html)).hasSize(2 * 6);
        assertThat(html).contains("Named are the 6 classes told worst");
    }

    @Test
    void rowsOfOneClassHaveNoCurvesAndRowsAllRightNoErrors() throws IOException {
        Path rows = folder.resolve("easy.csv");
        Files.writeString(rows, "x,y\n1,a\n2,a\n8,b\n9,b\n");
        Run.of("fit", rows, "-o", model);
        assertThat(report(rows)).contains("every row was given its class", "id=\"roc\"");
        Path one = folder.resolve("one.csv");
        Files.writeString(one, "x,y\n1,a\n9,a\n");
        String html = report(one);
        assertThat(html).doesNotContain("id=\"roc\"", "NaN").contains("id=\"confusion\"", "The largest errors");
        assertThat(found("<tr><th scope=\"row\">(\\d+)</th><td>a</td><td>b</td>", html))
                .containsExactly("2");
    }

    @Test
    void aModelWithoutATraceHasNoLearningCurve() throws IOException {
        Path rows = folder.resolve("rows.svm");
        Files.writeString(rows, "-1 1:1 2:1\n1 1:3 3:1\n1 2:2\n");
        model = Path.of("../formats/src/test/resources/io/logits/formats/v1-binomial.safetensors");
        assertThat(report(rows)).doesNotContain("learning-curve").contains("id=\"roc\"");
    }

    @Test
    void coefficientsHaveIntervalsOrWordsThatSayWhyNot() throws IOException {
        Path rows = table(folder, 2);
        Run.of("fit", rows, "-o", model);
        String ridge = report(rows);
        assertThat(ridge)
                .contains("95 % interval", "normal distribution which the penalty stands for", "Surest is x:")
                .doesNotContain("no intervals here");
        Run.of("fit", rows, "--penalty", "none", "-o", model);
        assertThat(report(rows)).contains("of the log-likelihood over these rows.");
        // The intervals of an unpenalised model on its own rows are those of its summary.
        String line = Run.of("summary", rows, "-o", folder.resolve("table.csv")).code() == 0
                ? Files.readAllLines(folder.resolve("table.csv")).stream()
                        .filter(l -> l.startsWith("x,"))
                        .findFirst()
                        .orElseThrow()
                : "";
        String[] cells = line.split(",");
        assertThat(report(rows))
                .contains("<td>" + Words.number(Double.parseDouble(cells[5]), 3) + " to "
                        + Words.number(Double.parseDouble(cells[6]), 3) + "</td>");
        Run.of("fit", rows, "--penalty", "elasticnet", "--l1-ratio", "0.25", "-o", model);
        assertThat(report(rows))
                .contains("no intervals here: a penalty with L1", "elasticnet with 25 % L1 and lambda ")
                .doesNotContain("<th scope=\"col\">95 % interval</th>");
        Run.of("fit", rows, "--max-passes", "1", "-o", model);
        assertThat(report(rows)).contains("no intervals here: the fit did not reach its optimum");
    }

    @Test
    void thePictureOfARidgeHasTheFeaturesFarthestFromZeroInStandardErrors() throws IOException {
        int features = 33;
        SplittableRandom random = new SplittableRandom(33);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            double last = random.nextDouble(-1, 1);
            text.append(last + random.nextDouble(-0.5, 0.5) > 0 ? "1" : "-1");
            for (int j = 1; j < features; j++) {
                text.append(String.format(Locale.ROOT, " %d:%.3f", j, random.nextDouble(-1, 1)));
            }
            text.append(String.format(Locale.ROOT, " %d:%.3f%n", features, last));
        }
        Path rows = folder.resolve("wide.svm");
        Files.writeString(rows, text);
        Run.of("fit", rows, "-o", model);
        String html = report(rows);
        assertThat(html).contains("Surest is 33:", "Shown are the 30 of 33 features that are farthest from 0");
        List<Double> errors = found("<td>[^<]* to [^<]*</td><td>([^<]*)</td>", html).stream()
                .map(Double::valueOf)
                .toList();
        assertThat(errors).hasSize(30).isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void weightsOfTheFitLeaveNoIntervalsAlsoWhereTheirMeanIsOne() throws IOException {
        Path rows = folder.resolve("weighted.csv");
        StringBuilder text = new StringBuilder("x,w,y\n");
        for (int i = 0; i < 40; i++) {
            text.append(i % 8).append(i % 2 == 0 ? ",0.5," : ",1.5,").append(i % 3 == 0 ? "a\n" : "b\n");
        }
        Files.writeString(rows, text);
        Run.of("fit", rows, "--weights", "w", "-o", model);
        assertThat(report(rows)).contains("no intervals here: the rows of the fit had weights");
        for (String weights : List.of("balanced", "a=2,b=0.5")) {
            Run.of("fit", rows, "--class-weight", weights, "-o", model);
            assertThat(report(rows)).contains("no intervals here: the classes of the fit had weights");
        }
        Files.writeString(rows, text.toString().replaceAll(",[01]\\.5,", ",1,"));
        Run.of("fit", rows, "--weights", "w", "-o", model);
        assertThat(report(rows)).contains("95 % interval");
        remember("ByName[weights={}]");
        assertThat(report(rows)).contains("95 % interval");
        for (String weights : List.of("Balanced[]", "ByName[weights={a=2.0}]")) {
            remember(weights);
            assertThat(report(rows)).contains("no intervals here: the classes of the fit had weights");
        }
    }

    @Test
    void aFeatureMayHaveTheNameOfTheIntercept() throws IOException {
        Path rows = folder.resolve("names.csv");
        StringBuilder text = new StringBuilder("(intercept),x,y\n");
        for (int i = 0; i < 40; i++) {
            text.append(i % 7).append(',').append(i % 5).append(i % 3 == 0 ? ",a\n" : ",b\n");
        }
        Files.writeString(rows, text);
        Run.of("fit", rows, "--penalty", "none", "-o", model);
        double x = 0;
        for (JsonNode line : Run.of("inspect", model, "--json").json().get("coefficients")) {
            x = line.get("feature").asString().equals("x")
                    ? line.get("coefficient").asDouble()
                    : x;
        }
        assertThat(found("<th scope=\"row\">(\\(intercept\\)|x)</th><td>[^<]*</td><td>[^<]* to", report(rows)))
                .containsExactlyInAnyOrder("(intercept)", "x");
        assertThat(report(rows)).contains("<th scope=\"row\">x</th><td>" + Words.number(x, 5) + "</td>");
    }

    @Test
    void curvatureThatWouldTakeLongIsLeftOut() throws IOException {
        int features = 2999;
        int count = 22_300;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i % 3 == 0 ? "1 " : "-1 ").append(i % features + 1).append(":1\n");
        }
        Path rows = folder.resolve("large.svm");
        Files.writeString(rows, text);
        assertThat(Run.of("fit", rows, "-o", model).code()).isZero();
        assertThat(report(rows))
                .contains("no intervals here: the curvature of 3000 parameters over 22300 rows takes long;"
                        + " logits summary --columns has intervals of single columns.");
    }

    @Test
    void rowsOfManyClassesAreHeadedByTheFeature() throws IOException {
        Path rows = table(folder, 3);
        for (String penalty : List.of("l2", "l1")) {
            Run.of("fit", rows, "--penalty", penalty, "--lambda", "0.01", "-o", model);
            assertThat(report(rows))
                    .contains("<th scope=\"col\">feature</th><th scope=\"col\">class</th>")
                    .contains("<th scope=\"row\">x</th><td>class 2</td>");
        }
    }

    @Test
    void aPageThatAPictureCouldBeWrittenOverIsRefused() throws IOException {
        Path rows = table(folder, 2);
        Run.of("fit", rows, "-o", model);
        Path own = folder.resolve("roc.svg");
        Run run = Run.of("report", model, rows, "-o", own, "--figures", folder);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("logits: -o " + own + " is in the folder of --figures and named like a picture; name it"
                        + " .html, or give another folder\n");
        assertThat(own).doesNotExist();
        assertThat(Run.of("report", model, rows, "-o", page, "--figures", folder)
                        .code())
                .isZero();
    }

    /** Root may write everything: there nothing can be shown. */
    @Test
    void foldersThatMayNotBeWrittenAreRefusedBeforeTheWork() throws IOException {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        Assumptions.assumeFalse(Files.isWritable(closed), "this user may write everything");
        Path none = folder.resolve("none.csv");
        Path lost = closed.resolve("page.html");
        assertThat(Run.of("report", none, none, "-o", lost).err())
                .isEqualTo("logits: " + lost + ": the folder " + closed + " may not be written\n");
        Path figures = closed.resolve("new");
        assertThat(Run.of("report", none, none, "-o", page, "--figures", figures)
                        .err())
                .isEqualTo("logits: " + figures + ": the folder " + closed + " may not be written\n");
    }

    @Test
    void aModelOfAPathIsNamedAsWhatItIs() throws IOException {
        Path rows = table(folder, 2);
        Run.of("path", rows, "--lambda", "0.2,0.1", "-o", model);
        assertThat(report(rows, "--lambda", "0.15"))
                .contains("interpolated between the fits at lambda 0.2 and 0.1", "the optimum of nothing")
                .doesNotContain("not known");
        assertThat(report(rows, "--lambda", "0.1")).contains("converged: ", "95 % interval");
    }

    @Test
    void coefficientsAreTheModelsOwn() throws IOException {
        Path rows = table(folder, 3);
        Run.of("fit", rows, "--penalty", "l1", "--lambda", "0.02", "-o", model);
        double own = Run.of("inspect", model, "--json")
                .json()
                .get("coefficients")
                .get(0)
                .get("coefficient")
                .asDouble();
        assertThat(report(rows)).contains("<td>" + Words.number(own, 5) + "</td>");
    }

    @Test
    void whatSpeaksIsAgainstTheMeanRowOnlyWhereThatIsKnown() throws IOException {
        Path rows = folder.resolve("rows.svm");
        Files.writeString(rows, "-1 1:1 2:1\n1 1:3 3:1\n1 2:2\n-1 1:5\n");
        model = Path.of("../formats/src/test/resources/io/logits/formats/v1-binomial.safetensors");
        assertThat(report(rows)).contains("against a row of zeros").doesNotContain("against the mean row");
    }

    @Test
    void confusionsAreATableToo() throws IOException {
        Path rows = table(folder, 3);
        Run.of("fit", rows, "-o", model);
        assertThat(report(rows))
                .contains(
                        ">Confusion matrix, in rows<",
                        "<th scope=\"colgroup\" colspan=\"3\">predicted</th>",
                        "<th scope=\"col\">class 0</th>");
        Path many = table(folder, 14);
        Run.of("fit", many, "-o", model);
        assertThat(report(many)).contains(">The most frequent confusions<");
    }

    @Test
    void aFileInTheWayOfPicturesIsRefusedBeforeAnythingIsWritten() throws IOException {
        Path rows = table(folder, 2);
        Run.of("fit", rows, "-o", model);
        for (Path figures : List.of(rows, rows.resolve("below"))) {
            Run run = Run.of("report", model, rows, "-o", page, "--figures", figures);
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).isEqualTo("logits: " + rows + ": this is a file, a folder is needed\n");
            assertThat(page).doesNotExist();
        }
        Path none = folder.resolve("none.csv");
        assertThat(Run.of("report", model, none, "-o", page, "--figures", folder.resolve("new"))
                        .code())
                .isEqualTo(2);
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void nothingIsWrittenWhereRowsCannotBeRead() throws IOException {
        Path rows = table(folder, 2);
        Run.of("fit", rows, "-o", model);
        assertThat(Run.of("report", model, folder.resolve("none.csv"), "-o", page)
                        .code())
                .isEqualTo(2);
        assertThat(page).doesNotExist();
        Path lost = folder.resolve("no/page.html");
        assertThat(Run.of("report", model, rows, "-o", lost).err())
                .isEqualTo("logits: " + lost + ": there is no folder " + lost.getParent() + "\n");
    }
}
