package io.logits.cli;

import io.logits.kernels.KernelInfo;
import io.logits.kernels.Kernels;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says: the command's version, the JDK, and which kernels compute. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        KernelInfo kernels = Kernels.best().info();
        String why = kernels.name().equals("scalar") ? ": " + kernels.reason() : "";
        return new String[] {
            "logits " + ofCommand(),
            "java " + System.getProperty("java.runtime.version") + " (" + System.getProperty("java.vendor") + ")",
            "kernels " + kernels.name() + ", " + kernels.bits() + " bits" + why
        };
    }

    private static String ofCommand() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new IllegalStateException("version.properties is missing from the jar");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
