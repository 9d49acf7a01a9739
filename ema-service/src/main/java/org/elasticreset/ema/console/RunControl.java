package org.elasticreset.ema.console;

import java.util.Optional;
import org.elasticreset.proto.v1.Status;

/** The run, as far as the console sees and moves it. */
public interface RunControl {

  String runId();

  /** Where the run stands; does not wait. */
  Status status();

  /**
   * Whether this service tells callers apart, so that a name that is merely said counts nothing.
   */
  boolean namesAreProven();

  /** Why the person of this name may not do this, in words; nothing if it may. */
  Optional<String> refusal(Action action, String name);

  /**
   * Does it, as the call of the contract would: on the record first. Waits for the disk.
   *
   * @throws io.grpc.StatusRuntimeException if it cannot be where the run stands
   * @throws IllegalArgumentException naming what is wrong with the request
   */
  void act(Action action, Person person, String reason);
}
