package io.logits.plots;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkupTest {
    @Test
    void wordsAreNoMarkupAndWhatIsNoTextIsReplaced() {
        assertThat(Markup.escaped("a<b>&\"'\n\t")).isEqualTo("a&lt;b&gt;&amp;&quot;'\n\t");
        assertThat(Markup.escaped("\0\u001f\ud800x\uffff")).isEqualTo("\ufffd\ufffd\ufffdx\ufffd");
        assertThat(Markup.escaped("\ud83d\ude00")).isEqualTo("\ud83d\ude00");
    }
}
