package org.elasticreset.learner;

import com.google.protobuf.ByteString;
import io.opentelemetry.api.trace.Span;
import java.util.List;
import java.util.Optional;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.tracing.TraceKeys;

/** Says on the span of an upload what was uploaded and what came of it; a release has a span. */
record TracedEmaService(EmaService emaService, StepTraces traces) implements EmaService {

  @Override
  public Opened open(TrainedWeights weights, ByteString initialDigest, Optional<Standing> from)
      throws InterruptedException {
    return emaService.open(weights, initialDigest, from);
  }

  @Override
  public Answer upload(Update update, TrainedWeights weights) throws InterruptedException {
    Answer answer = emaService.upload(update, weights);
    Span.current()
        .setAttribute(TraceKeys.BYTES, weights.totalBytes())
        .setAttribute(TraceKeys.POLICY_VERSION, answer.newest().version())
        .setAttribute(TraceKeys.RESET_EPOCH, answer.newest().resetEpoch())
        .setAttribute(TraceKeys.RESET, answer instanceof Answer.Reset);
    return answer;
  }

  @Override
  public boolean release(long step, List<Long> keptSteps) throws InterruptedException {
    traces.enter("release");
    return emaService.release(step, keptSteps);
  }

  @Override
  public void download(PolicyStamp version, TrainedWeights weights) throws InterruptedException {
    emaService.download(version, weights);
  }

  @Override
  public void requireServed(PolicyStamp version) throws InterruptedException {
    emaService.requireServed(version);
  }

  @Override
  public boolean isPaused() throws InterruptedException {
    return emaService.isPaused();
  }

  @Override
  public void takeBack() throws InterruptedException {
    emaService.takeBack();
  }

  @Override
  public void close() {
    emaService.close();
  }
}
