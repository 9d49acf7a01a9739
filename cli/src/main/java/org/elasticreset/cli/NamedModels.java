package org.elasticreset.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.elasticreset.hub.HubException;
import org.elasticreset.hub.HubListener;
import org.elasticreset.hub.HubModels;
import org.elasticreset.hub.HubSettings;

/**
 * Models as people name them, as directories: what is one already, or a model of the Hugging Face
 * Hub, fetched. Only the launcher knows names; services get directories.
 */
final class NamedModels {
  private static final Pattern SETTING = Pattern.compile("policy|.*\\.model");

  /** Read when a name needs it: a run of directories does not care about the Hub. */
  interface Environment {
    HubSettings hub() throws HubException;
  }

  private final Environment environment;
  private final Terminal terminal;

  NamedModels(Environment environment, Terminal terminal) {
    this.environment = environment;
    this.terminal = terminal;
  }

  /** With the cache, token and endpoint that the environment names. */
  static NamedModels ofEnvironment() {
    Path home = Path.of(System.getProperty("user.home"));
    return new NamedModels(
        () -> HubSettings.ofEnvironment(System.getenv(), home), Terminal.current());
  }

  /** Puts the directory in the place of each name of the Hub that a model's setting has. */
  void resolve(Settings settings) {
    new TreeMap<>(settings.byKey())
        .forEach(
            (key, setting) -> {
              String text = setting.text();
              Path base = setting.base();
              if (SETTING.matcher(key).matches()) {
                settings.set(key, directory(key, text, base), base);
              }
            });
  }

  /**
   * The directory of a model; a text that is no name of the Hub stays the path that it is.
   *
   * @param key of the setting that names it, for the message
   * @param base that a relative directory starts from
   * @throws InvalidInputException if it cannot be had, saying why
   */
  Path directory(String key, String text, Path base) {
    if (!HubModels.isName(text, base)) {
      return base.resolve(text);
    }
    try {
      return new HubModels(environment.hub(), new Progress(terminal)).directory(text, base);
    } catch (HubException e) {
      throw new InvalidInputException(key + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InvalidInputException(key + ": " + text + ": interrupted");
    } finally {
      terminal.clearStatus();
    }
  }

  /** A line on a terminal, renewed some times a second; what is told goes where no output is. */
  private static final class Progress implements HubListener {
    private static final long EVERY_NANOS = 200_000_000;

    private final Terminal terminal;
    private long shownNanos = System.nanoTime() - EVERY_NANOS;

    Progress(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public void received(String model, String file, long bytes, long total) {
      if (System.nanoTime() - shownNanos >= EVERY_NANOS) {
        shownNanos = System.nanoTime();
        double percent = total == 0 ? 100 : 100.0 * bytes / total;
        terminal.status(
            String.format(
                Locale.ROOT, "%s: %.0f %% of %,.1f MB, %s", model, percent, total / 1e6, file));
      }
    }

    @Override
    public void told(String line) {
      terminal.clearStatus();
      Terminal.complain(line);
    }
  }
}
