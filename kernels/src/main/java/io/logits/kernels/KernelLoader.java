package io.logits.kernels;

import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds the kernels once and remembers why. */
final class KernelLoader {
    static final Kernels BEST = load();

    private KernelLoader() {}

    private static Kernels load() {
        if ("scalar".equals(System.getProperty("logits.kernels"))) {
            return new ScalarKernels("asked for by -Dlogits.kernels=scalar");
        }
        try {
            var found = ServiceLoader.load(Kernels.class, Kernels.class.getClassLoader())
                    .findFirst();
            return found.orElseGet(() -> new ScalarKernels("the module io.logits.kernels.simd is not on the path"));
        } catch (ServiceConfigurationError | LinkageError e) {
            // The twin is there but cannot start: on the class path it needs --add-modules jdk.incubator.vector.
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String hint = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                    ? cause.toString()
                    : "start Java with --add-modules jdk.incubator.vector";
            return new ScalarKernels("the SIMD kernels could not start: " + hint);
        }
    }
}
