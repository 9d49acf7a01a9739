package org.elasticreset.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.elasticreset.proto.v1.DecideResetRequest;
import org.elasticreset.proto.v1.ElasticResetGrpc.ElasticResetBlockingStub;
import org.elasticreset.proto.v1.GetStatusRequest;
import org.elasticreset.proto.v1.PauseRequest;
import org.elasticreset.proto.v1.RequestResetRequest;
import org.elasticreset.proto.v1.ResetTo;
import org.elasticreset.proto.v1.ResumeRequest;
import org.elasticreset.proto.v1.Status;

/** What {@code operate} can ask of the ema-service, and the answer in words. */
enum Operation {
  STATUS {
    @Override
    List<String> of(ElasticResetBlockingStub emaService, Request request) {
      return words(emaService.getStatus(GetStatusRequest.getDefaultInstance()));
    }
  },
  PAUSE {
    @Override
    List<String> of(ElasticResetBlockingStub emaService, Request request) {
      emaService.pause(
          PauseRequest.newBuilder()
              .setRunId(request.runId())
              .setRequestedBy(request.by())
              .setReason(request.reason())
              .build());
      return List.of(
          "held behind the step that is under way, until: ./elastic-reset operate RUN resume --by NAME --reason TEXT");
    }
  },
  RESUME {
    @Override
    List<String> of(ElasticResetBlockingStub emaService, Request request) {
      emaService.resume(
          ResumeRequest.newBuilder()
              .setRunId(request.runId())
              .setRequestedBy(request.by())
              .setReason(request.reason())
              .build());
      return List.of("goes on");
    }
  },
  RESET {
    @Override
    List<String> of(ElasticResetBlockingStub emaService, Request request) {
      var answer =
          emaService.requestReset(
              RequestResetRequest.newBuilder()
                  .setRunId(request.runId())
                  .setRequestedBy(request.by())
                  .setReason(request.reason())
                  .build());
      return List.of("reset asked for, behind version " + answer.getAfterVersion());
    }
  },
  APPROVE {
    @Override
    List<String> of(ElasticResetBlockingStub emaService, Request request) {
      var answer = emaService.decideReset(request.decision(true));
      int missing = answer.getApprovalsMissing();
      return List.of(
          missing > 0
              ? "approved; it waits for " + missing + " more"
              : "approved; the reset follows version " + answer.getAfterVersion());
    }
  },
  REFUSE {
    @Override
    List<String> of(ElasticResetBlockingStub emaService, Request request) {
      emaService.decideReset(request.decision(false));
      return List.of("refused; training goes on without");
    }
  };

  /**
   * Who asks for what.
   *
   * @param by a name; a certificate has the last word on it
   */
  record Request(String runId, String by, String reason) {
    private DecideResetRequest decision(boolean approve) {
      return DecideResetRequest.newBuilder()
          .setRunId(runId)
          .setApprove(approve)
          .setDecidedBy(by)
          .setReason(reason)
          .build();
    }
  }

  /** Asks, and says what was answered. */
  abstract List<String> of(ElasticResetBlockingStub emaService, Request request);

  /**
   * By its name.
   *
   * @throws InvalidInputException naming all that there are
   */
  static Operation of(String name) {
    return Arrays.stream(values())
        .filter(operation -> operation.word().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    "ACTION",
                    name,
                    Arrays.stream(values())
                        .map(Operation::word)
                        .collect(Collectors.joining(" | "))));
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static List<String> words(Status status) {
    List<String> lines = new ArrayList<>();
    if (status.getRunId().isEmpty()) {
      return List.of("no policy yet");
    }
    lines.add(
        RunProgress.format(
            "run %s, step %d, version %d, epoch %d",
            status.getRunId(),
            status.getNewest().getStep(),
            status.getNewest().getVersion(),
            status.getNewest().getResetEpoch()));
    lines.add(
        RunProgress.format(
            "average: %d updates since the last reset, %.1f %% of it is the initial policy",
            status.getUpdatesSinceReset(), 100 * status.getInitialShare()));
    lines.add(
        "reset: %s, to the %s%s"
            .formatted(
                status.getTrigger(),
                status.getResetTo() == ResetTo.RESET_TO_INITIAL ? "initial policy" : "average",
                status.getApprovalsNeeded() > 0
                    ? ", approvals needed: " + status.getApprovalsNeeded()
                    : ""));
    if (status.getResetRequested()) {
      lines.add("a reset is asked for and follows the next version");
    }
    if (!status.getProposedReset().isEmpty()) {
      lines.add(
          "proposed: %s; approved by: %s"
              .formatted(
                  status.getProposedReset(),
                  status.getApprovedByCount() == 0
                      ? "nobody yet"
                      : String.join(", ", status.getApprovedByList())));
    }
    if (!status.getPausedBy().isEmpty()) {
      lines.add("held by " + status.getPausedBy());
    }
    return lines;
  }
}
