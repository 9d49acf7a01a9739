package org.elasticreset.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
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
}
