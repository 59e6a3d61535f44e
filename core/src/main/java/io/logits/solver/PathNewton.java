package io.logits.solver;

import io.logits.objective.CompositeObjective;
import io.logits.objective.JointObjective;
import io.logits.objective.JointObjective.Point;
import io.logits.objective.SecantGram;
import io.logits.objective.WorkingSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * {@link ProxNewton} for one problem of one logit under one strength of the penalty after another, some of them at once: a round
 * minimises model plus penalty for each, and one pass over the rows evaluates all points that this gave. Those whose gap is
 * closed make room for the strengths that follow, which begin where the last one is. Each strength has second
 * derivatives of its own, those of the start and what all steps to its point have shown.
 *
 * <p>There is no line search. A strength that begins with an increase is begun again, from a nearer one; where the first
 * of those that are open gains nothing the path ends, and what is not closed by then is for {@link ProxNewton}.
 */
public final class PathNewton {
    /**
     * Strengths at once, two tiles of products: with fewer a pass waits for the memory, with more the last begins too far from
     * its minimum.
     */
    private static final int WIDTH = 10;
    /** Four rounds are usual at a tolerance of 1e-6. */
    private static final int MOST_ROUNDS = 12;

    private final JointObjective joint;
    private final StopRule rule;
    private final WorkingSet all;
    /** Those that have not begun. */
    private final Deque<CompositeObjective> waiting;
    /** Those that have, in order, but for what {@link #next} has given. */
    private final Deque<Course> begun = new ArrayDeque<>();
    /** Where the next begins. */
    private Point last;

    private SecantGram lastGram;
    /** Passes that were for strengths before the one that is waited for. */
    private int passesBefore;
    /** Whether one has failed, so that no other is gone on with. */
    private boolean ended;

    /**
     * Begins.
     *
     * @param objectives of one logit, the same mean loss under penalties that are not {@link CompositeObjective#grouped}, those near
     *     each other side by side
     * @param start within the bounds
     * @param rule of each
     */
    public PathNewton(List<CompositeObjective> objectives, double[] start, StopRule rule) {
        CompositeObjective first = objectives.get(0);
        this.rule = rule;
        joint = first.joint();
        waiting = new ArrayDeque<>(objectives);
        passesBefore = joint.passes();
        last = joint.start(start);
        lastGram = joint.gram();
        int[] features = IntStream.range(0, start.length - (first.intercept(0) < 0 ? 0 : 1))
                .toArray();
        all = new WorkingSet(features, features, new int[] {0, features.length}, 0);
    }

    /** One strength's way to its minimum. */
    private static final class Course {
        final CompositeObjective objective;
        final long begun = System.nanoTime();
        final List<Progress> trace = new ArrayList<>();
        Point point;
        /** Null where neither it nor another goes on with it. */
        @Nullable
        SecantGram gram;

        double value;
        boolean stuck;
        /** How many rounds the listener knows. */
        int told;

        Course(CompositeObjective objective, Point from, SecantGram gram) {
            this.objective = objective;
            this.gram = gram;
            point = from;
            value = from.meanLoss() + objective.penaltyValue(from.w());
        }

        SecantGram gram() {
            return Objects.requireNonNull(gram);
        }

        boolean isClosed(double tolerance) {
            return !trace.isEmpty() && point.relativeGap() <= tolerance;
        }
    }

    /** Whether a strength has not been given yet. */
    public boolean hasNext() {
        return !(begun.isEmpty() && waiting.isEmpty());
    }

    /**
     * The minimum of the next strength. Passes count where one is waited for, so that one whose gap others' passes have
     * closed has none; and the listener is told of its rounds from then on, of those before all at once. If it has not
     * converged, for another reason than that its passes were used up, {@link ProxNewton} can go on from there; then of those
     * that follow only the minima that are known will be given, and nothing in place of others.
     */
    public Optional<Minimum> next() {
        while (!ended && (begun.isEmpty() || !isDone(begun.getFirst()))) {
            round();
            tell(begun.getFirst());
        }
        Course course = begun.removeFirst();
        if (ended && !course.isClosed(rule.tolerance())) {
            return Optional.empty();
        }
        tell(course);
        Minimum minimum = minimum(course);
        passesBefore = joint.passes();
        if (minimum.solution().reason() == StopReason.NO_PROGRESS) {
            ended = true;
            waiting.clear();
            begun.forEach(left -> left.gram = null);
        }
        return Optional.of(minimum);
    }

