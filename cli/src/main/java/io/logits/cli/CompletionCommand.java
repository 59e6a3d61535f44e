package io.logits.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Prints a script that teaches bash and zsh the commands and options. */
@Command(name = "completion", description = "Prints a completion script for bash and zsh: source <(logits completion).")
final class CompletionCommand implements Callable<Integer> {
    private final Logits logits;

    CompletionCommand(Logits logits) {
        this.logits = logits;
    }

    @Override
    public Integer call() throws Exception {
        // The parser of this run holds this command alone; completion needs them all.
        CommandLine all = logits.commandLine("");
        logits.console().print(AutoComplete.bash("logits", all));
        return Logits.DONE;
    }
}
