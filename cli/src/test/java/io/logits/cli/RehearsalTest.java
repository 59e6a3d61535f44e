package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class RehearsalTest {
    /** What is refused loads few classes. Refused are, as they are to be, an option and a folder without a model. */
    @Test
    void whatIsToSucceedDoes() throws IOException {
        assertThat(new Rehearsal().run()).containsExactly("fit 2", "generate 2");
    }
}
