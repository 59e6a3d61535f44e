package io.logits.cli;

import picocli.CommandLine;

@CommandLine.Command(name="logits", mixinStandardHelpOptions=true, version="0.1 x")
public final class Main implements Runnable {
    public void run() {}
    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals("--version")) {
            System.out.println(io.logits.kernels.Kernels.best().info());
        }
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
