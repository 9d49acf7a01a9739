package org.elasticreset.ema;

import com.google.protobuf.MessageLite;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.elasticreset.proto.ProtobufSerializer;
import org.elasticreset.proto.v1.EvaluationMetrics;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.ResetEvent;
import org.elasticreset.proto.v1.Sample;
import org.elasticreset.proto.v1.StepMetrics;
import org.elasticreset.proto.v1.TrainingEvent;

/** What a learner tells: step after step, a reward that rises, a drift that resets take back. */
final class ToldEvents implements AutoCloseable {

  private final KafkaProducer<String, MessageLite> producer;
  private long sequence;
  private long step;
  private long epoch;
  private double drift;
  private double reward = 0.5;

  ToldEvents(String bootstrapServers) {
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new StringSerializer(),
            new ProtobufSerializer());
  }

  /** The number of the step that was told last. */
  long step() {
    return step;
  }

  void steps(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      step++;
      drift += 2.2 + Math.sin(step);
      reward += (0.97 - reward) * 0.07;
      send(
          event()
              .setTrainingStep(
                  StepMetrics.newBuilder()
                      .setRewardMean(reward + 0.02 * Math.sin(7 * step))
                      .setKlToInitialNats(drift)
                      .setEntropyNats(3.2 - drift / 50)
                      .setStalenessMax(1)
                      .setTokensPerSecond(870 + 40 * Math.cos(step))
                      .setLengthMeanTokens(24)
                      .putPhaseSeconds("waiting", 7.1)
                      .putPhaseSeconds("optimising", 2.9)
                      .putDropped("stale", step / 9)));
    }
  }

  /** Asks for that many batches, for which nobody is there. */
  void prompts(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      producer
          .send(
              new ProducerRecord<>(
                  Policies.RUN + ".prompts", "batch-" + i, PromptBatch.getDefaultInstance()))
          .get();
    }
  }

  void reset() throws Exception {
    epoch++;
    send(
        event()
            .setReset(
                ResetEvent.newBuilder()
                    .setReason("12 updates since the last reset")
                    .setUpdatesSinceReset(12)
                    .setInitialShare(0.28)));
    drift *= 0.45;
    reward -= 0.05;
  }

  void evaluation(Sample... samples) throws Exception {
    send(
        event()
            .setEvaluation(
                EvaluationMetrics.newBuilder()
                    .setRewardMean(reward - 0.01)
                    .setJudgeMean(reward - 0.03)
                    .setKlToInitialNats(drift * 0.95)
                    .setPerplexityHumanText(100 + drift)
                    .addAllSamples(List.of(samples))));
  }

  static Sample sample(String prompt, String response, double reward) {
    return Sample.newBuilder()
        .setPrompt(prompt)
        .setResponse(response)
        .setReward(reward)
        .setJudge(reward - 0.02)
        .build();
  }

  private TrainingEvent.Builder event() {
    return TrainingEvent.newBuilder()
        .setRunId(Policies.RUN)
        .setSequence(++sequence)
        .setStep(step)
        .setPolicyVersion(step + 1)
        .setResetEpoch(epoch)
        .setTimeMillis(1_760_000_000_000L + 1400 * step);
  }

  private void send(TrainingEvent.Builder event) throws Exception {
    producer
        .send(new ProducerRecord<>(Policies.RUN + ".training-events", Policies.RUN, event.build()))
        .get();
  }

  @Override
  public void close() {
    producer.close();
  }
}
