package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.elasticreset.model.CausalLanguageModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertLlama2cCommandTest {

  private static final int VOCABULARY = 259;

  @TempDir Path home;

  @Test
  void writesADirectoryThatOpens() throws IOException {
    writeFiles();

    assertThat(convert()).isZero();

    try (var model = CausalLanguageModel.open(home.resolve("output"))) {
      assertThat(model.tokenizer().encode("a")).hasSize(4);
    }
  }

  @Test
  void refusesToWriteAmongFiles() throws IOException {
    writeFiles();
    var mine = Files.createDirectories(home.resolve("output")).resolve("mine");
    Files.writeString(mine, "kept");

    assertThat(convert()).isEqualTo(2);
    assertThat(home.resolve("output")).isDirectoryNotContaining("glob:**.json");
  }

  @Test
  void refusesWhatIsNoModel() throws IOException {
    writeFiles();
    Files.writeString(home.resolve("model.bin"), "not a model");

    assertThat(convert()).isEqualTo(2);
    assertThat(home.resolve("output")).doesNotExist();
  }

  private int convert() {
    return ElasticResetCommand.execute(
        "convert-llama2c",
        home.resolve("model.bin").toString(),
        home.resolve("tokenizer.bin").toString(),
        home.resolve("output").toString());
  }

  /** One layer of one head of two values, all zero; a tokenizer of bytes. */
  private void writeFiles() throws IOException {
    int width = 2;
    int positions = 4;
    int count = VOCABULARY * width + 2 * width + 7 * width * width + width + positions * width;
    var model = little((7 + count) * Integer.BYTES);
    for (int value : new int[] {width, width, 1, 1, 1, VOCABULARY, positions}) {
      model.putInt(value);
    }
    Files.write(home.resolve("model.bin"), model.array());
    var tokenizer = new ByteArrayOutputStream();
    tokenizer.write(little(4).array());
    for (int id = 0; id < VOCABULARY; id++) {
      var piece =
          switch (id) {
            case 0 -> "<unk>";
            case 1 -> "\n<s>\n";
            case 2 -> "\n</s>\n";
            default -> "<0x%02X>".formatted(id - 3);
          };
      tokenizer.write(little(8).putFloat(0).putInt(piece.length()).array());
      tokenizer.write(piece.getBytes(StandardCharsets.UTF_8));
    }
    Files.write(home.resolve("tokenizer.bin"), tokenizer.toByteArray());
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
