package org.elasticreset.ema;

import jakarta.inject.Singleton;
import java.util.Optional;
import org.elasticreset.algorithm.ResetRequest;
import org.elasticreset.ema.console.Action;
import org.elasticreset.ema.console.Person;
import org.elasticreset.ema.console.RunControl;
import org.elasticreset.proto.Untrusted;
import org.elasticreset.proto.v1.Status;
import org.jboss.logging.Logger;

/** What the console may do: what the calls of operators do, on the same record. */
@Singleton
class ConsoleControl implements RunControl {

  private static final Logger LOG = Logger.getLogger(ConsoleControl.class);

  private final EmaService service;

  ConsoleControl(EmaService service) {
    this.service = service;
  }

  @Override
  public String runId() {
    return service.runId();
  }

  @Override
  public Status status() {
    return service.status();
  }

  @Override
  public boolean namesAreProven() {
    return service.access().byCertificate().isPresent();
  }

  @Override
  public Optional<String> refusal(Action action, String name) {
    return service
        .access()
        .byCertificate()
        .flatMap(by -> by.permissions().refusal(action.method(), name));
  }

  @Override
  public void act(Action action, Person person, String reason) {
    var by = new ResetRequest(Untrusted.shown(person.name()), Untrusted.shown(reason));
    if (person.proven()) {
      Gatekeeper.of(by.requestedBy(), "key").run(() -> act(action, by));
    } else {
      act(action, by);
    }
    LOG.infof(
        "%s from the console by=\"%s\" reason=\"%s\"",
        action.word(), by.requestedBy(), by.reason());
  }

  private void act(Action action, ResetRequest by) {
    var operators = service.policy().operators();
    switch (action) {
      case PAUSE -> operators.hold(runId(), by);
      case RESUME -> operators.letGo(runId(), by);
      case REQUEST_RESET -> operators.request(runId(), by);
      case APPROVE -> operators.decide(runId(), true, by);
      case REFUSE -> operators.decide(runId(), false, by);
    }
  }
}
