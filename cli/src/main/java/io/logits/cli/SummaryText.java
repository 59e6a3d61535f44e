package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.inference.Coefficient;
import io.logits.inference.Covariance;
import io.logits.inference.GoodnessOfFit;
import io.logits.inference.Inference;
import io.logits.inference.Inflation;
import io.logits.inference.MarginalEffect;
import io.logits.inference.NoOptimumException;
import io.logits.inference.Parameter;
import io.logits.inference.TermTest;
import io.logits.solver.Solution;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code summary} has to say, for a script or a person. */
final class SummaryText {
    private static final double LEAST_P = 1e-16;

    private final Inference inference;
    private final GoodnessOfFit goodness;
    private final Errors errors;
    private final Dataset data;
    private final List<Coefficient> lines;
    private final List<TermTest> tests;
    private final List<MarginalEffect> effects;
    private final List<Inflation> inflation;
    private final boolean many;

    /** Which intervals. */
    enum Intervals {
        /** Estimate plus and minus a quantile times the standard error. */
        WALD,
        /** What a likelihood ratio test does not reject. */
        PROFILE
    }

    /** Where standard errors and intervals come from. */
    record Errors(CovarianceChoice choice, Covariance covariance, Intervals intervals, double level) {}

    /** What else was asked for. */
    record More(boolean tests, boolean effects, boolean inflation) {}

    SummaryText(Inference inference, GoodnessOfFit goodness, Errors errors, More more, Dataset data) {
        this.inference = inference;
        this.goodness = goodness;
        this.errors = errors;
        this.data = data;
        lines = errors.intervals() == Intervals.PROFILE
                ? profiled(inference, errors.level())
                : inference.coefficients(errors.covariance(), errors.level());
        tests = more.tests() ? inference.termTests(errors.covariance()) : List.of();
        effects = more.effects() ? inference.marginalEffects(errors.covariance(), errors.level()) : List.of();
        inflation = more.inflation() ? inference.inflation() : List.of();
        many = inference.fit().model().classes().size() > 2;
    }

    private static List<Coefficient> profiled(Inference inference, double level) {
        try {
            return inference.profiled(level);
        } catch (NoOptimumException e) {
            throw new IllegalArgumentException(e.getMessage() + "; use --intervals wald", e);
        }
    }

    /** One coefficient as a JSON object. */
    static void put(ObjectNode entry, Coefficient line, boolean many) {
        if (many) {
            entry.put("class", line.parameter().className());
        }
        entry.put("feature", line.parameter().feature())
                .put("coefficient", line.estimate())
                .put("standard_error", Json.number(line.standardError()))
                .put("z", Json.number(line.z()))
                .put("p", Json.number(line.p()))
                .put("ci_low", Json.number(line.low()))
                .put("ci_high", Json.number(line.high()))
                .put("odds_ratio", Json.number(line.oddsRatio()))
                .put("odds_ratio_low", Json.number(line.oddsRatioLow()))
                .put("odds_ratio_high", Json.number(line.oddsRatioHigh()));
    }

    /** The summary as a JSON object in one line. */
    String json() {
        ObjectNode summary = Json.object();
        ArrayNode table = summary.putArray("coefficients");
        for (Coefficient line : lines) {
            put(table.addObject(), line, many);
        }
        putTests(summary);
        putEffects(summary);
        putInflation(summary);
        summary.put("covariance", errors.choice().name().toLowerCase(Locale.ROOT))
                .put("intervals", errors.intervals().name().toLowerCase(Locale.ROOT))
                .put("level", errors.level())
                .put("log_likelihood", Json.number(goodness.logLikelihood()))
                .put("null_log_likelihood", Json.number(goodness.nullLogLikelihood()))
                .put("deviance", Json.number(goodness.deviance()))
                .put("null_deviance", Json.number(goodness.nullDeviance()))
                .put("aic", Json.number(goodness.aic()))
                .put("bic", Json.number(goodness.bic()))
                .put("mcfadden_r2", Json.number(goodness.mcfaddenR2()))
                .put("nagelkerke_r2", Json.number(goodness.nagelkerkeR2()))
                .put("rows", data.features().rows())
                .put("observations", goodness.observations())
                .put("degrees_of_freedom", goodness.parameters());
        FitReport.solution(summary.putObject("solution"), inference.fit());
        return Json.line(summary);
    }

    private void putTests(ObjectNode summary) {
        for (TermTest test : tests) {
            summary.withArray("terms")
                    .addObject()
                    .put("term", test.term())
                    .put("degrees_of_freedom", test.degrees())
                    .put("likelihood_ratio", Json.number(test.likelihoodRatio()))
                    .put("likelihood_ratio_p", Json.number(test.likelihoodRatioP()))
                    .put("wald", Json.number(test.wald()))
                    .put("wald_p", Json.number(test.waldP()))
                    .put("score", Json.number(test.score()))
                    .put("score_p", Json.number(test.scoreP()))
                    .put("wald_degrees_of_freedom", test.waldDegrees());
        }
    }

