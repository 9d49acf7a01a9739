package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {

  @TempDir Path runs;

  @Test
  void stateOfARunIsRemovedOnlyWhenWhatItLeavesIsOnTheDisk() throws Exception {
    RunDirectory run = RunDirectory.create(runs, "r", "preset");
    run.createFolders();
    Files.createDirectories(run.policy());

    // No bytes can be forced behind the name of a socket.
    try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      Path name = run.policy().resolve("s");
      socket.bind(UnixDomainSocketAddress.of(name));
      assertThatThrownBy(run::removeState).isInstanceOf(UncheckedIOException.class);
      assertThat(run.state()).isDirectory();
      Files.delete(name);
    }
    run.removeState();

    assertThat(run.state()).doesNotExist();
    assertThat(run.policy()).isDirectory();
  }

  @Test
  void runOfAnExperimentHasTheTopicsOfTheBrokerThatItSharesAndRemovesTheLinkAlone()
      throws Exception {
    Path shared = Files.createDirectories(runs.resolve("shared"));
    Path topic = Files.createFile(shared.resolve("topic"));
    RunDirectory run = RunDirectory.create(runs, "r", "preset");
    run.createFolders();
    Files.createSymbolicLink(run.kafka(), shared);

    assertThat(run.kafka()).isEqualTo(shared.toRealPath());
    run.removeState();

    assertThat(topic).exists();
    assertThat(run.state()).doesNotExist();
  }
}
