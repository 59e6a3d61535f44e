package io.logits.tables;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Dataset;
import io.logits.data.InputException;
import io.logits.data.Matrix;
import io.logits.features.TableEncoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.io.TempDir;

/** Writes tables to files and reads them. */
abstract class TableTest {
    static final TableOptions DEFAULTS = TableOptions.defaults();

    @TempDir
    Path folder;

    /** A file with these lines. */
    Path file(String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    }

    LearntTable learn(Path file, TableOptions options) {
        return TableReader.learn(TableSource.of(file), options);
    }

    /** Fails with one line, in which the folder is left out. */
    void assertMessage(String message, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOf(InputException.class)
                .extracting(e -> e.getMessage().replace(folder.toString() + "/", ""))
                .isEqualTo(message);
    }

    static TableEncoding encoding(LearntTable table) {
        return (TableEncoding) table.data().encoding();
    }

    static double[][] rows(Dataset data) {
        return rows(data.features());
    }

    static double[][] rows(Matrix features) {
        double[][] rows = new double[features.rows()][features.cols()];
        for (int i = 0; i < rows.length; i++) {
            features.copyRow(i, rows[i]);
        }
        return rows;
    }
}
