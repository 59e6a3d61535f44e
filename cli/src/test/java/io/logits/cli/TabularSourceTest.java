package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TabularSourceTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aTableHasNothingForTheFlightRecorder() throws IOException {
        Path rows = Files.writeString(folder.resolve("rows.csv"), "x,y\n1,a\n2,b\n3,a\n4,b\n");
        assertThat(Run.of("fit", rows, "-o", folder.resolve("m.safetensors")).code())
                .isZero();
        assertThat(FlightRecorder.getFlightRecorder().getEventTypes())
                .extracting(EventType::getName)
                .noneMatch(name -> name.startsWith("duckdb"));
    }
}
