package org.elasticreset.rollout;

import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.ConfigValidationException;
import org.elasticreset.model.files.ModelFormatException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Runs the service until it is told to stop. Settings that cannot work end it with code 2. */
@QuarkusMain
public final class RolloutService {

  private static final Logger LOG = Logger.getLogger(RolloutService.class);
  private static final int BAD_SETTINGS = 2;

  private RolloutService() {}

  /** Takes no arguments; settings are configuration. */
  public static void main(String... arguments) {
    Quarkus.run(null, RolloutService::end, arguments);
  }

  private static void end(int code, @Nullable Throwable failure) {
    var exit = ApplicationLifecycleManager.getDefaultExitCodeHandler();
    if (failure == null) {
      exit.accept(code, null);
      return;
    }
    Throwable cause = rootCause(failure);
    if (cause instanceof ConfigValidationException invalid) {
      refuse(withoutClassName(invalid.getProblem(0).getMessage()));
    } else if (cause instanceof IllegalArgumentException || cause instanceof ModelFormatException) {
      refuse(String.valueOf(cause.getMessage()));
    } else {
      LOG.error("start failed", failure);
      exit.accept(code, failure);
      return;
    }
    exit.accept(BAD_SETTINGS, failure);
  }

  /** Settings are read before there is a log. */
  private static void refuse(String reason) {
    System.err.println("rollout-service start refused reason=\"" + reason + "\"");
  }

  private static String withoutClassName(String message) {
    return message.replaceFirst("^[\\w.]+(Exception|Error): ", "");
  }

  private static Throwable rootCause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
