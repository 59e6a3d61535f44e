package io.logits.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;

/** The process: its streams and its exit code. */
public final class Main {
    private static final int BUFFER = 1 << 16;

    private Main() {}

    /** Runs one command and ends the process. */
    public static void main(String[] args) {
        PrintStream err = new PrintStream(new FileOutputStream(messages()), true, StandardCharsets.UTF_8);
        System.setErr(err);
        OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER);
        System.exit(Logits.run(new Console(System.in, out, err, Integer.getInteger("logits.columns", 0)), args));
    }

    /**
     * Where messages go: the descriptor that the launcher names, which leaves descriptor 2 to the JVM's own remarks.
     * Java has no public way to a descriptor that was handed down; the launcher opens {@code java.io} for this one.
     */
    private static FileDescriptor messages() {
        Integer number = Integer.getInteger("logits.messages");
        if (number == null) {
            return FileDescriptor.err;
        }
        try {
            Constructor<FileDescriptor> constructor = FileDescriptor.class.getDeclaredConstructor(int.class);
            constructor.setAccessible(true);
            return constructor.newInstance(number);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return FileDescriptor.err;
        }
    }
}
