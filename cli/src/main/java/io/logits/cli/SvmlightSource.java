package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.data.InputException;
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
    public Dataset learn(LearningOptions options) throws IOException {
        if (options.labels != null) {
            throw new InputException(file.name(), "svmlight holds its own labels, --labels is for images");
        }
        return read(SvmlightOptions.defaults().withPrecision(options.precision.orElse(Precision.FLOAT32)))
                .dataset();
    }

    @Override
    public Rows read(Model model, Target target) throws IOException {
        if (!(model.encoding() instanceof IndexedEncoding encoding)) {
            throw new InputException(file.name(), "svmlight has numbered features, the model's have names");
        }
        SvmlightData data =
                read(SvmlightOptions.defaults().withPrecision(asLearnt(model)).withExpected(encoding));
        long ignored = data.ignoredEntries();
        return new Rows(
                data.dataset().features(),
                target.wanted() ? data.dataset().labels() : null,
                ignored == 0
                        ? List.of()
                        : List.of(ignored + (ignored == 1 ? " entry" : " entries")
                                + " of features that the model does not know are left out"));
    }

    /** The precision in which the rows were held that the model learnt from: the same rows then have the same bits. */
    private static Precision asLearnt(Model model) {
        String learnt = model.provenance().data().get("precision");
        return "float64".equals(learnt) ? Precision.FLOAT64 : Precision.FLOAT32;
    }

    private SvmlightData read(SvmlightOptions options) throws IOException {
        SvmlightOptions threaded = options.withThreads(logits.threads());
        return file.isStandardInput()
                ? SvmlightReader.read(logits.console().in(), file.name(), threaded)
                : SvmlightReader.read(file.path(), threaded);
    }
}
