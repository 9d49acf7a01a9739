package org.elasticreset.ema.console;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;
import org.elasticreset.proto.v1.Status;
import org.elasticreset.proto.v1.WorkerStatus;

/** Where the run stands, as the page reads it. */
final class StatusJson {

  private static final JsonMapper JSON = new JsonMapper();

  private StatusJson() {}

  /**
   * One line of JSON.
   *
   * @param you who reads, by their key; nothing where names are typed
   */
  static String of(String runId, Status status, Optional<ConsoleKeys.Holder> you) {
    var node = JSON.createObjectNode();
    node.put("run", runId);
    node.put("keys", you.isPresent());
    you.ifPresent(holder -> node.put("you", holder.name()));
    node.put("mayAct", you.map(ConsoleKeys.Holder::operator).orElse(true));
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
    var workers = node.putArray("workers");
    for (WorkerStatus worker : status.getWorkersList()) {
      workers
          .addObject()
          .put("name", worker.getName())
          .put("version", worker.getVersion())
          .put("epoch", worker.getResetEpoch())
          .put("time", worker.getFetchedMillis());
    }
    return node.toString();
  }
}
