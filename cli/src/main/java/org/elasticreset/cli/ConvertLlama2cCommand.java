package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.elasticreset.model.Llama2c;
import org.elasticreset.model.files.ModelFormatException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code elastic-reset convert-llama2c}: the files of llama2.c → a Hugging Face directory. */
@Command(
    name = "convert-llama2c",
    description = "Turn a model of llama2.c into a Hugging Face model directory.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ConvertLlama2cCommand implements Callable<Integer> {

  @Parameters(paramLabel = "MODEL.bin", description = "Weights, in llama2.c's first format.")
  private Path model = Path.of("");

  @Parameters(paramLabel = "TOKENIZER.bin", description = "The tokenizer they were trained with.")
  private Path tokenizer = Path.of("");

  @Parameters(paramLabel = "OUTPUT", description = "Model directory to write: new, or empty.")
  private Path output = Path.of("");

  @Override
  public Integer call() {
    requireEmpty();
    try {
      Llama2c.convert(model, tokenizer, output);
    } catch (ModelFormatException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()));
    }
    System.out.println("wrote " + output);
    return 0;
  }

  private void requireEmpty() {
    if (!Files.exists(output)) {
      return;
    }
    try (var files = Files.list(output)) {
      if (files.findAny().isEmpty()) {
        return;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + output, e);
    }
    throw new InvalidInputException(
        "OUTPUT: " + output + " has files (expected: a new or empty directory)");
  }
}
