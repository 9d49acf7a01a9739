package org.elasticreset.reward.learned;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.elasticreset.checkpoint.Sha256;
import org.elasticreset.model.text.DataSplit;
import org.elasticreset.model.text.PreferencePair;

/**
 * Which pairs are measured on and never trained on. The digest of a prompt says so: all pairs of a
 * prompt are on one side, on the same one in every training, and versions can be compared.
 *
 * @param share of the prompts, 0 to 1, both excluded
 */
record HeldOut(double share) {

  boolean holds(String prompt) {
    var digest = Sha256.begin();
    digest.update(prompt.getBytes(StandardCharsets.UTF_8));
    long drawn = ByteBuffer.wrap(digest.digest()).getLong() >>> 1;
    return drawn < share * Long.MAX_VALUE;
  }

  /** Both sides; empty unless there is something on each. */
  Optional<DataSplit<PreferencePair>> split(List<PreferencePair> pairs) {
    Map<Boolean, List<PreferencePair>> sides =
        pairs.stream().collect(Collectors.partitioningBy(pair -> holds(pair.prompt())));
    List<PreferencePair> training = sides.getOrDefault(false, List.of());
    List<PreferencePair> heldOut = sides.getOrDefault(true, List.of());
    return training.isEmpty() || heldOut.isEmpty()
        ? Optional.empty()
        : Optional.of(new DataSplit<>(training, heldOut, 0));
  }
}
