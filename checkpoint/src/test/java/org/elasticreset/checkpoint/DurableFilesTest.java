package org.elasticreset.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFilesTest {

  @TempDir Path directory;

  @Test
  void aFolderIsPlacedWholeInThePlaceOfTheOldOne() throws IOException {
    var folder = directory.resolve("new").resolve("folder");
    DurableFiles.place(folder, unfinished -> Files.writeString(unfinished.resolve("a"), "1"));

    DurableFiles.place(
        folder,
        unfinished -> {
          assertThat(folder.resolve("a")).hasContent("1");
          Files.writeString(unfinished.resolve("b"), "2");
        });

    assertThat(folder).isDirectoryNotContaining("glob:**a");
    assertThat(folder.resolve("b")).hasContent("2");
    assertThat(folder.getParent().toFile().list()).containsExactly("folder");
  }

  @Test
  void aWriterThatFailsLeavesTheOldFolderAndNothingElse() throws IOException {
    var folder = directory.resolve("folder");
    DurableFiles.place(folder, unfinished -> Files.writeString(unfinished.resolve("a"), "1"));

    assertThatThrownBy(
            () ->
                DurableFiles.place(
                    folder,
                    unfinished -> {
                      Files.writeString(unfinished.resolve("a"), "half");
                      throw new IOException("no space left");
                    }))
        .hasMessage("no space left");

    assertThat(folder.resolve("a")).hasContent("1");
    assertThat(directory.toFile().list()).containsExactly("folder");
  }

  @Test
  void whatACrashLeftIsOverwritten() throws IOException {
    var left = directory.resolve("folder" + DurableFiles.UNFINISHED);
    Files.writeString(Files.createDirectory(left).resolve("half"), "?");
    var folder = directory.resolve("folder");

    DurableFiles.place(folder, unfinished -> Files.writeString(unfinished.resolve("a"), "1"));

    assertThat(folder.toFile().list()).containsExactly("a");
    assertThat(left).doesNotExist();
  }

  @Test
  void aTextIsReplaced() throws IOException {
    var file = directory.resolve("state").resolve("served");
    DurableFiles.replace(file, "a longer text");
    DurableFiles.replace(file, "short");

    assertThat(file).hasContent("short");
    assertThat(file.getParent().toFile().list()).containsExactly("served");
  }

  @Test
  void whatIsNotThereIsDeletedToo() throws IOException {
    DurableFiles.delete(directory.resolve("nothing"));

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aFolderIsNotForcedIfSomethingDeepInItCannotBe() throws IOException {
    var deep = Files.createDirectories(directory.resolve("folder").resolve("deep"));
    Files.writeString(deep.resolve("weights"), "abc");
    Files.createSymbolicLink(deep.resolve("link"), directory.resolve("nowhere"));
    DurableFiles.forceAll(directory.resolve("folder"));

    // No bytes can be forced behind the name of a socket.
    try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(deep.resolve("socket")));

      assertThatThrownBy(() -> DurableFiles.forceAll(directory.resolve("folder")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("socket");
    }
  }
}
