package org.elasticreset.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.KnownSettings;

/**
 * Which layers see only the tokens near them.
 *
 * @param size tokens that a query sees, itself included; 0 for all
 * @param firstLayer layers below see all
 */
record SlidingWindow(int size, int firstLayer) {

  private static final SlidingWindow NONE = new SlidingWindow(0, 0);
  private static final String SIZE = "sliding_window";
  private static final String LAYER_TYPES = "layer_types";

  /** Reads what a Mistral or a Qwen2 says; a Llama has no such keys. */
  static SlidingWindow read(JsonFile file, String modelType, KnownSettings known) {
    if (modelType.equals("llama")) {
      return NONE;
    }
    known.allow(SIZE);
    if (modelType.equals("mistral")) {
      // A file without the key is of the first Mistral, which transformers reads so, too.
      boolean all = file.root().has(SIZE) && file.root().get(SIZE).isNull();
      return all ? NONE : new SlidingWindow(file.positiveInt(SIZE, 4096), 0);
    }
    known.allow("use_sliding_window", "max_window_layers", LAYER_TYPES);
    int layers = file.positiveInt("num_hidden_layers");
    var window = NONE;
    if (file.flag("use_sliding_window", false)) {
      // 0 is written for: all layers.
      int first = file.root().path("max_window_layers").asInt(28);
      if (first < 0) {
        throw file.wrong("max_window_layers", "0 or more");
      }
      window = new SlidingWindow(file.positiveInt(SIZE, 4096), first);
    }
    if (file.has(LAYER_TYPES) && !window.layerTypes(layers).equals(layerTypes(file))) {
      throw file.wrong(LAYER_TYPES, "what max_window_layers says: " + window.layerTypes(layers));
    }
    return window;
  }

  private List<String> layerTypes(int layers) {
    int full = size == 0 ? layers : Math.min(layers, firstLayer);
    var types = new ArrayList<>(Collections.nCopies(full, "full_attention"));
    types.addAll(Collections.nCopies(layers - full, "sliding_attention"));
    return types;
  }

  private static List<String> layerTypes(JsonFile file) {
    var types = new ArrayList<String>();
    file.root().get(LAYER_TYPES).forEach(type -> types.add(type.asText()));
    return types;
  }
}
