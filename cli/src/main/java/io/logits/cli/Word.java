package io.logits.cli;

import io.logits.calibration.CalibrationMethod;
import io.logits.data.Precision;
import io.logits.estimator.PenaltyKind;
import io.logits.estimator.SolverChoice;
import io.logits.inference.WeightKind;
import io.logits.plots.LogitFigures;
import io.logits.selection.LambdaRule;
import io.logits.selection.Measure;
import io.logits.tables.MissingRule;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An option's value that is one word of a few. */
abstract class Word<T> implements ITypeConverter<T> {
    private final Map<String, T> words = new LinkedHashMap<>();

    /** Adds a word that is allowed, and what it means. */
    final void allow(String word, T meaning) {
        words.put(word, meaning);
    }

    @Override
    public final T convert(String given) {
        T meaning = words.get(given);
        if (meaning == null) {
            throw new TypeConversionException("'" + given + "' is not one of " + String.join(", ", words.keySet()));
        }
        return meaning;
    }

    /** {@code --format}. */
    static final class OfFormat extends Word<DataFormat> {
        OfFormat() {
            for (DataFormat format : DataFormat.values()) {
                allow(format.label(), format);
            }
        }
    }

    /** {@code --precision}. */
    static final class OfPrecision extends Word<PrecisionChoice> {
        OfPrecision() {
            allow("auto", PrecisionChoice.AUTO);
            allow("float", PrecisionChoice.FLOAT);
            allow("double", PrecisionChoice.DOUBLE);
        }

        static String word(Precision precision) {
            return precision == Precision.FLOAT32 ? "float" : "double";
        }
    }

    /** {@code --missing}. */
    static final class OfMissing extends Word<MissingRule> {
        OfMissing() {
            for (MissingRule rule : MissingRule.values()) {
                allow(rule.name().toLowerCase(Locale.ROOT), rule);
            }
        }
    }

    /** {@code --calibrate}. */
    static final class OfCalibration extends Word<CalibrationMethod> {
        OfCalibration() {
            for (CalibrationMethod method : CalibrationMethod.values()) {
                allow(method.label(), method);
            }
        }
    }

    /** {@code --penalty}. */
    static final class OfPenalty extends Word<PenaltyKind> {
        OfPenalty() {
            for (PenaltyKind penalty : PenaltyKind.values()) {
                allow(penalty.label(), penalty);
            }
        }
    }

    /** {@code --weight-kind}. */
    static final class OfWeights extends Word<WeightKind> {
        OfWeights() {
            for (WeightKind kind : WeightKind.values()) {
                allow(kind.name().toLowerCase(Locale.ROOT), kind);
            }
        }
    }

    /** {@code --intervals}. */
    static final class OfIntervals extends Word<SummaryText.Intervals> {
        OfIntervals() {
            for (SummaryText.Intervals kind : SummaryText.Intervals.values()) {
                allow(kind.name().toLowerCase(Locale.ROOT), kind);
            }
        }
    }

    /** {@code --covariance}. */
    static final class OfCovariance extends Word<CovarianceChoice> {
        OfCovariance() {
            for (CovarianceChoice choice : CovarianceChoice.values()) {
                allow(choice.name().toLowerCase(Locale.ROOT), choice);
            }
        }
    }

    /** {@code --solver}. */
    static final class OfSolver extends Word<SolverChoice> {
        OfSolver() {
            for (SolverChoice solver : SolverChoice.values()) {
                allow(solver.label(), solver);
            }
        }
    }

    /** {@code --family}. */
    static final class OfFamily extends Word<Family> {
        OfFamily() {
            for (Family family : Family.values()) {
                allow(family.name().toLowerCase(Locale.ROOT), family);
            }
        }
    }

    /** The function of {@code compute}. */
    static final class OfFunction extends Word<LogitFunction> {
        OfFunction() {
            for (LogitFunction function : LogitFunction.values()) {
                allow(function.label(), function);
            }
        }
    }

    /** The picture of {@code plot}. */
    static final class OfPicture extends Word<LogitFigures> {
        OfPicture() {
            for (LogitFigures picture : LogitFigures.values()) {
                allow(picture.label(), picture);
            }
        }
    }

    /** {@code --measure}. */
    static final class OfMeasure extends Word<Measure> {
        OfMeasure() {
            for (Measure measure : Measure.values()) {
                allow(measure.label(), measure);
            }
        }
    }

    /** {@code --lambda-rule}. */
    static final class OfRule extends Word<LambdaRule> {
        OfRule() {
            for (LambdaRule rule : LambdaRule.values()) {
                allow(rule.label(), rule);
            }
        }
    }

    /** {@code --output-format}. */
    static final class OfOutput extends Word<PredictionText.Shape> {
        OfOutput() {
            allow("csv", PredictionText.Shape.CSV);
            allow("jsonl", PredictionText.Shape.JSONL);
        }
    }

    /** {@code --dtype}. */
    static final class OfNumbers extends Word<SampleBinary.Type> {
        OfNumbers() {
            for (SampleBinary.Type type : SampleBinary.Type.values()) {
                allow(type.label(), type);
            }
        }
    }
}
