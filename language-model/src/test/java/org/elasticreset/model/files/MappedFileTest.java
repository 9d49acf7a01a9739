package org.elasticreset.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappedFileTest {

  private static final int SIZE = 100_000;
  private static final int WINDOW = 4096 * 3;

  @TempDir Path directory;
  private Path path;
  private byte[] content;

  @BeforeEach
  void writeFile() throws IOException {
    content = new byte[SIZE];
    for (int i = 0; i < SIZE; i++) {
      content[i] = (byte) (i * 31 >> 3);
    }
    path = directory.resolve("model.safetensors");
    Files.write(path, content);
  }

  @ParameterizedTest
  @CsvSource({"0,100000", "12287,2", "12288,12288", "1,50000", "99999,1", "100000,0"})
  void windowsAreOneFile(int offset, int length) throws IOException {
    try (var file = open(FileChannel.open(path))) {
      var bytes = ByteBuffer.allocate(length + 7).position(7);

      file.read("tensor", offset, bytes);

      assertThat(bytes.remaining()).isZero();
      assertThat(bytes.flip().position(7)).isEqualTo(ByteBuffer.wrap(content, offset, length));
    }
  }

  @Test
  void nothingOutsideTheFileIsRead() throws IOException {
    try (var file = open(FileChannel.open(path))) {
      for (long offset : new long[] {SIZE - 3, -1, Long.MAX_VALUE}) {
        assertThatThrownBy(() -> file.read("tensor", offset, ByteBuffer.allocate(4)))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }

  @Test
  void aStreamEndsWhereItsPartEnds() throws IOException {
    try (var file = open(FileChannel.open(path));
        var stream = file.stream("header", 12_000, 1000)) {
      assertThat(stream.read()).isEqualTo(content[12_000] & 0xff);
      assertThat(stream.readAllBytes()).hasSize(999).startsWith(content[12_001]);
      assertThat(stream.read()).isEqualTo(-1);
    }
  }

  @Test
  void aFileThatWasCutIsRefusedWithTensorAndOffset() throws IOException {
    try (var file = open(FileChannel.open(path))) {
      file.read("tensor w", 0, ByteBuffer.allocate(8));
      cut(50);

      assertThatThrownBy(() -> file.read("tensor w", 48, ByteBuffer.allocate(8)))
          .isInstanceOf(ModelFormatException.class)
          .hasMessage(
              path
                  + ": tensor w: offset 48: truncated while it was read, to 50 bytes"
                  + " (expected: 100000)");
    }
  }

  @Test
  void aFileThatIsCutBetweenCheckAndReadDoesNotEndTheProcess() throws IOException {
    var channel =
        new LateChannel(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    try (var file = open(channel)) {
      file.read("tensor w", 0, ByteBuffer.allocate(8));
      channel.cutAfterNextLook();

      assertThatThrownBy(() -> file.read("tensor w", 8192, ByteBuffer.allocate(2000)))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageStartingWith(path + ": tensor w: offset 8192: truncated while it was read");
    }
  }

  private MappedFile open(FileChannel channel) throws IOException {
    return new MappedFile(path, channel, WINDOW);
  }

  private void cut(int size) throws IOException {
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(size);
    }
  }
}
