package org.elasticreset.learner;

import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.ConfigValidationException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts the process; a configuration that cannot be read ends it with code 2 and one line. */
@QuarkusMain
public final class LearnerMain {

  private LearnerMain() {}

  /** Takes no arguments; settings are configuration. */
  public static void main(String... arguments) {
    Quarkus.run(LearnerApplication.class, LearnerMain::end, arguments);
  }

  private static void end(int code, @Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConfigValidationException invalid) {
        // Settings are read before there is a log.
        System.err.println("learner-service cannot start: " + problems(invalid));
        ApplicationLifecycleManager.getDefaultExitCodeHandler()
            .accept(LearnerApplication.BAD_INPUT, failure);
        return;
      }
    }
    ApplicationLifecycleManager.getDefaultExitCodeHandler().accept(code, failure);
  }

  private static String problems(ConfigValidationException invalid) {
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < invalid.getProblemCount(); i++) {
      String message = String.valueOf(invalid.getProblem(i).getMessage());
      problems.add(message.replaceFirst("^[\\w.]+(Exception|Error): ", ""));
    }
    return String.join("; ", problems);
  }
}
