package io.logits.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverLibraryTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aLibraryThatIsNotThereIsToldInOneLine() {
        Path file = folder.resolve("libduckdb_java.so_linux_riscv64");
        assertThatThrownBy(() -> DriverLibrary.loadFrom(file))
                .isInstanceOf(InputException.class)
                .hasMessage(file + ": there is no such file, DuckDB's library for this platform");
    }

    @Test
    void aLibraryThatCannotBeLoadedIsToldInOneLine() throws IOException {
        byte[] bytes =
                Files.readAllBytes(Path.of(System.getProperty("java.home"), "lib", System.mapLibraryName("zip")));
        // Of a processor that there is not.
        Arrays.fill(bytes, 18, 20, (byte) 0xff);
        Path file = Files.write(folder.toRealPath().resolve("libduckdb_java.so_linux_riscv64"), bytes);
        assertThatThrownBy(() -> DriverLibrary.loadFrom(file))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(file + ": DuckDB's library cannot be loaded: ")
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1))
                .satisfies(e ->
                        assertThat(e.getMessage().split(file.toString(), -1)).hasSize(2));
    }

    @Test
    void theFirstCauseIsTold() {
        Error thrown = new ExceptionInInitializerError(new IllegalStateException(new IOException("no room")));
        assertThat(DriverLibrary.unusable("DuckDB", thrown))
                .hasMessage("DuckDB: DuckDB's library cannot be loaded: no room");
    }
}
