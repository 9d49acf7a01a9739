package org.elasticreset.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StableFileTest {

  private static final int SIZE = 100_000;

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
  void partsAreReadWhereTheyAre(int offset, int length) throws IOException {
    try (var file = StableFile.open(path)) {
      var bytes = ByteBuffer.allocate(length + 7).position(7);

      file.read("tensor", offset, bytes);

      assertThat(bytes.remaining()).isZero();
      assertThat(bytes.flip().position(7)).isEqualTo(ByteBuffer.wrap(content, offset, length));
    }
  }

  @Test
  void nothingOutsideTheFileIsRead() throws IOException {
    try (var file = StableFile.open(path)) {
      for (long offset : new long[] {SIZE - 3, -1, Long.MAX_VALUE}) {
        assertThatThrownBy(() -> file.read("tensor", offset, ByteBuffer.allocate(4)))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }

  @Test
  void aStreamEndsWhereItsPartEnds() throws IOException {
    try (var file = StableFile.open(path);
        var stream = file.stream("header", 12_000, 1000)) {
      assertThat(stream.read()).isEqualTo(content[12_000] & 0xff);
      assertThat(stream.readAllBytes()).hasSize(999).startsWith(content[12_001]);
      assertThat(stream.read()).isEqualTo(-1);
    }
  }

  @Test
  void aFileThatWasCutIsRefusedWithTensorAndOffset() throws IOException {
    try (var file = StableFile.open(path)) {
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

  private void cut(int size) throws IOException {
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(size);
    }
  }
}
