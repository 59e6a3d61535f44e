package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report in Chromium without a window. Its screenshots stay in {@code target/report}, to be looked at. */
class ReportInBrowserTest {
    private static final int HEIGHT = 5000;

    @TempDir
    private Path folder = Path.of("");

    private Path page = Path.of("");

    @BeforeEach
    void findBrowserAndWritePage() throws IOException {
        assumeTrue(
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, "chromium"))),
                "there is no chromium on the path");
        Path rows = ReportTest.table(folder, 3);
        Path model = folder.resolve("model.safetensors");
        page = folder.resolve("page.html");
        Run.of("fit", rows, "-o", model);
        Run.of("report", model, rows, "-o", page);
    }

    /** What the browser writes to standard error, its console's lines among it. */
    private String opened(Path html, String... options) throws IOException, InterruptedException {
        Path profile = Files.createTempDirectory(folder, "profile");
        Path log = folder.resolve("log");
        List<String> command = new java.util.ArrayList<>(List.of(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--enable-logging=stderr",
                "--user-data-dir=" + profile));
        command.addAll(List.of(options));
        command.add(html.toUri().toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("chromium ends")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(log);
    }

    /** The page in a frame as wide as it is to be: the browser's own window never is narrower than 500 pixels. */
    private Path framed(int width, String more) throws IOException {
        Path frame = folder.resolve("frame.html");
        Files.writeString(
                frame,
                "<body style=\"margin:0;background:#888\"><iframe id=\"f\" src=\"page.html\" style=\"width:" + width
                        + "px;height:" + HEIGHT + "px;border:0\"></iframe>" + more);
        return frame;
    }

    private BufferedImage screenshot(int width, boolean dark) throws IOException, InterruptedException {
        Path kept = Files.createDirectories(Path.of("target", "report"));
        Path image = kept.resolve(width + (dark ? "-dark" : "-light") + ".png").toAbsolutePath();
        Files.deleteIfExists(image);
        String log = opened(
                framed(width, ""),
                "--window-size=" + Math.max(500, width) + "," + HEIGHT,
                "--screenshot=" + image,
                "--blink-settings=preferredColorScheme=" + (dark ? 0 : 1));
        assertThat(log).doesNotContain("CONSOLE");
        return ImageIO.read(image.toFile());
    }

    private static Map<Integer, Integer> colours(BufferedImage image) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                counts.merge(image.getRGB(x, y) & 0xffffff, 1, Integer::sum);
            }
        }
        return counts;
    }

    @Test
    void itShowsInLightAndDarkOnAPhoneAndAScreenWithoutAComplaint() throws IOException, InterruptedException {
        for (int width : new int[] {400, 1400}) {
            Map<Integer, Integer> light = colours(screenshot(width, false));
            Map<Integer, Integer> dark = colours(screenshot(width, true));
            // Paper, and the blue and vermilion of bars.
            assertThat(light.getOrDefault(0xffffff, 0)).isGreaterThan(width * HEIGHT / 2);
            assertThat(dark.getOrDefault(0x0d1117, 0)).isGreaterThan(width * HEIGHT / 2);
            assertThat(light.getOrDefault(0x0072b2, 0)).isGreaterThan(2000);
            assertThat(light.getOrDefault(0xd55e00, 0)).isGreaterThan(1000);
            assertThat(dark.getOrDefault(0x56b4e9, 0)).isGreaterThan(2000);
        }
    }

    @Test
    void itNeverScrollsSideways() throws IOException, InterruptedException {
        for (int width : new int[] {320, 400, 1400}) {
            Path frame = framed(
                    width,
                    "<script>f.onload=()=>document.body.insertAdjacentHTML('beforeend','<p>'+f.contentWindow.innerWidth+"
                            + "(f.contentDocument.documentElement.scrollWidth>f.contentWindow.innerWidth?' scrolls':' fits')"
                            + "+'</p>')</script>");
            assertThat(opened(frame, "--allow-file-access-from-files", "--dump-dom"))
                    .contains("<p>" + width + " fits</p>");
        }
    }

    @Test
    void theBrowserFindsEveryPicture() throws IOException, InterruptedException {
        String dom = opened(page, "--dump-dom");
        String html = Files.readString(page);
        assertThat(dom.split("<svg ", -1))
                .hasSameSizeAs(html.split("<svg ", -1))
                .hasSizeGreaterThan(8);
        assertThat(dom).doesNotContain("<script>");
    }

    /** Complaints of the console would be seen. */
    @Test
    void aPageThatFetchesOrRunsSomethingIsComplainedAbout() throws IOException, InterruptedException {
        Path bad = folder.resolve("bad.html");
        Files.writeString(
                bad, Files.readString(page).replace("</main>", "<img src=\"http://127.0.0.1:9/x.png\"></main>"));
        assertThat(opened(bad, "--dump-dom")).contains("CONSOLE").contains("Content Security Policy");
    }
}
