package io.logits.formats;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes one model after the other over the same file is killed at random moments. */
class KillDuringWriteTest {
    private static final int KILLS = Integer.getInteger("logits.kills", 10);
    private static final int CLASSES = 20;
    private static final int FEATURES = 10_000;

    @TempDir
    Path folder;

    /** The process to be killed: every number of its n-th model is n. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws IOException {
            for (int n = 1; ; n++) {
                ModelFile.write(Path.of(args[0]), Models.constant(n, CLASSES, FEATURES));
                System.out.write('.');
                System.out.flush();
            }
        }
    }

    @Test
    void theFileIsTheOldOneOrTheNewOneAsAWhole() throws Exception {
        Random random = new Random(1);
        Path file = folder.resolve("model.safetensors");
        for (int kill = 0; kill < KILLS; kill++) {
            Process writer = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writer.class.getName(),
                            file.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try {
                assertThat(writer.getInputStream().read())
                        .as("the first model was written")
                        .isEqualTo('.');
                TimeUnit.MICROSECONDS.sleep(random.nextInt(60_000));
            } finally {
                writer.destroyForcibly().waitFor();
            }
            assertWhole(ModelFile.read(file));
        }
        assertThat(Files.size(file)).isGreaterThan(8L * CLASSES * FEATURES);
    }

    private static void assertWhole(Model model) {
        double n = model.intercept(0);
        assertThat(n).isPositive();
        for (int k = 0; k < CLASSES; k++) {
            for (int j = 0; j < FEATURES; j++) {
                if (model.coefficient(k, j) != n) {
                    assertThat(model.coefficient(k, j)).isEqualTo(n);
                }
            }
            assertThat(model.intercept(k)).isEqualTo(n);
        }
    }
}
