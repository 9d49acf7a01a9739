package org.elasticreset.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** The labels of a classifier, and how {@code config.json} writes them. */
record Labels(List<String> names) {

  private static final String KEY = "id2label";

  Labels {
    names = List.copyOf(names);
    if (names.size() < 2 || new HashSet<>(names).size() != names.size()) {
      throw new IllegalArgumentException(
          "labels: " + names + " (expected: two or more, all different)");
    }
  }

  /** Reads {@code id2label}: {@code {"0": "NEGATIVE", "1": "POSITIVE"}}. */
  static Labels read(JsonFile config) {
    var byId = config.root().path(KEY);
    var names = new ArrayList<String>();
    var seen = new HashSet<String>();
    for (int id = 0; id < byId.size(); id++) {
      var name = byId.path(Integer.toString(id));
      if (!name.isTextual() || !seen.add(name.textValue())) {
        throw config.wrong(KEY, "different labels for the ids from 0 to " + (byId.size() - 1));
      }
      names.add(name.textValue());
    }
    if (names.size() < 2) {
      throw config.wrong(KEY, "an object from ids to two or more labels");
    }
    return new Labels(names);
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
