package org.elasticreset.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.elasticreset.rating.tools.Preference;
import org.elasticreset.rating.tools.PreferenceFile.Imported;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code elastic-reset ratings import}: pairs of other programs, for {@code train-reward}. */
@Command(
    name = "import",
    description = {
      "Make what train-reward --pairs reads of prompt, chosen, rejected:",
      "texts or conversations, JSON lines or Parquet."
    },
    mixinStandardHelpOptions = true)
final class RatingsImportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files to read, in this order.")
  private List<Path> files = List.of();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "What to write: JSON lines, or Parquet if it is named so.")
  private Path output = Path.of("");

  @Override
  public Integer call() {
    List<ObjectNode> rows = new ArrayList<>();
    int conversations = 0;
    int empty = 0;
    for (Path file : files) {
      Imported imported = read(file);
      conversations += imported.conversations();
      empty += imported.alike() + imported.blank();
      imported.preferences().forEach(pair -> rows.add(row(pair)));
    }
    System.out.println(
        String.format(
            Locale.ROOT,
            "%,d pairs; %,d left out (a text is blank, or both are the same), %,d of more than one question",
            rows.size(),
            empty,
            conversations));
    if (rows.isEmpty()) {
      throw InvalidInputException.of("FILE", files, "at least one pair that can be used");
    }
    try {
      PairFormat.of(null, output).write(output, rows);
    } catch (IOException e) {
      throw new UncheckedIOException(output + " cannot be written", e);
    }
    System.out.println(output);
    return 0;
  }

  private static Imported read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw InvalidInputException.of("FILE", file, "a file of pairs");
    }
    try {
      return PairFormat.of(null, file).read(file);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  private static ObjectNode row(Preference pair) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("prompt", pair.prompt())
        .put("chosen", pair.chosen())
        .put("rejected", pair.rejected());
  }
}
