package org.elasticreset.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.elasticreset.model.files.JsonFile;

/** The labels of a classifier, and how {@code config.json} writes them. */
record Labels(List<String> names) {

  private static final String KEY = "id2label";
  private static final String NUMBER = "num_labels";
  private static final int MAX_UNNAMED = 100_000;

  Labels {
    names = List.copyOf(names);
    if (names.isEmpty() || new HashSet<>(names).size() != names.size()) {
      throw new IllegalArgumentException(
          "labels: " + names + " (expected: one or more, all different)");
    }
  }

  /**
   * Reads {@code id2label}: {@code {"0": "NEGATIVE", "1": "POSITIVE"}}. Without it there are {@code
   * num_labels}, two unless the file says so, with the names that transformers gives them.
   */
  static Labels read(JsonFile config) {
    var byId = config.root().path(KEY);
    if (byId.isMissingNode() || byId.isNull()) {
      return unnamed(config);
    }
    var names = new ArrayList<String>();
    var seen = new HashSet<String>();
    for (int id = 0; id < byId.size(); id++) {
      var name = byId.path(Integer.toString(id));
      if (!name.isTextual() || !seen.add(name.textValue())) {
        throw config.wrong(KEY, "different labels for the ids from 0 to " + (byId.size() - 1));
      }
      names.add(name.textValue());
    }
    if (names.isEmpty()) {
      throw config.wrong(KEY, "an object from ids to one or more labels");
    }
    if (config.positiveInt(NUMBER, names.size()) != names.size()) {
      throw config.wrong(NUMBER, "as many as in " + KEY + ", " + names.size());
    }
    return new Labels(names);
  }

  private static Labels unnamed(JsonFile config) {
    int number = config.positiveInt(NUMBER, 2);
    if (number > MAX_UNNAMED) {
      throw config.wrong(NUMBER, "at most " + MAX_UNNAMED);
    }
    return new Labels(IntStream.range(0, number).mapToObj(id -> "LABEL_" + id).toList());
  }

  void write(ObjectNode config) {
    var byId = config.putObject(KEY);
    var byLabel = config.putObject("label2id");
    for (int id = 0; id < names.size(); id++) {
      byId.put(Integer.toString(id), names.get(id));
      byLabel.put(names.get(id), id);
    }
  }

  int size() {
    return names.size();
  }
}
