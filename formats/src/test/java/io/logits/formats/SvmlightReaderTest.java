package io.logits.formats;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.CsrMatrix;
import io.logits.data.Dataset;
import io.logits.data.Matrix;
import io.logits.data.Precision;
import io.logits.features.IndexedEncoding;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SvmlightReaderTest {
    private static final SvmlightOptions OPTIONS = SvmlightOptions.defaults().withThreads(2);

    @TempDir
    Path folder;

    private static Dataset read(String text) throws IOException {
        return read(text, OPTIONS).dataset();
    }

    private static SvmlightData read(String text, SvmlightOptions options) throws IOException {
        return SvmlightReader.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "data", options);
    }

    private static double[][] rows(Dataset data) {
        double[][] rows = new double[data.features().rows()][data.features().cols()];
        for (int i = 0; i < rows.length; i++) {
            data.features().copyRow(i, rows[i]);
        }
        return rows;
    }

    private static List<String> labels(Dataset data) {
        List<String> names = new ArrayList<>();
        for (int index : data.labels().indices()) {
            names.add(data.labels().classes().get(index));
        }
        return names;
    }

    @Test
    void rowsAreReadAsTheyAreWritten() throws IOException {
        Dataset data = read("1 1:0.5 3:-2\n-1 2:1e1\n+1\n");
        assertThat(rows(data)).isDeepEqualTo(new double[][] {{0.5, 0, -2}, {0, 10, 0}, {0, 0, 0}});
        assertThat(labels(data)).containsExactly("1", "-1", "1");
        assertThat(data.labels().classes()).containsExactly("-1", "1");
        assertThat(data.encoding()).isEqualTo(new IndexedEncoding(3, 1));
        assertThat(data.features()).isInstanceOf(CsrMatrix.class);
        assertThat(data.features().precision()).isEqualTo(Precision.FLOAT32);
    }

    @Test
    void rowsCanComeByLengthWithTheirLabels() throws IOException {
        String text = "a 1:1 2:2\nb 3:0 4:3\nc\nd 1:4 3:5\ne 2:6\n";
        for (Precision precision : Precision.values()) {
            Dataset data = read(text, OPTIONS.withPrecision(precision).withByLength(true))
                    .dataset();
            assertThat(labels(data)).containsExactly("c", "b", "e", "a", "d");
            assertThat(rows(data))
                    .isDeepEqualTo(
                            new double[][] {{0, 0, 0, 0}, {0, 0, 0, 3}, {0, 6, 0, 0}, {1, 2, 0, 0}, {4, 0, 5, 0}});
            assertThat(data.features().precision()).isEqualTo(precision);
        }
    }

    @Test
    void noRowIsLostByLength() throws IOException {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 30_000; i++) {
            text.append("row").append(i);
            int length = random.nextInt(100) == 0 ? 64 + random.nextInt(50) : random.nextInt(12);
            for (int j = 1; j <= length; j++) {
                text.append(' ').append(j).append(':').append(i + j);
            }
            text.append('\n');
        }
        Dataset data = read(
                        text.toString(),
                        OPTIONS.withPrecision(Precision.FLOAT64).withByLength(true))
                .dataset();
        assertThat(new HashSet<>(labels(data))).hasSize(30_000);
        data.features().forEach(0, 30_000, (i, j, value) -> {
            String label = data.labels().classes().get(data.labels().indices()[i]);
            assertThat(label).isEqualTo("row" + (int) (value - j - 1));
        });
        long entries = Pattern.compile(":").matcher(text).results().count();
        assertThat(data.features().storedEntries(30_000)).isEqualTo(entries);
        // Up in one block and down in the next: rows at even distances are neither all short nor all long.
        long turns = IntStream.range(1, 29_999)
                .filter(i -> change(data.features(), i) < 0)
                .count();
        assertThat(turns).isGreaterThan(10);
        assertThat(IntStream.range(1, 29_999)
                        .filter(i -> change(data.features(), i) > 0)
                        .count())
                .isGreaterThan(10);
    }

    /** How many more entries row i has than the one before. */
    private static long change(Matrix x, int i) {
        return x.storedEntries(i + 1) - 2 * x.storedEntries(i) + x.storedEntries(i - 1);
    }

    @Test
    void blanksCommentsQueriesAndLineEndsDoNotMatter() throws IOException {
        Dataset plain = read("1 1:0.5 3:-2\n-1 2:10\n");
        Dataset odd = read("# a comment\r\n\r\n  1\t1:0.5   3:-2 \t# 7:7\r\n \t \n-1 qid:3 2:10# x\n#\n");
        Dataset unended = read("\ufeff1 1:0.5 3:-2\n-1 2:10");
        assertThat(rows(odd)).isDeepEqualTo(rows(plain));
        assertThat(labels(odd)).isEqualTo(labels(plain));
        assertThat(rows(unended)).isDeepEqualTo(rows(plain));
        assertThat(labels(unended)).isEqualTo(labels(plain));
    }

    @Test
    void aFileThatUsesIndexZeroBeginsAtZero() throws IOException {
        Dataset data = read("1 1:5\n2 0:0 2:7\n");
        assertThat(data.encoding()).isEqualTo(new IndexedEncoding(3, 0));
        assertThat(rows(data)).isDeepEqualTo(new double[][] {{0, 5, 0}, {0, 0, 7}});
    }

    @Test
    void zerosAreNotStoredButTheirIndicesCount() throws IOException {
        Dataset data = read("1 2:0 3:1 9:-0.0\n2 1:1e-400\n");
        assertThat(data.encoding()).isEqualTo(new IndexedEncoding(9, 1));
        assertThat(data.features().storedEntries(2)).isEqualTo(1);
    }

    @Test
    void labelsMayBeWords() throws IOException {
        Dataset data = read("spam 1:1\nhäm 2:1\nspam 3:1\n");
        assertThat(data.labels().classes()).containsExactly("häm", "spam");
        assertThat(labels(data)).containsExactly("spam", "häm", "spam");
    }

    @Test
    void numericLabelsAreOneClassHoweverTheyAreWritten() throws IOException {
        Dataset data = read("+1 1:1\n1.0 1:1\n1 1:1\n10 1:1\n2e0 1:1\n-0 1:1\n0.50 1:1\n");
        assertThat(data.labels().classes()).containsExactly("0", "0.5", "1", "2", "10");
        assertThat(labels(data)).containsExactly("1", "1", "1", "10", "2", "0", "0.5");
    }

    @Test
    void longIntegersStayDistinctLabels() throws IOException {
        Dataset data = read("9007199254740992 1:1\n9007199254740993 1:1\n");
        assertThat(labels(data)).containsExactly("9007199254740992", "9007199254740993");
    }

    @Test
    void valuesAreRoundedOnceToTheStoredPrecision() throws IOException {
        // Just above half-way between 1 and the next float; a double in between would round down to 1.
        String text = "1 1:1.00000005960464477539062500001\n2 1:0.1\n";
        assertThat(rows(read(text))[0][0]).isEqualTo((double) Math.nextUp(1f));
        double[][] doubles =
                rows(read(text, OPTIONS.withPrecision(Precision.FLOAT64)).dataset());
        assertThat(doubles[0][0]).isEqualTo(1.00000005960464477539062500001);
        assertThat(doubles[1][0]).isEqualTo(0.1);
        assertThat(rows(read(text))[1][0]).isEqualTo((double) 0.1f);
    }

    @Test
    void featuresTheModelDoesNotKnowAreCountedAndLeftOut() throws IOException {
        SvmlightOptions options = OPTIONS.withExpected(new IndexedEncoding(2, 1));
        SvmlightData data = read("? 1:1 3:1\nnan 2:1 3:0 4:1\n1:1 1:2\n", options);
        assertThat(data.ignoredEntries()).isEqualTo(3);
        assertThat(data.dataset().encoding()).isEqualTo(options.expected());
        assertThat(rows(data.dataset())).isDeepEqualTo(new double[][] {{1, 0}, {0, 1}, {2, 0}});
    }

    @Test
    void aModelThatBeginsAtZeroReadsSo() throws IOException {
        SvmlightData data = read("1 1:5\n", OPTIONS.withExpected(new IndexedEncoding(3, 0)));
        assertThat(rows(data.dataset())).isDeepEqualTo(new double[][] {{0, 5, 0}});
        SvmlightData none = read("1\n", OPTIONS.withExpected(new IndexedEncoding(3, 0)));
        assertThat(rows(none.dataset())).isDeepEqualTo(new double[][] {{0, 0, 0}});
    }

    /** Several blocks of text, among them one made of comments, with the truth beside it. */
    private record Sample(String text, List<TreeSet<Integer>> indices, List<List<Float>> values, List<String> labels) {
        static Sample random(long seed, int rows) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            Sample sample = new Sample("", new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < rows; i++) {
                if (i == rows / 2) {
                    text.append("# nothing here\n".repeat(3 * LineBlocks.SIZE / 15));
                }
                TreeSet<Integer> indices = new TreeSet<>();
                List<Float> values = new ArrayList<>();
                String label = "c" + random.nextInt(40);
                text.append(label);
                for (int e = random.nextInt(12); e >= 0; e--) {
                    indices.add(1 + random.nextInt(5000));
                }
                for (int index : indices) {
                    float value = random.nextBoolean() ? 1 + random.nextInt(1000) : random.nextFloat() + 1e-3f;
                    values.add(value);
                    text.append(' ').append(index).append(':').append(value);
                }
                text.append('\n');
                sample.indices.add(indices);
                sample.values.add(values);
                sample.labels.add(label);
            }
            return new Sample(text.toString(), sample.indices, sample.values, sample.labels);
        }
    }

    @Test
    void manyBlocksHoldWhatWasWritten() throws IOException {
        Sample sample = Sample.random(11, 60_000);
        Dataset data = read(sample.text());
        assertThat(labels(data)).isEqualTo(sample.labels());
        List<TreeSet<Integer>> indices = new ArrayList<>();
        List<List<Float>> values = new ArrayList<>();
        for (int i = 0; i < data.features().rows(); i++) {
            indices.add(new TreeSet<>());
            values.add(new ArrayList<>());
        }
        data.features().forEach(0, data.features().rows(), (i, j, value) -> {
            indices.get(i).add(j + 1);
            values.get(i).add((float) value);
        });
        assertThat(indices).isEqualTo(sample.indices());
        assertThat(values).isEqualTo(sample.values());
    }

    /** Everything of a data set, where its blocks begin included. */
    private static String fingerprint(Dataset data) {
        Matrix x = data.features();
        StringBuilder text =
                new StringBuilder(data.encoding() + " " + data.labels().classes() + x.bytes());
        for (int i = 0; i <= x.rows(); i += 97) {
            text.append(' ').append(x.storedEntries(i));
        }
        long[] hash = {1};
        x.forEach(0, x.rows(), (i, j, v) -> hash[0] = 31 * (31 * (31 * hash[0] + i) + j) + Double.hashCode(v));
        for (int label : data.labels().indices()) {
            hash[0] = 31 * hash[0] + label;
        }
        return text.append(' ').append(hash[0]).toString();
    }

    @Test
    void anyNumberOfThreadsAndGzipGiveTheSame() throws IOException {
        String text = Sample.random(13, 40_000).text();
        Path plain = Files.writeString(folder.resolve("data.svm"), text);
        Path packed = folder.resolve("data.svm.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        String expected =
                fingerprint(SvmlightReader.read(plain, OPTIONS.withThreads(1)).dataset());
        for (int threads : new int[] {2, 3, 16}) {
            SvmlightOptions options = OPTIONS.withThreads(threads);
            assertThat(fingerprint(SvmlightReader.read(plain, options).dataset()))
                    .isEqualTo(expected);
            assertThat(fingerprint(SvmlightReader.read(packed, options).dataset()))
                    .isEqualTo(expected);
        }
    }

    @Test
    void gzipOfManyMembersIsOneText() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String line : List.of("1 1:1\n", "2 1:2\n", "3 1:3\n")) {
            try (OutputStream out = new GZIPOutputStream(bytes)) {
                out.write(line.getBytes(StandardCharsets.UTF_8));
            }
        }
        // A pipe whose next bytes have not come yet says that none are available.
        ByteArrayInputStream pipe = new ByteArrayInputStream(bytes.toByteArray()) {
            @Override
            public synchronized int available() {
                return 0;
            }

            @Override
            public synchronized int read(byte[] b, int off, int len) {
                return super.read(b, off, Math.min(len, 5));
            }
        };
        Dataset data = SvmlightReader.read(pipe, "-", OPTIONS).dataset();
        assertThat(labels(data)).containsExactly("1", "2", "3");
    }
}
