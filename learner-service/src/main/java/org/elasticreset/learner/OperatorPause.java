package org.elasticreset.learner;

import org.elasticreset.learner.TrainingProgress.Phase;
import org.jboss.logging.Logger;

/** An operator holds the run: its newest policy is served, and nothing more is admitted. */
record OperatorPause(EmaService emaService, TrainingProgress progress) {

  private static final Logger LOG = Logger.getLogger(OperatorPause.class);
  private static final long POLL_MILLIS = 500;

  /** Waits until the run may go on behind that step. */
  void await(long step) throws InterruptedException {
    LOG.infof("run paused step=%d", step);
    progress.enter(Phase.PAUSED);
    while (emaService.isPaused()) {
      Thread.sleep(POLL_MILLIS);
    }
    LOG.infof("run goes on step=%d", step);
  }
}
