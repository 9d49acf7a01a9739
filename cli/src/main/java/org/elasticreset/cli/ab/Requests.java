package org.elasticreset.cli.ab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prompts of a file, for a replay. */
public final class Requests {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Requests() {}

  /**
   * JSON lines with {@code id} and {@code prompt}, or one prompt a line, whose id is its line
   * number.
   *
   * @return prompts by id, in the order of the file
   */
  public static Map<String, String> read(Path file) {
    Map<String, String> requests = new LinkedHashMap<>();
    try {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        if (line.startsWith("{")) {
          JsonNode tree = JSON.readTree(line);
          if (!tree.path("id").isValueNode() || !tree.path("prompt").isTextual()) {
            throw new IllegalArgumentException(
                "%s, line %d: %s (expected: id and prompt)".formatted(file, i + 1, line));
          }
          requests.putIfAbsent(tree.path("id").asText(), tree.path("prompt").asText());
        } else if (!line.isBlank() && !line.startsWith("#")) {
          requests.put(String.valueOf(i + 1), line);
        }
      }
      return requests;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(file + ": a line is no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
