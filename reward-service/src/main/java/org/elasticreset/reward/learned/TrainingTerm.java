package org.elasticreset.reward.learned;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.elasticreset.checkpoint.DamagedCheckpointException;
import org.elasticreset.model.text.DataSplit;
import org.elasticreset.model.text.PreferencePair;
import org.elasticreset.proto.ProtobufSerde;
import org.elasticreset.proto.Untrusted;
import org.elasticreset.proto.v1.Preference;
import org.elasticreset.proto.v1.RewardModelVersion;
import org.elasticreset.reward.learned.RetrainingRule.Attempt;
import org.elasticreset.reward.learned.Trainings.Trained;
import org.elasticreset.reward.learned.Trainings.Training;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The time in which this instance is the one that trains: reads what people prefer, trains when it
 * is due, elsewhere than on this thread, and tells what came of it. For one thread.
 */
final class TrainingTerm implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(TrainingTerm.class);
  private static final Deserializer<Preference> PREFERENCES =
      new ProtobufSerde<>(Preference.class, Preference.parser()).deserializer();

  /**
   * What every term has.
   *
   * @param base name of the model that trainings begin as
   */
  record Setup(
      String runId,
      String base,
      RetrainingRule rule,
      HeldOut heldOut,
      Trainings trainings,
      VersionFolders folders,
      Executor executor,
      Clock clock,
      LearnedMetrics metrics) {}

  private record UnderWay(
      Training training, CompletableFuture<RewardModelVersion> version, long pairs) {}

  private final Setup setup;
  private final Announcements announcements;
  private final PreferenceBook book;
  private Attempt last;
  private @Nullable UnderWay underWay;

  /**
   * Begins where the last trainer ended; what it did not get to announce counts for nothing.
   *
   * @param announcements whose writer nobody but this term is; closed with it
   */
  TrainingTerm(Setup setup, Announcements announcements) {
    this.setup = setup;
    this.announcements = announcements;
    this.book = new PreferenceBook(setup.runId());
    this.last = lastAttempt();
    keepOnly(announcements.adopted().stream());
  }

  /** None, too, where what scores is lost: another is wanted at once. */
  private Attempt lastAttempt() {
    if (announcements.adopted().isPresent() && scoring().isEmpty()) {
      return Attempt.NONE;
    }
    return announcements
        .newest()
        .map(
            newest ->
                new Attempt(
                    newest.getTrainingPairs() + newest.getHeldOutPairs(),
                    Instant.ofEpochMilli(newest.getTrainedMillis())))
        .orElse(Attempt.NONE);
  }

  /** The folder of the version that scores, unless it is damaged. */
  private Optional<Path> scoring() {
    try {
      Optional<RewardModelVersion> adopted = announcements.adopted();
      return adopted.isEmpty()
          ? Optional.empty()
          : Optional.of(setup.folders().verified(adopted.get()));
    } catch (DamagedCheckpointException | IOException e) {
      LOG.errorf(
          "reward model lost, the next is measured without it reason=\"%s\"", e.getMessage());
      return Optional.empty();
    }
  }

  /** Puts down a record of {@code preferences}; one that cannot be used is counted. */
  void take(@Nullable String key, byte @Nullable [] value) {
    String request = key == null ? "" : key;
    try {
      @Nullable Preference preference = PREFERENCES.deserialize("preferences", value);
      if (preference == null) {
        book.remove(request);
      } else {
        book.put(request, preference);
      }
    } catch (SerializationException | IllegalArgumentException e) {
      setup.metrics().refused();
      LOG.warnf(
          "preference refused request=%s reason=\"%s\"",
          Untrusted.shown(request), Untrusted.shown(String.valueOf(e.getMessage())));
    }
    setup.metrics().pairs(book.size());
  }

  /** Trains if it is due, and tells of a training that has ended; returns soon. */
  void goOn() {
    UnderWay present = underWay;
    if (present == null) {
      if (setup.rule().isDue(book.size(), last, setup.clock().instant())) {
        begin();
      }
    } else if (present.version().isDone()) {
      underWay = null;
      end(present);
    }
  }

  private void begin() {
    long pairs = book.size();
    Optional<DataSplit<PreferencePair>> data = setup.heldOut().split(book.pairs());
    if (data.isEmpty()) {
      LOG.infof("reward model not trained pairs=%d reason=all-on-one-side-of-the-split", pairs);
      last = new Attempt(pairs, setup.clock().instant());
      return;
    }
    try {
      long number = newestNumber() + 1;
      Path scratch = setup.folders().scratch(number);
      Training training = setup.trainings().of(data.get(), scoring(), scratch);
      LOG.infof("reward model in training version=%d pairs=%d", number, pairs);
      underWay =
          new UnderWay(
              training,
              CompletableFuture.supplyAsync(
                  () -> train(training, data.get(), number, scratch), setup.executor()),
              pairs);
    } catch (IOException e) {
      failed(e, pairs);
    }
  }

  private RewardModelVersion train(
      Training training, DataSplit<PreferencePair> data, long number, Path scratch) {
    try {
      try {
        Trained trained = training.run();
        RewardModelVersion.Builder version = version(trained, data).setVersion(number);
        if (!trained.isWorse()) {
          String name = setup.folders().place(number, scratch);
          version.setAdopted(true).setDirectory(name).setDigest(setup.folders().digest(name));
        }
        return version.build();
      } finally {
        setup.folders().discard(scratch);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RewardModelVersion.Builder version(Trained trained, DataSplit<PreferencePair> data) {
    var interval = trained.accuracy().interval();
    return RewardModelVersion.newBuilder()
        .setRunId(setup.runId())
        .setBase(setup.base())
        .setTrainingPairs(data.training().size())
        .setHeldOutPairs(data.heldOut().size())
        .setAccuracy(trained.accuracy().share())
        .setAccuracyLow(interval.low())
        .setAccuracyHigh(interval.high())
        .setAccuracyBefore(trained.before())
        .setTrainedMillis(setup.clock().millis());
  }

  private void end(UnderWay ended) {
    RewardModelVersion version;
    try {
      version = ended.version().join();
    } catch (CompletionException e) {
      failed(e.getCause() == null ? e : e.getCause(), ended.pairs());
      return;
    }
    Optional<RewardModelVersion> before = announcements.adopted();
    announcements.announce(version);
    last = new Attempt(ended.pairs(), setup.clock().instant());
    setup.metrics().trained(version);
    LOG.infof(
        "reward model trained version=%d adopted=%s accuracy=%.3f interval=%.3f..%.3f before=%.3f"
            + " training_pairs=%d held_out_pairs=%d",
        version.getVersion(),
        version.getAdopted(),
        version.getAccuracy(),
        version.getAccuracyLow(),
        version.getAccuracyHigh(),
        version.getAccuracyBefore(),
        version.getTrainingPairs(),
        version.getHeldOutPairs());
    // The one before stays: an instance may be opening it.
    keepOnly(Stream.concat(announcements.adopted().stream(), before.stream()));
  }

  /** It is trained again when enough is new, and not before: it would fail the same way. */
  private void failed(Throwable failure, long pairs) {
    setup.metrics().failed();
    last = new Attempt(pairs, setup.clock().instant());
    LOG.errorf(failure, "reward model not trained pairs=%d", pairs);
  }

  private long newestNumber() {
    return announcements.newest().map(RewardModelVersion::getVersion).orElse(0L);
  }

  private void keepOnly(Stream<RewardModelVersion> versions) {
    Set<String> names = versions.map(RewardModelVersion::getDirectory).collect(Collectors.toSet());
    try {
      setup.folders().keepOnly(names, newestNumber());
    } catch (IOException e) {
      LOG.warnf("old reward models not deleted reason=\"%s\"", e);
    }
  }

  /** Ends a training under way, without an announcement. */
  @Override
  public void close() {
    if (underWay != null) {
      underWay.training().stop();
    }
    announcements.close();
  }
}
