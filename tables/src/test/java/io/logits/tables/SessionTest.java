package io.logits.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import org.junit.jupiter.api.Test;

class SessionTest {
    @Test
    void aSessionHasNothingForTheFlightRecorder() throws SQLException {
        try (Session session = Session.open()) {
            assertThat(session.rows("select 1")).hasSize(1);
        }
        assertThat(FlightRecorder.getFlightRecorder().getEventTypes())
                .extracting(EventType::getName)
                .noneMatch(name -> name.startsWith("duckdb"));
    }
}
