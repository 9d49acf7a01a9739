package org.elasticreset.hub;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a model on the Hub: {@code gpt2}, {@code org/name}, {@code org/name@revision}.
 *
 * @param repository as the Hub allows it, see its <a
 *     href="https://huggingface.co/docs/huggingface_hub/package_reference/utilities">validation</a>
 * @param revision a branch, a tag or a commit
 */
record HubName(String repository, String revision) {

  private static final String WORD = "[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?";
  private static final Pattern REPOSITORY = Pattern.compile("(?:" + WORD + "/)?" + WORD);
  private static final Pattern REVISION =
      Pattern.compile("(?!.*\\.lock$)[A-Za-z0-9_](?:[/.]?[A-Za-z0-9_+-]){0,199}");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /** Empty if no model can have that name. */
  static Optional<HubName> parse(String text) {
    int at = text.indexOf('@');
    String repository = at < 0 ? text : text.substring(0, at);
    String revision = at < 0 ? "main" : text.substring(at + 1);
    boolean allowed =
        REPOSITORY.matcher(repository).matches()
            && !repository.contains("--")
            && !repository.contains("..")
            && !repository.endsWith(".git")
            && REVISION.matcher(revision).matches();
    return allowed ? Optional.of(new HubName(repository, revision)) : Optional.empty();
  }

  static boolean isCommit(String revision) {
    return COMMIT.matcher(revision).matches();
  }

  /** Of the model in a cache: two dashes are what no name contains. */
  String directory() {
    return "models--" + repository.replace("/", "--");
  }

  /** For the path of an address: a branch's name may have slashes. */
  String encodedRevision() {
    return revision.replace("/", "%2F").replace("+", "%2B");
  }

  @Override
  public String toString() {
    return revision.equals("main") ? repository : repository + "@" + revision;
  }
}
