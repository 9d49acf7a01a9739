package org.elasticreset.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.elasticreset.cli.ab.NextStep;

/** What puts B of {@code ab} into production, once the verdict is to ship it. */
final class Shipping {
  private Shipping() {}

  /**
   * The way by {@code promote} where B is what a run left; else the words that there is none.
   *
   * @param b directory of the policy
   * @param digest its {@link PolicyDigest}
   * @param experiment whose directory has room for a promoted copy
   */
  static NextStep of(Path b, String digest, RunDirectory experiment) {
    Path run = b.toAbsolutePath().normalize().getParent();
    if (run == null || !isPolicyOf(new RunDirectory(run), b)) {
      return new NextStep(
          ("B is no run's policy, and promote hands over the policies of runs only, since a run's record is where"
                  + " approvals are kept. Put %s into production as you put A there, and keep its policy_sha256: %s")
              .formatted(b, digest),
          "");
    }
    return new NextStep(
        "To put B into production (choose --to, and --by for who you are)",
        "./elastic-reset promote %s --to %s --by \"$(id -un)\" --reason %s"
            .formatted(
                ShellWord.of(run.toString()),
                ShellWord.of(experiment.path().resolve("promoted").toString()),
                ShellWord.of("ab " + experiment.name() + ": ship")));
  }

  private static boolean isPolicyOf(RunDirectory run, Path directory) {
    return Files.isRegularFile(run.config())
        && Files.isRegularFile(run.summary())
        && run.policy().equals(directory.toAbsolutePath().normalize());
  }
}
