package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the commands of the tutorials, and compares what these say that they print. */
class TutorialTest {
    /** The repository: surefire runs in the module. */
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static final Pattern BLOCK = Pattern.compile("(?s)```(\\w*)\n(.*?)```\n");
    private static final Pattern PIPE = Pattern.compile("(echo|printf) '([^']*)' \\| (.*)");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    @TempDir
    Path folder;

    /** A command, and the lines that it prints; {@code ...} stands for anything. */
    private record Step(String command, List<String> printed) {
        Pattern pattern() {
            String text = printed.stream().map(line -> line + "\n").collect(Collectors.joining());
            String[] parts = text.split("\\.\\.\\.", -1);
            StringBuilder pattern = new StringBuilder();
            for (int i = 0; i < parts.length; i++) {
                pattern.append(i == 0 ? "" : "(?s:.*?)").append(Pattern.quote(parts[i]));
            }
            return Pattern.compile(pattern.toString());
        }
    }

    private static List<Step> steps(String page) throws IOException {
        List<Step> steps = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(Files.readString(ROOT.resolve("docs").resolve(page)));
        while (blocks.find()) {
            assertThat(blocks.group(1)).as("the kind of a block").isEqualTo("console");
            blocks.group(2).lines().forEach(line -> {
                if (line.startsWith("$ ")) {
                    steps.add(new Step(line.substring(2), new ArrayList<>()));
                } else {
                    steps.get(steps.size() - 1).printed().add(line);
                }
            });
        }
        return steps;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tutorial.md", "tutorial.zh-CN.md"})
    void theCommandsPrintWhatThePageSays(String page) throws IOException {
        for (Step step : steps(page)) {
            Run run = run(step.command());
            assertThat(run.err()).as(step.command()).isEmpty();
            assertThat(run.code()).as(step.command()).isZero();
            assertThat(run.out()).as(step.command()).matches(step.pattern());
        }
    }

    /** The shell of the page: a text may be piped in. Files that a command writes go to the test's folder. */
    private Run run(String command) throws IOException {
        String input = "";
        Matcher pipe = PIPE.matcher(command);
        String rest = command;
        if (pipe.matches()) {
            input = pipe.group(1).equals("echo")
                    ? pipe.group(2) + "\n"
                    : pipe.group(2).replace("\\n", "\n");
            rest = pipe.group(3);
        }
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(rest);
        while (word.find()) {
            words.add(word.group(1) == null ? word.group(2) : word.group(1));
        }
        assertThat(words.remove(0)).isEqualTo("./logits");
        int output = words.indexOf("-o") + 1;
        String name = output == 0 ? "" : words.get(output);
        for (int i = 0; i < words.size(); i++) {
            Path written = folder.resolve(words.get(i).replace('/', '_'));
            Path given = ROOT.resolve(words.get(i));
            if (i > 0 && i == output || Files.exists(written)) {
                words.set(i, written.toString());
            } else if (words.get(i).contains("/") && Files.exists(given)) {
                words.set(i, given.toString());
            }
        }
        Run run = Run.with(input, 0, words.toArray());
        if (name.startsWith("docs/")) {
            assertThat(folder.resolve(name.replace('/', '_')))
                    .usingCharset(StandardCharsets.UTF_8)
                    .hasSameTextualContentAs(ROOT.resolve(name), StandardCharsets.UTF_8);
        }
        return new Run(run.code(), run.out().replace(folder + "/", ""), run.err());
    }

    /** What is shown is the same in both languages, but for words. */
    @Test
    void bothTutorialsRunTheSameCommands() throws IOException {
        assertThat(steps("tutorial.zh-CN.md")).isEqualTo(steps("tutorial.md")).hasSizeGreaterThan(20);
    }

    /** Pictures that a page shows are there, and made by one of its commands. */
    @ParameterizedTest
    @ValueSource(strings = {"tutorial.md", "tutorial.zh-CN.md"})
    void thePicturesAreMadeByTheCommands(String page) throws IOException {
        String text = Files.readString(ROOT.resolve("docs").resolve(page));
        Matcher pictures = Pattern.compile("!\\[[^\\]]+\\]\\(([^)]+)\\)").matcher(text);
        int count = 0;
        while (pictures.find()) {
            count++;
            assertThat(ROOT.resolve("docs").resolve(pictures.group(1))).exists();
            assertThat(text).contains(" -o docs/" + pictures.group(1));
        }
        assertThat(count).isEqualTo(4);
    }
}
