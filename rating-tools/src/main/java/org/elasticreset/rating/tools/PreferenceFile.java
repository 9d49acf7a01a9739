package org.elasticreset.rating.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files of preferences, JSON lines. */
public final class PreferenceFile {

  /**
   * What was read.
   *
   * @param conversations left out, since they have more than one question and answer
   * @param alike left out, since both responses are the same
   * @param blank left out, since there is nothing in one of the texts
   */
  public record Imported(List<Preference> preferences, int conversations, int alike, int blank) {
    /** Copies. */
    public Imported {
      preferences = List.copyOf(preferences);
    }
  }

  private PreferenceFile() {}

  /**
   * Reads one object a line, of either form.
   *
   * @throws IllegalArgumentException naming file, line and field that cannot be used
   */
  public static Imported readJsonLines(Path file) throws IOException {
    var reading = new Reading();
    try (BufferedReader lines = Files.newBufferedReader(file, UTF_8)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          try {
            reading.add(Payload.parse(line.getBytes(UTF_8)));
          } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                file + ", line " + number + ": " + e.getMessage(), e);
          }
        }
      }
    }
    return reading.done();
  }

  /**
   * Reads objects of either form, from wherever they are.
   *
   * @param name of where they are, for whoever has one that cannot be used
   * @throws IllegalArgumentException naming the row, from 1, and the field that cannot be used
   */
  public static Imported read(String name, Iterable<? extends JsonNode> rows) {
    var reading = new Reading();
    int number = 0;
    for (JsonNode row : rows) {
      number++;
      try {
        reading.add(new Payload(row, ""));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(name + ", row " + number + ": " + e.getMessage(), e);
      }
    }
    return reading.done();
  }

  /** Rows as they come. */
  private static final class Reading {
    private final List<Preference> preferences = new ArrayList<>();
    private int conversations;
    private int alike;
    private int blank;

    void add(Payload row) {
      var preference = PreferenceJson.read(row);
      if (preference.isEmpty()) {
        conversations++;
      } else if (preference.get().isBlank()) {
        blank++;
      } else if (preference.get().chosen().equals(preference.get().rejected())) {
        alike++;
      } else {
        preferences.add(preference.get());
      }
    }

    Imported done() {
      return new Imported(preferences, conversations, alike, blank);
    }
  }
}
