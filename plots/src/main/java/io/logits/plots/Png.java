package io.logits.plots;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Figures as PNG, on white, with twice as many pixels each way as the figure says: sharp on screens of today. */
public final class Png {
    private static final int TITLE = 38;

    private Png() {}

    /** The file. It needs no screen. */
    public static byte[] of(Figure figure) {
        int scale = PngChart.SCALE;
        BufferedImage image =
                new BufferedImage(scale * figure.width(), scale * figure.height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        boolean titled =
                figure.charts().size() > 1 || !figure.charts().get(0).title().equals(figure.title());
        int top = titled ? TITLE : 0;
        if (titled) {
            graphics.setColor(PngChart.INK);
            graphics.setFont(PngChart.font(Font.BOLD, 15));
            graphics.drawString(figure.title(), 14 * scale, 26 * scale);
        }
        int width = figure.width() / figure.columns();
        int height = (figure.height() - top) / figure.rows();
        for (int i = 0; i < figure.charts().size(); i++) {
            Graphics2D part = (Graphics2D) graphics.create();
            part.translate(scale * (i % figure.columns() * width), scale * (top + i / figure.columns() * height));
            PngChart.of(figure.charts().get(i).withRanges(), width, height).paint(part, scale * width, scale * height);
            part.dispose();
        }
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