    private void putEffects(ObjectNode summary) {
        for (MarginalEffect effect : effects) {
            ObjectNode entry = summary.withArray("marginal_effects").addObject();
            if (many) {
                entry.put("class", effect.parameter().className());
            }
            entry.put("feature", effect.parameter().feature())
                    .put("effect", effect.effect())
                    .put("standard_error", Json.number(effect.standardError()))
                    .put("z", Json.number(effect.z()))
                    .put("p", Json.number(effect.p()))
                    .put("ci_low", Json.number(effect.low()))
                    .put("ci_high", Json.number(effect.high()));
        }
    }

    private void putInflation(ObjectNode summary) {
        for (Inflation factor : inflation) {
            summary.withArray("variance_inflation")
                    .addObject()
                    .put("term", factor.term())
                    .put("degrees_of_freedom", factor.degrees())
                    .put("factor", Json.number(factor.factor()))
                    .put("per_standard_error", Json.number(factor.perError()));
        }
    }

    /** The table of coefficients with full digits; what does not exist is an empty cell. */
    String csv() {
        return csv(lines, many);
    }

    /** A table of coefficients with full digits. */
    static String csv(List<Coefficient> lines, boolean many) {
        StringBuilder csv = new StringBuilder(many ? "class," : "")
                .append(
                        "feature,coefficient,standard_error,z,p,ci_low,ci_high,odds_ratio,odds_ratio_low,odds_ratio_high\n");
        for (Coefficient line : lines) {
            csv.append(many ? Csv.cell(line.parameter().className()) + "," : "")
                    .append(Csv.cell(line.parameter().feature()));
            double[] numbers = {
                line.estimate(),
                line.standardError(),
                line.z(),
                line.p(),
                line.low(),
                line.high(),
                line.oddsRatio(),
                line.oddsRatioLow(),
                line.oddsRatioHigh()
            };
            for (double number : numbers) {
                csv.append(',').append(Csv.number(number));
            }
            csv.append('\n');
        }
        return csv.toString();
    }

    /** The matrix of covariances: a header with a name for each parameter, and a row for each. */
    String matrixCsv() {
        List<String> names =
                errors.covariance().parameters().stream().map(this::label).toList();
        StringBuilder csv = new StringBuilder(names.stream().map(Csv::cell).collect(Collectors.joining(",")));
        csv.append('\n');
        for (int a = 0; a < names.size(); a++) {
            for (int b = 0; b < names.size(); b++) {
                csv.append(b == 0 ? "" : ",")
                        .append(Csv.number(errors.covariance().get(a, b)));
            }
            csv.append('\n');
        }
        return csv.toString();
    }

    /** The summary as a table for a person. */
    String text() {
        List<String> out = new ArrayList<>();
        out.add(logOdds(inference.fit().model().classes()));
        out.addAll(table(lines, List.of(), many, errors.level()));
        if (errors.choice() != CovarianceChoice.MODEL) {
            out.add("standard errors: " + errors.choice().name().toLowerCase(Locale.ROOT));
        }
        if (errors.intervals() == Intervals.PROFILE) {
            out.add("intervals and p by likelihood ratio, z is its signed root");
        }
        out.add("");
        if (!tests.isEmpty()) {
            out.addAll(terms());
            out.add("");
        }
        if (!effects.isEmpty()) {
            out.addAll(effects());
            out.add("");
        }
        if (!inflation.isEmpty()) {
            out.add("variance inflation: "
                    + inflation.stream().map(SummaryText::inflation).collect(Collectors.joining(", ")));
            out.add("");
        }
        out.addAll(fit());
        return String.join("\n", out) + "\n";
    }

    /** What a table is of, where the first class is the reference. */
    static String logOdds(List<String> classes) {
        return "log-odds of " + (classes.size() > 2 ? "each class" : classes.get(1)) + " against " + classes.get(0);
    }

