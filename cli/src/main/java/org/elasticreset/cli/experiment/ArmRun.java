package org.elasticreset.cli.experiment;

import org.elasticreset.cli.PlannedRun;

/** The run of one arm with one seed. */
record ArmRun(String arm, long seed, PlannedRun run) {

  String name() {
    return run.name();
  }
}
