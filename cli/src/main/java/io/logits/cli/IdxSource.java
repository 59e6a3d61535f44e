package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.data.Precision;
import io.logits.features.ImageEncoding;
import io.logits.formats.IdxImages;
import io.logits.formats.IdxReader;
import io.logits.model.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Images in IDX files, their labels in a second one. */
record IdxSource(DataFile file) implements RowSource {
    @Override
    public Learnt learn(LearningOptions options, boolean penalised, RowOrder order) throws IOException {
        options.checkNoTable(file);
        if (options.precision(Precision.FLOAT32) == Precision.FLOAT64) {
            throw file.refuse("images are bytes and held in float; leave --precision out");
        }
        return Learnt.of(labelled(options.labels()));
    }

    @Override
    public Rows read(Model model, Target target, boolean offset) throws IOException {
        if (!(model.encoding() instanceof ImageEncoding encoding)) {
            throw file.refuse("these are images, the model is not one of images");
        }
        if (!target.wanted()) {
            IdxImages images = IdxReader.readImages(file.path());
            check(images.encoding(), encoding);
            return new Rows(images.features(), null, null, List.of());
        }
        Dataset data = labelled(target.file());
        check((ImageEncoding) data.encoding(), encoding);
        return new Rows(data.features(), null, data.labels(), List.of());
    }

    private Dataset labelled(@Nullable Path labels) throws IOException {
        if (labels == null) {
            throw file.refuse("images need --labels FILE (-idx1-ubyte)");
        }
        return IdxReader.read(file.path(), labels);
    }

    private void check(ImageEncoding given, ImageEncoding wanted) {
        if (!given.equals(wanted)) {
            throw file.refuse("images of " + given.height() + " x " + given.width() + " pixels, the model is for "
                    + wanted.height() + " x " + wanted.width());
        }
    }
}
