package org.elasticreset.ema.console;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of the console. */
@ConfigMapping(prefix = "ema.console")
public interface ConsoleConfig {

  /** Whether there is a console at all, at {@code /console} of the HTTP port. */
  @WithDefault("false")
  boolean enabled();

  /**
   * Keys, one a line: {@code NAME viewer SHA256-OF-THE-KEY-IN-HEX} of who looks, {@code NAME
   * operator …} of who also acts. Read again within a second of a change. Without it whoever is on
   * this machine may watch and act under any name, and only the loopback address is served.
   */
  Optional<Path> keys();
}
