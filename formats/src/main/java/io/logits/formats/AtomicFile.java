package io.logits.formats;

import io.logits.data.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Replaces a file as a whole: the new one is written beside it, forced to disk and renamed. At any moment, a crash
 * included, the name stands for the old file or the new one.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** Writes the content. */
    @FunctionalInterface
    public interface Content {
        /** Writes it to {@code out} and leaves that open. */
        void writeTo(FileChannel out) throws IOException;
    }

    /**
     * Replaces {@code file}, or makes it. A symbolic link is followed. What is not a regular file (a pipe, the null
     * device) is written to as it is: it has no old content to keep, and a rename would destroy it.
     *
     * @throws InputException if the folder is not there or may not be written to, or the file is a folder
     */
    public static void write(Path file, Content content) throws IOException {
        Path folder = check(file);
        Path target = target(file);
        try {
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                try (FileChannel out = FileChannel.open(target, StandardOpenOption.WRITE)) {
                    content.writeTo(out);
                }
                return;
            }
            replace(target, folder, content);
        } catch (AccessDeniedException e) {
            throw new InputException(file.toString(), "the file may not be written");
        }
    }

    /** As {@link #write(Path, Content)}, the content being these bytes. */
    public static void write(Path file, byte[] content) throws IOException {
        write(file, out -> {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
        });
    }

    /**
     * Says before a long computation whether its result has a place to go.
     *
     * @return the folder in which the file will be
     * @throws InputException if that is not there or may not be written, or the file is a folder
     */
    public static Path check(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new InputException(file.toString(), "this is a folder, a file is needed");
        }
        Path target = target(file);
        Path folder = target.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new InputException(file.toString(), "there is no folder " + folder);
        }
        boolean asItIs = Files.exists(target) && !Files.isRegularFile(target);
        if (!asItIs && !Files.isWritable(folder)) {
            throw new InputException(file.toString(), "the folder " + folder + " may not be written");
        }
        return folder;
    }

    private static Path target(Path file) throws IOException {
        return Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    }

    private static void replace(Path target, Path folder, Content content) throws IOException {
        Path temporary = unused(target, folder);
        try {
            try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                content.writeTo(out);
                out.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        force(folder);
    }

    /** A new file beside the target. Made here and not by the JDK, whose temporary files only the owner may read. */
    private static Path unused(Path target, Path folder) throws IOException {
        for (int i = 0; ; i++) {
            Path path = folder.resolve(
                    "." + target.getFileName() + "." + ProcessHandle.current().pid() + "-" + i + ".tmp");
            try {
                return Files.createFile(path);
            } catch (FileAlreadyExistsException e) {
                // Another writer's, or left by a process that was killed: try the next name.
            }
        }
    }

    /** Makes the rename itself last. Not every system lets a folder be opened; there it cannot be asked for. */
    private static void force(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // The file is whole either way.
        }
    }
}
