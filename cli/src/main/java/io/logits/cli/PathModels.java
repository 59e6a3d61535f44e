package io.logits.cli;

import io.logits.data.InputException;
import io.logits.formats.ModelFile;
import io.logits.formats.PathFile;
import io.logits.model.Model;
import io.logits.model.PathModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which model of a path is meant, for commands that take a model. */
final class PathModels {
    @Option(
            names = "--lambda",
            paramLabel = "X",
            description =
                    "Of the models of a path that at this lambda; between two lambdas coefficients are interpolated.")
    private @Nullable Double lambda;

    /** Whether a file is a path, and no model of it is chosen. */
    boolean wholePath(Path file) throws IOException {
        return lambda == null && Files.isRegularFile(file) && PathFile.isPath(file);
    }

    /**
     * Reads a model, or that of a path at the lambda given.
     *
     * @throws InputException if the file is a path and no lambda is given, or the other way round
     * @throws IllegalArgumentException if lambda is outside the path
     */
    Model read(Path file) throws IOException {
        if (lambda == null) {
            return model(file);
        }
        PathModel path = PathFile.read(file);
        try {
            return path.at(lambda);
        } catch (IllegalArgumentException e) {
            throw new InputException(file.toString(), String.valueOf(e.getMessage()));
        }
    }

    private Model model(Path file) throws IOException {
        try {
            return ModelFile.read(file);
        } catch (InputException e) {
            throw wholePath(file) ? choiceNeeded(file) : e;
        }
    }

    private static InputException choiceNeeded(Path file) throws IOException {
        List<PathModel.Point> points = PathFile.read(file).points();
        return new InputException(
                file.toString(),
                "this is a path of " + points.size() + " models, say --lambda X, from "
                        + points.get(0).lambda() + " to "
                        + points.get(points.size() - 1).lambda());
    }
}
