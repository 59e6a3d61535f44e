package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.plots.LogitFigures;
import io.logits.plots.Svg;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlotTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void theNameOfTheFileChoosesItsKind(LogitFigures picture) throws IOException {
        Path svg = folder.resolve("picture.SVG");
        assertThat(Run.of("plot", picture.label(), "-o", svg))
                .isEqualTo(new Run(0, "", "logits: the picture is in " + svg + "\n"));
        assertThat(svg).usingCharset(StandardCharsets.UTF_8).hasContent(Svg.of(picture.figure()));
        Path png = folder.resolve("picture.png");
        assertThat(Run.of("plot", picture.label(), "-o", png, "--quiet")).isEqualTo(new Run(0, "", ""));
        assertThat(ImageIO.read(png.toFile()).getWidth())
                .isEqualTo(2 * picture.figure().width());
    }

    @Test
    void jsonSaysWhereThePictureIs() {
        Path svg = folder.resolve("s.svg");
        assertThat(Run.of("plot", "sigmoid", "-o", svg, "--json"))
                .isEqualTo(new Run(0, "{\"picture\":\"sigmoid\",\"output\":\"" + svg + "\"}\n", ""));
    }

    @Test
    void otherNamesAndPicturesAreRefused() {
        Path file = folder.resolve("s.pdf");
        assertThat(Run.of("plot", "sigmoid", "-o", file))
                .isEqualTo(new Run(2, "", "logits: " + file + ": the name ends neither in .png nor in .svg\n"));
        assertThat(file).doesNotExist();
        Path nowhere = folder.resolve("no").resolve("s.png");
        assertThat(Run.of("plot", "sigmoid", "-o", nowhere))
                .isEqualTo(new Run(2, "", "logits: " + nowhere + ": there is no folder " + nowhere.getParent() + "\n"));
        assertThat(Run.of("plot", "cosine"))
                .isEqualTo(new Run(
                        2,
                        "",
                        "logits: invalid value for positional parameter at index 0 (PICTURE): 'cosine' is not one of"
                                + " sigmoid, log-loss, softmax-temperature, sampling; see logits plot --help\n"));
    }
}
