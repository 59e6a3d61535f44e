import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;

/** A fit by liblinear-java. */
final class LiblinearRace {
    public static void main(String[] args) throws Exception {
        Race race = Race.of(args);
        Linear.disableDebugOutput();
        long begun = System.nanoTime();
        Problem problem = Problem.readFromFile(race.file().toFile(), -1);
        double read = Race.seconds(begun);
        begun = System.nanoTime();
        Model model = Linear.train(
                problem, new Parameter(SolverType.valueOf(race.setting()), race.strength(), race.effort()));
        double fit = Race.seconds(begun);
        // The second class is the one with the larger number.
        int sign = model.getLabels()[0] > model.getLabels()[1] ? 1 : -1;
        double[] w = new double[race.features()];
        double[] found = model.getFeatureWeights();
        for (int j = 0; j < found.length; j++) {
            w[j] = sign * found[j];
        }
        race.done(read, fit, new double[][] {w}, new double[1]);
    }
}
