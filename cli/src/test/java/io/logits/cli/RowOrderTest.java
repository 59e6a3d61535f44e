package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logits.formats.ModelFile;
import io.logits.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of svmlight files may be read by length where that does not show, and not where it does. */
class RowOrderTest {
    @TempDir
    private Path folder = Path.of("");

    private Path rows() throws IOException {
        Random random = new Random(2);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            StringBuilder line = new StringBuilder(random.nextInt(3) == 0 ? "yes" : "no");
            for (int j = 1; j <= 8; j++) {
                if (random.nextBoolean()) {
                    line.append(' ').append(j).append(':').append(random.nextGaussian());
                }
            }
            lines.add(line.toString());
        }
        return Files.write(folder.resolve("rows.svm"), lines);
    }

    @Test
    void aFitIsThatOfTheFileButForRounding() throws IOException {
        Path rows = rows();
        Path any = folder.resolve("any.safetensors");
        Path inOrder = folder.resolve("in-order.safetensors");
        assertThat(Run.of("fit", rows, "--tol", "1e-12", "-o", any).code()).isZero();
        assertThat(Run.of("fit", rows, "--tol", "1e-12", "--calibrate", "platt", "-o", inOrder)
                        .code())
                .isZero();
        Model one = ModelFile.read(any);
        Model other = ModelFile.read(inOrder);
        for (int j = 0; j < one.features(); j++) {
            assertThat(one.coefficient(0, j)).isCloseTo(other.coefficient(0, j), within(1e-6));
        }
    }

    @Test
    void influenceComesInTheOrderOfTheFile() throws IOException {
        Path rows = rows();
        Path influence = folder.resolve("influence.csv");
        assertThat(Run.of("summary", rows, "--penalty", "none", "--influence", influence)
                        .code())
                .isZero();
        List<String> labels = new ArrayList<>();
        for (String line : Files.readAllLines(rows)) {
            labels.add(line.split(" ", 2)[0]);
        }
        List<String> written = Files.readAllLines(influence);
        int residual = List.of(written.get(0).split(",")).indexOf("pearson_residual");
        assertThat(written).hasSize(labels.size() + 1);
        for (int i = 0; i < labels.size(); i++) {
            double value = Double.parseDouble(written.get(i + 1).split(",")[residual]);
            assertThat(value > 0).as("row %s", i).isEqualTo(labels.get(i).equals("yes"));
        }
    }
}