    /** A table of coefficients for a person; those that are unsolved have no interval, and need not depend on others for that. */
    static List<String> table(List<Coefficient> lines, List<Parameter> unsolved, boolean many, double level) {
        int width = lines.stream()
                .mapToInt(line -> label(line.parameter(), many).length())
                .max()
                .orElse(0);
        String interval = Words.number(100 * level, 6) + " % interval";
        List<String> out = new ArrayList<>();
        out.add(String.format(
                Locale.ROOT,
                "%-" + Math.max(1, width) + "s %12s %12s %9s %9s %26s %12s",
                "",
                "coefficient",
                "std. error",
                "z",
                "p",
                interval,
                "odds ratio"));
        for (Coefficient line : lines) {
            out.add(String.format(
                    Locale.ROOT,
                    "%-" + Math.max(1, width) + "s %12s %12s %9s %9s %26s %12s",
                    label(line.parameter(), many),
                    Words.number(line.estimate(), 6),
                    word(line.standardError(), 5),
                    word(line.z(), 4),
                    p(line.p()),
                    unsolved.contains(line.parameter()) ? "not solved" : interval(line.low(), line.high()),
                    Words.number(line.oddsRatio(), 5)));
        }
        return out;
    }

    /** A table of the tests: each statistic and the probability of a larger one. */
    private List<String> terms() {
        int width = tests.stream().mapToInt(test -> test.term().length()).max().orElse(0);
        String format = "%-" + Math.max(1, width) + "s %7s %22s %22s %22s";
        List<String> out = new ArrayList<>();
        out.add(String.format(Locale.ROOT, format, "", "degrees", "likelihood ratio, p", "Wald, p", "score, p"));
        for (TermTest test : tests) {
            out.add(String.format(
                    Locale.ROOT,
                    format,
                    test.term(),
                    test.degrees(),
                    Words.number(test.likelihoodRatio(), 5) + "  " + p(test.likelihoodRatioP()),
                    Words.number(test.wald(), 5) + "  " + p(test.waldP()),
                    Words.number(test.score(), 5) + "  " + p(test.scoreP())));
        }
        String few = tests.stream()
                .filter(test -> test.waldDegrees() < test.degrees())
                .map(test -> test.term() + " " + test.waldDegrees())
                .collect(Collectors.joining(", "));
        if (!few.isEmpty()) {
            out.add("degrees of Wald tests whose covariances have not full rank: " + few);
        }
        return out;
    }

    /** A table of the average marginal effects. */
    private List<String> effects() {
        int width = effects.stream()
                .mapToInt(effect -> label(effect.parameter()).length())
                .max()
                .orElse(0);
        String format = "%-" + Math.max(1, width) + "s %12s %12s %9s %9s %26s";
        List<String> out = new ArrayList<>();
        out.add("effects on the probability of "
                + (many ? "each class" : effects.get(0).parameter().className()));
        out.add(String.format(Locale.ROOT, format, "", "mean effect", "std. error", "z", "p", "interval"));
        for (MarginalEffect effect : effects) {
            out.add(String.format(
                    Locale.ROOT,
                    format,
                    label(effect.parameter()),
                    Words.number(effect.effect(), 6),
                    word(effect.standardError(), 5),
                    word(effect.z(), 4),
                    p(effect.p()),
                    interval(effect.low(), effect.high())));
        }
        return out;
    }

    private List<String> fit() {
        Solution solution = inference.fit().solution();
        return List.of(
                "log-likelihood " + Words.number(goodness.logLikelihood(), 8) + " of " + goodness.parameters()
                        + " parameters, " + Words.number(goodness.nullLogLikelihood(), 8) + " of the null model; "
                        + Words.number(goodness.observations(), 12) + " observations",
                "deviance " + Words.number(goodness.deviance(), 8) + ", AIC " + Words.number(goodness.aic(), 8)
                        + ", BIC "
                        + Words.number(goodness.bic(), 8) + ", R2 " + Words.number(goodness.mcfaddenR2(), 4)
                        + " (McFadden), " + Words.number(goodness.nagelkerkeR2(), 4) + " (Nagelkerke)",
                (solution.converged() ? "converged: " : "NOT CONVERGED: ")
                        + solution.reason().sentence() + ", Newton decrement "
                        + Words.number(solution.newtonDecrement(), 2));
    }

    /** Of a term with several coefficients also what comes to one standard error, which compares terms. */
    private static String inflation(Inflation factor) {
        String text = factor.term() + " " + Words.number(factor.factor(), 4);
        return factor.degrees() == 1
                ? text
                : text + " (" + factor.degrees() + " coefficients, " + Words.number(factor.perError(), 4)
                        + " per std. error)";
    }

    private String label(Parameter parameter) {
        return label(parameter, many);
    }

    private static String label(Parameter parameter, boolean many) {
        return many ? parameter.className() + ": " + parameter.feature() : parameter.feature();
    }

    private static String interval(double low, double high) {
        return Double.isNaN(low) ? "depends on others" : Words.number(low, 5) + " to " + Words.number(high, 5);
    }

    private static String word(double value, int digits) {
        return Double.isNaN(value) ? "-" : Words.number(value, digits);
    }

    private static String p(double value) {
        return value < LEAST_P ? "< 1e-16" : word(value, 3);
    }
}
