package io.logits.cli;

import io.logits.data.Precision;
import io.logits.features.IndexedEncoding;
import io.logits.formats.SvmlightData;
import io.logits.formats.SvmlightOptions;
import io.logits.formats.SvmlightReader;
import io.logits.model.Model;
import java.io.IOException;
import java.util.List;

/** Sparse rows in svmlight files. */
record SvmlightSource(DataFile file, Logits logits) implements RowSource {
    @Override
    public Learnt learn(LearningOptions options, boolean penalised, RowOrder order) throws IOException {
        options.checkNoTable(file);
        options.checkNoLabels(file);
        SvmlightOptions reading = SvmlightOptions.defaults().withPrecision(options.precision(Precision.FLOAT32));
        return Learnt.of(read(reading.withByLength(order == RowOrder.ANY)).dataset());
    }

    @Override
    public Rows read(Model model, Target target, boolean offset) throws IOException {
        if (!(model.encoding() instanceof IndexedEncoding encoding)) {
            throw file.refuse("svmlight has numbered features, the model's have names");
        }
        SvmlightData data = read(SvmlightOptions.defaults()
                .withPrecision(Rows.precisionFor(model, Precision.FLOAT32))
                .withExpected(encoding));
        long ignored = data.ignoredEntries();
        return new Rows(
                data.dataset().features(),
                null,
                target.wanted() ? data.dataset().labels() : null,
                ignored == 0
                        ? List.of()
                        : List.of(ignored + (ignored == 1 ? " entry" : " entries")
                                + " of features that the model does not know are left out"));
    }

    private SvmlightData read(SvmlightOptions options) throws IOException {
        SvmlightOptions threaded = options.withThreads(logits.threads());
        return file.isStandardInput()
                ? SvmlightReader.read(logits.console().in(), file.name(), threaded)
                : SvmlightReader.read(file.path(), threaded);
    }
}
