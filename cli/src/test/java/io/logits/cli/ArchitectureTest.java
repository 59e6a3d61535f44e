package io.logits.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of rooms in the design: which one sees which. What is not in the table is not allowed. */
class ArchitectureTest {
    private static final String ROOT = "io.logits.";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("testkit"))
            .importPackages("io.logits");

    /** Each room, and the rooms that it sees besides itself. Data and features know each other: rows carry their encoding; the kernels' specification is a part of the kernels. */
    private static final Map<String, Set<String>> SEES = Map.ofEntries(
            Map.entry("kernels", Set.of("kernels.spec")),
            Map.entry("kernels.spec", Set.of("kernels")),
            Map.entry("kernels.simd", Set.of("kernels", "kernels.spec")),
            Map.entry("sampling", Set.of("kernels")),
            Map.entry("data", Set.of("kernels", "features")),
            Map.entry("features", Set.of("kernels", "data")),
            Map.entry("link", Set.of("kernels")),
            Map.entry("loss", Set.of("kernels")),
            Map.entry("penalty", Set.of("kernels")),
            Map.entry("objective", Set.of("kernels", "data", "loss", "penalty")),
            Map.entry("solver", Set.of("kernels", "objective")),
            Map.entry("model", Set.of("kernels", "data", "features", "link")),
            Map.entry(
                    "estimator",
                    Set.of("kernels", "data", "features", "loss", "penalty", "objective", "solver", "model", "link")),
            Map.entry("metrics", Set.of("kernels", "data", "features", "model", "estimator")),
            Map.entry(
                    "inference",
                    Set.of("kernels", "data", "features", "loss", "objective", "solver", "model", "estimator", "link")),
            Map.entry(
                    "selection",
                    Set.of("kernels", "data", "features", "solver", "model", "estimator", "metrics", "link")),
            Map.entry("calibration", Set.of("kernels", "data", "model", "estimator", "selection")),
            Map.entry("formats", Set.of("kernels", "data", "features", "model")),
            Map.entry("tables", Set.of("kernels", "data", "features")),
            Map.entry("plots", Set.of("kernels", "sampling")),
            Map.entry("generate", Set.of("kernels", "sampling")),
            Map.entry(
                    "cli",
                    Set.of(
                            "kernels",
                            "data",
                            "features",
                            "link",
                            "solver",
                            "model",
                            "estimator",
                            "metrics",
                            "inference",
                            "selection",
                            "calibration",
                            "sampling",
                            "generate",
                            "formats",
                            "tables",
                            "plots")));

    private static String room(JavaClass type) {
        return type.getPackageName().substring(ROOT.length());
    }

    @Test
    void everyRoomSeesOnlyWhatTheTableAllows() {
        Set<String> forbidden = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (target.getPackageName().startsWith(ROOT)
                        && !room(target).equals(room(type))
                        && !SEES.getOrDefault(room(type), Set.of()).contains(room(target))) {
                    forbidden.add(
                            room(type) + " sees " + room(target) + ": " + type.getName() + " -> " + target.getName());
                }
            }
        }
        assertThat(forbidden).isEmpty();
    }

    @Test
    void everyRoomIsInTheTable() {
        assertThat(CLASSES.stream().map(ArchitectureTest::room).collect(Collectors.toSet()))
                .isSubsetOf(SEES.keySet())
                .contains(
                        "kernels",
                        "data",
                        "model",
                        "estimator",
                        "metrics",
                        "formats",
                        "tables",
                        "sampling",
                        "generate",
                        "cli");
    }

    @Test
    void librariesNeitherPrintNorExit() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(System.class, "setProperty", String.class, String.class)
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(CLASSES);
    }

    @Test
    void theCommandPrintsOnlyThroughItsConsole() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callConstructor(PrintStream.class, java.io.OutputStream.class)
                .check(CLASSES);
    }

    @Test
    void kernelsKnowNoOtherLibrary() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + "kernels..", ROOT + "data..", ROOT + "solver..", ROOT + "objective..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "java.lang..", "java.util..", "io.logits..", "org.jspecify..", "jdk.incubator.vector..")
                .check(CLASSES);
    }

    @Test
    void namesSayWhatTheyHold() {
        List<String> shapeless = CLASSES.stream()
                .map(JavaClass::getSimpleName)
                .filter(name -> name.matches(".*(Util|Utils|Helper|Manager)"))
                .toList();
        assertThat(shapeless).isEmpty();
    }
}
