package org.elasticreset.ema.console;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.elasticreset.proto.v1.Status;

/** Where the run stands, as the page reads it. */
final class StatusJson {

  private static final JsonMapper JSON = new JsonMapper();

  private StatusJson() {}

  /**
   * One line of JSON.
   *
   * @param keys whether names are those of keys, and not typed
   */
  static String of(String runId, Status status, boolean keys) {
    var node = JSON.createObjectNode();
    node.put("run", runId);
    node.put("keys", keys);
    node.put("version", status.getNewest().getVersion());
    node.put("epoch", status.getNewest().getResetEpoch());
    node.put("step", status.getNewest().getStep());
    node.put("heldVersion", status.getHeldVersion());
    node.put("updates", status.getUpdates());
    node.put("updatesSinceReset", status.getUpdatesSinceReset());
    node.put("decay", status.getDecay());
    node.put("initialShare", status.getInitialShare());
    node.put("trigger", status.getTrigger());
    node.put("resetRequested", status.getResetRequested());
    node.put("proposedReset", status.getProposedReset());
    node.put("approvalsNeeded", status.getApprovalsNeeded());
    var approved = node.putArray("approvedBy");
    status.getApprovedByList().forEach(approved::add);
    node.put("pausedBy", status.getPausedBy());
    return node.toString();
  }
}
