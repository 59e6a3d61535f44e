package io.logits.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineBlocksTest {
    private static List<String> cut(InputStream in, int size) throws IOException {
        LineBlocks blocks = new LineBlocks(in, size);
        LineBlocks.Block block = new LineBlocks.Block();
        List<String> texts = new ArrayList<>();
        while (blocks.next(block)) {
            assertThat(block.number).isEqualTo(texts.size());
            texts.add(new String(block.bytes, 0, block.length, StandardCharsets.UTF_8));
        }
        assertThat(blocks.count()).isEqualTo(texts.size());
        return texts;
    }

    /** What the class promises, said line by line: a block ends with the line that holds a multiple of the size's last byte. */
    private static List<String> expected(String text, int size) {
        List<String> blocks = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int last = (from / size + 1) * size - 1;
            int end = last >= text.length() ? -1 : text.indexOf('\n', last);
            String block = end < 0 ? text.substring(from) : text.substring(from, end + 1);
            blocks.add(block.endsWith("\n") ? block : block + "\n");
            from += block.length();
        }
        return blocks;
    }

    /** A stream that gives a few bytes at a time, as a pipe may. */
    private static InputStream dripping(String text, Random random) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] b, int off, int len) {
                return super.read(b, off, Math.min(len, 1 + random.nextInt(7)));
            }
        };
    }

    @Test
    void blocksEndWithTheFirstLineBehindAMultipleOfTheSize() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            char[] text = new char[random.nextInt(200)];
            int spread = 2 + random.nextInt(40);
            for (int c = 0; c < text.length; c++) {
                text[c] = random.nextInt(spread) == 0 ? '\n' : 'x';
            }
            int size = 1 + random.nextInt(30);
            String joined = new String(text);
            assertThat(cut(dripping(joined, random), size)).isEqualTo(expected(joined, size));
        }
    }

    @Test
    void aLineMayBeLongerThanManyBlocks() throws IOException {
        char[] text = new char[1_000_000];
        Arrays.fill(text, 'x');
        text[999_990] = '\n';
        String joined = new String(text);
        assertThat(cut(new ByteArrayInputStream(joined.getBytes(StandardCharsets.UTF_8)), 64))
                .containsExactly(joined.substring(0, 999_991), "xxxxxxxxx\n");
    }
}
