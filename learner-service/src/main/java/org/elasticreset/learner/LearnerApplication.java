package org.elasticreset.learner;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.elasticreset.model.files.ModelFormatException;
import org.jboss.logging.Logger;

/**
 * Runs the learner-service until its run fails, or until it is told to stop. The exit code says
 * whether starting it again makes sense.
 */
final class LearnerApplication implements QuarkusApplication {

  private static final Logger LOG = Logger.getLogger(LearnerApplication.class);
  private static final int STOPPED = 0;
  private static final int FAILED = 1;
  static final int BAD_INPUT = 2;

  /** Starting again would end the same way, or would disturb another learner-service. */
  private static final int FOR_GOOD = 3;

  /** EX_TEMPFAIL of sysexits.h: started again, the run goes on from its newest checkpoint. */
  static final int START_AGAIN = 75;

  private final TrainingRun run;
  private final LearnerConfig config;

  LearnerApplication(TrainingRun run, LearnerConfig config) {
    this.run = run;
    this.config = config;
  }

  @Override
  public int run(String... arguments) {
    CompletableFuture<Void> ended = run.start();
    try {
      ended.join();
    } catch (CompletionException e) {
      return endedBy(Objects.requireNonNullElse(e.getCause(), e));
    }
    if (!config.exitWhenDone()) {
      Quarkus.waitForExit();
    }
    return 0;
  }

  private static int endedBy(Throwable failure) {
    int code = exitCode(failure);
    switch (code) {
      case STOPPED -> LOG.info("run stopped");
      case FAILED -> LOG.error("run failed", failure);
      default -> LOG.error(failure.getMessage());
    }
    return code;
  }

  /** What the process ends with behind that. */
  static int exitCode(Throwable failure) {
    if (failure instanceof InterruptedException) {
      return STOPPED;
    }
    if (failure instanceof InvalidSettingsException
        || failure instanceof ModelFormatException
        || failure instanceof ResumeRefusedException) {
      return BAD_INPUT;
    }
    if (failure instanceof TrainingDivergedException || failure instanceof SupersededException) {
      return FOR_GOOD;
    }
    if (failure instanceof EmaServiceException || failure instanceof CheckpointException) {
      return START_AGAIN;
    }
    return FAILED;
  }
}