    private void tell(Course course) {
        course.trace.subList(course.told, course.trace.size()).forEach(rule.listener());
        course.told = course.trace.size();
    }

    private int passes() {
        return joint.passes() - passesBefore;
    }

    private boolean isDone(Course course) {
        return course.isClosed(rule.tolerance())
                || course.stuck
                || course.trace.size() >= MOST_ROUNDS
                || (course == begun.getFirst() && passes() >= rule.maxPasses());
    }

    /** A model and a point for each strength that is open, and a pass for all. */
    private void round() {
        List<Course> open = begun.stream()
                .filter(course -> !isDone(course))
                .limit(WIDTH)
                .collect(Collectors.toCollection(ArrayList::new));
        while (open.size() < WIDTH && !waiting.isEmpty()) {
            Course course = new Course(waiting.removeFirst(), last, lastGram);
            begun.add(course);
            open.add(course);
        }
        List<CompositeObjective> objectives =
                open.stream().map(course -> course.objective).toList();
        double[][] w = new double[open.size()][];
        objectives.get(0).workers().run(w.length, i -> w[i] = minimised(open.get(i)));
        Point[] points = joint.evaluate(objectives, w);
        int i = 0;
        while (i < w.length && move(open.get(i), points[i])) {
            i++;
        }
        if (i < w.length) {
            putBack(open.get(i));
        }
        Course latest = begun.getLast();
        last = latest.point;
        lastGram = latest.gram();
        for (Course course : begun) {
            if (course != latest && course.isClosed(rule.tolerance())) {
                course.gram = null;
            }
        }
    }

    /** The minimum of the model at a strength's point. */
    private double[] minimised(Course course) {
        double[] w = course.point.w();
        GramDescent descent = new GramDescent(
                course.objective, all, all, course.gram().model(course.point), w, course.point.gradient());
        descent.run(
                ProxNewton.FINAL * rule.tolerance() * course.value,
                Math.max(course.objective.absolutePart(all, w), ProxNewton.LEAST_PART * course.value));
        double[] found = w.clone();
        descent.place(w, 1, found);
        return found;
    }

    /** Whether a strength need not be put back: it goes to the point, or its objective would rise, and it is stuck. */
    private boolean move(Course course, Point to) {
        double noise = course.objective.valueNoise() * Math.abs(course.value);
        if (!(to.value() <= course.value + noise)) {
            course.stuck = true;
            return course == begun.getFirst() || !course.trace.isEmpty();
        }
        course.gram = course.gram().after(course.point, to);
        course.point = to;
        course.value = to.value();
        course.trace.add(new Progress(
                course.trace.size() + 1,
                course == begun.getFirst() ? passes() : 0,
                to.value(),
                to.relativeGap(),
                (System.nanoTime() - course.begun) * 1e-9));
        return true;
    }

    /** Has a strength and all that follow wait again. */
    private void putBack(Course from) {
        Course course;
        do {
            course = begun.removeLast();
            waiting.addFirst(course.objective);
        } while (course != from);
    }

    private Minimum minimum(Course course) {
        Point point = course.point;
        boolean spent = !course.stuck && passes() >= rule.maxPasses();
        StopReason open = spent ? StopReason.MAX_PASSES : StopReason.NO_PROGRESS;
        Solution solution = new Solution(
                course.value,
                course.value - point.certificate().gap(),
                point.relativeGap(),
                Double.NaN,
                point.violation(),
                course.trace.size(),
                passes(),
                course.isClosed(rule.tolerance()) ? StopReason.CONVERGED : open,
                new ProxNewton().name(),
                List.copyOf(course.trace));
        return new Minimum(point.w(), solution, new double[0]);
    }
}
