package io.logits.plots;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** The numbers that stand on an axis, and their spelling. */
final class Ticks {
    private Ticks() {}

    /** A number on an axis. */
    record Tick(double at, String label) {}

    /**
     * The ticks of an axis whose range is known.
     *
     * @param most about as many are wanted at most; categories have one each
     */
    static List<Tick> of(Axis axis, int most) {
        if (!axis.categories().isEmpty()) {
            List<Tick> ticks = new ArrayList<>();
            for (int i = 0; i < axis.categories().size(); i++) {
                ticks.add(new Tick(i, axis.categories().get(i)));
            }
            return ticks;
        }
        return axis.scale() == Axis.Scale.LOG ? log(axis, most) : linear(axis, most);
    }

    /** Multiples of 1, 2 or 5 times a power of ten. */
    private static List<Tick> linear(Axis axis, int most) {
        double least = (axis.max() - axis.min()) / Math.max(1, most);
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        double step = power;
        for (int factor : new int[] {1, 2, 5, 10}) {
            step = factor * power;
            if (step >= least * (1 - 1e-9)) {
                break;
            }
        }
        List<Tick> ticks = new ArrayList<>();
        for (double i = Math.ceil(axis.min() / step - 1e-9); i * step <= axis.max() + 1e-9 * step; i++) {
            ticks.add(new Tick(i * step, label(i * step)));
        }
        return ticks;
    }

    /** Powers of ten, some left out if there are too many, and 2 and 5 times these if there are few. */
    private static List<Tick> log(Axis axis, int most) {
        int from = (int) Math.floor(Math.log10(axis.min()));
        int to = (int) Math.ceil(Math.log10(axis.max()));
        int each = Math.max(1, (to - from + most - 1) / Math.max(1, most));
        int[] factors = 3 * (to - from) <= most ? new int[] {1, 2, 5} : new int[] {1};
        List<Tick> ticks = new ArrayList<>();
        for (int power = from; power <= to; power++) {
            for (int factor : factors) {
                double at = factor * Math.pow(10, power);
                if (Math.floorMod(power, each) == 0 && at >= axis.min() * (1 - 1e-9) && at <= axis.max() * (1 + 1e-9)) {
                    ticks.add(new Tick(at, label(at)));
                }
            }
        }
        return ticks;
    }

    /** A number in as few signs as a person needs. */
    static String label(double value) {
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros();
        double size = Math.abs(value);
        String text = size >= 1e-3 && size < 1e6
                ? rounded.toPlainString()
                : rounded.toString().replace("E+", "e").replace("E", "e");
        return text.replace('-', '\u2212');
    }
}
