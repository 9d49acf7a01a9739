package org.elasticreset.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.elasticreset.proto.v1.Accounting;

/** What became of the rollouts of a run, for scripts and for people. */
final class AccountingText {
  private AccountingText() {}

  static ObjectNode json(Accounting accounting) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("admitted", accounting.getAdmitted());
    json.put("received", accounting.getReceived());
    json.put("trained", accounting.getTrained());
    json.put("evaluated", accounting.getEvaluated());
    json.put("discarded", accounting.getDiscarded());
    ObjectNode dropped = json.putObject("dropped");
    new TreeMap<>(accounting.getDroppedMap()).forEach(dropped::put);
    json.put("in_flight", accounting.getInFlight());
    json.put("waiting", accounting.getWaiting());
    return json;
  }

  /** {@code admitted 1,280 = trained 1,240 + evaluated 40; dropped copies: 3 duplicate}. */
  static String line(Accounting accounting) {
    List<String> parts = new ArrayList<>();
    parts.add("trained " + count(accounting.getTrained()));
    parts.add("evaluated " + count(accounting.getEvaluated()));
    addIfAny(parts, "discarded ", accounting.getDiscarded());
    addIfAny(parts, "in flight ", accounting.getInFlight());
    List<String> dropped = new ArrayList<>();
    new TreeMap<>(accounting.getDroppedMap())
        .forEach(
            (reason, copies) -> {
              if (copies > 0) {
                dropped.add(count(copies) + " " + reason);
              }
            });
    return "rollouts: admitted "
        + count(accounting.getAdmitted())
        + " = "
        + String.join(" + ", parts)
        + (dropped.isEmpty() ? "" : "; dropped copies: " + String.join(", ", dropped));
  }

  private static void addIfAny(List<String> parts, String what, long rollouts) {
    if (rollouts > 0) {
      parts.add(what + count(rollouts));
    }
  }

  private static String count(long number) {
    return RunProgress.format("%,d", number);
  }
}
