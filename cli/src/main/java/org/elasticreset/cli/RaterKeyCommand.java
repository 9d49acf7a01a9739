package org.elasticreset.cli;

import java.util.concurrent.Callable;
import org.elasticreset.cli.RaterKeys.Holder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code elastic-reset rater-key}: a key for somebody who rates in a cluster. */
@Command(
    name = "rater-key",
    description =
        "Make a key for a rater: its line of the file that reward.raters.keys names, and the key.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RaterKeyCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "NAME[:operator]",
      description = "Who it is for; operators may see all raters' records.")
  private String name = "";

  @Override
  public Integer call() {
    Holder holder = Holder.of(name);
    System.out.println("line of the keys file: " + holder.line());
    System.out.println("key, shown only now:   " + holder.key());
    return 0;
  }
}
