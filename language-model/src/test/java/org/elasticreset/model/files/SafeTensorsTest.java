package org.elasticreset.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.elasticreset.model.files.SafeTensors.Dtype;
import org.elasticreset.model.files.SafeTensors.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTensorsTest {

  private static final List<Tensor> TENSORS =
      List.of(
          Tensor.of("b.weight", new long[] {2, 3}, 1, -2, 0.5f, 65504, 6e-8f, 0.1f),
          Tensor.of("a.bias", new long[] {2}, Float.POSITIVE_INFINITY, -0f),
          Tensor.of("scalar", new long[0], 3));

  @TempDir Path directory;

  @Test
  void givesBackWhatWasWrittenInTheSameOrder() {
    SafeTensors.write(file(), TENSORS, Dtype.F32);

    var read = SafeTensors.read(file());

    assertThat(read).extracting(Tensor::name).containsExactly("b.weight", "a.bias", "scalar");
    for (int i = 0; i < read.size(); i++) {
      assertThat(read.get(i).shape()).isEqualTo(TENSORS.get(i).shape());
      assertThat(read.get(i).floats()).isEqualTo(TENSORS.get(i).floats());
    }
  }

  @Test
  void roundsToHalfPrecision() {
    SafeTensors.write(file(), TENSORS, Dtype.F16);

    var read = SafeTensors.read(file());

    assertThat(read.get(0).floats()).containsExactly(1, -2, 0.5f, 65504, 0x1p-24f, 0.099975586f);
    assertThat(read.get(1).floats()).containsExactly(Float.POSITIVE_INFINITY, -0f);
  }

  @Test
  void roundsToBfloat16() {
    SafeTensors.write(file(), TENSORS, Dtype.BF16);

    assertThat(SafeTensors.read(file()).get(0).floats())
        .containsExactly(1, -2, 0.5f, 65536, 0x1.02p-24f, 0.10009765625f);
  }

  @Test
  void everyHalfSurvivesWideningAndNarrowing() {
    for (int half = 0; half < 1 << 16; half++) {
      int wide = Half.widen((short) half);
      if (!Float.isNaN(Float.intBitsToFloat(wide))) {
        assertThat(Half.narrow(wide)).isEqualTo((short) half);
      }
    }
  }

  @Test
  void narrowingRoundsToTheNearestHalf() {
    var random = new Random(2);
    for (int i = 0; i < 20_000; i++) {
      float value = (float) ((random.nextDouble() - 0.5) * Math.pow(2, random.nextInt(40) - 24));
      int half = Half.narrow(Float.floatToRawIntBits(value)) & 0xffff;
      float error = Math.abs(wide(half) - value);
      if (!Float.isInfinite(wide(half))) {
        int magnitude = half & 0x7fff;
        assertThat(error).isLessThanOrEqualTo(Math.abs(wide(half + 1) - value));
        if (magnitude > 0) {
          assertThat(error).isLessThanOrEqualTo(Math.abs(wide(half - 1) - value));
        }
      }
    }
  }

  private static float wide(int half) {
    return Float.intBitsToFloat(Half.widen((short) half));
  }

  @Test
  void leavesOutIntegerTensors() throws IOException {
    write(
        "{'steps':{'dtype':'I64','shape':[1],'data_offsets':[0,8]},"
            + "'w':{'dtype':'F32','shape':[1],'data_offsets':[8,12]}}",
        12);

    assertThat(SafeTensors.read(file())).extracting(Tensor::name).containsExactly("w");
  }

  @Test
  void refusesOverlappingTensors() throws IOException {
    write(
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
            + "'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}",
        12);

    assertRefused("tensor b begins at offset 4, within tensor a, which ends at 8");
  }

  @Test
  void refusesAGap() throws IOException {
    write("{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}", 8);

    assertRefused("tensor a begins at offset 4 (expected: 0, where the header ends)");
  }

  @Test
  void refusesTensorsBeyondTheFile() throws IOException {
    write("{'a':{'dtype':'F16','shape':[4,2],'data_offsets':[0,16]}}", 15);

    assertRefused("truncated: tensor a ends at offset 16, the values at 15");
  }

  @Test
  void refusesASizeThatIsNotTheShapes() throws IOException {
    write("{'a':{'dtype':'F32','shape':[3,2],'data_offsets':[0,20]}}", 20);

    assertRefused("tensor a: 20 bytes at offset 0 (expected: 24 for shape [3,2] of F32)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"F64", "F8_E4M3", "F8_E5M2", "F4", "C64", "f32", ""})
  void namesTypesThatWeightsDoNotHaveHere(String type) throws IOException {
    write("{'a':{'dtype':'" + type + "','shape':[1],'data_offsets':[0,8]}}", 8);

    assertRefused("tensor a: dtype: " + type + " (expected: F32, F16 or BF16)");
  }

  @Test
  void refusesBytesAfterTheLastTensor() throws IOException {
    write("{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}", 7);

    assertRefused("3 bytes after the last tensor (expected: none)");
  }

  @Test
  void refusesAGapBetweenTensors() throws IOException {
    write(
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
            + "'b':{'dtype':'F32','shape':[1],'data_offsets':[8,12]}}",
        12);

    assertRefused("tensor b begins at offset 8 (expected: 4, where tensor a ends)");
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "1,1",
    "100000001,100000001",
    "9223372036854775807,9223372036854775807",
    "-9223372036854775808,9223372036854775808",
    "-1,18446744073709551615"
  })
  void refusesALengthThatNoHeaderHas(long length, String shown) throws IOException {
    Files.write(
        file(), ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length).array());

    assertRefused("header length: " + shown + " (expected: 2 to 100000000 bytes)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[-1,3]", "[8,4]", "[0]", "[0,4,8]", "[0,4.5]", "[0,9223372036854775808]", "7"})
  void refusesOffsetsThatAreNone(String offsets) throws IOException {
    write("{'a':{'dtype':'F32','shape':[1],'data_offsets':" + offsets + "}}", 4);

    assertRefused("tensor a: data_offsets: ");
  }

  @Test
  void readsTensorsOfNoSize() throws IOException {
    write(
        "{'none':{'dtype':'F16','shape':[0,7],'data_offsets':[0,0]},"
            + "'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
            + "'end':{'dtype':'BF16','shape':[0],'data_offsets':[4,4]}}",
        4);

    assertThat(SafeTensors.read(file()))
        .extracting(tensor -> tensor.floats().length)
        .containsExactly(0, 1, 0);
  }

  @Test
  void refusesATensorOfNoSizeInTheMiddleOfAnother() throws IOException {
    write(
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
            + "'none':{'dtype':'F32','shape':[0],'data_offsets':[4,4]}}",
        8);

    assertRefused("tensor none begins at offset 4, within tensor a, which ends at 8");
  }

  /** In a file without blocks that is larger than a window, too. */
  @Test
  void tensorsOfMoreThanTwoGibibytesAreReadByTheirChunks() throws IOException {
    long size = 2L * 131_072 * 4_100;
    write("{'embed':{'dtype':'BF16','shape':[131072,4100],'data_offsets':[0," + size + "]}}", 0);
    try (var sparse = new RandomAccessFile(file().toFile(), "rw")) {
      sparse.setLength(sparse.length() + size);
      sparse.seek(sparse.length() - 2);
      sparse.writeShort(Short.reverseBytes((short) 0x40e0));
    }

    try (var tensors = TensorFile.open(file())) {
      var last = new float[1];
      var end = new long[1];
      tensors.eachChunk(
          tensors.entry(TensorShape.of("embed", 131_072, 4_100)),
          (offset, values) -> {
            assertThat(offset).isEqualTo(end[0]);
            end[0] += values.remaining();
            last[0] = values.getFloat(values.limit() - Float.BYTES);
          });
      assertThat(end[0]).isEqualTo(2 * size).isGreaterThan(1L << 31);
      assertThat(last[0]).isEqualTo(7);
    }
    assertRefused("tensor embed: 2149580800 bytes as float32 (expected: fewer than 2³¹)");
  }

  @Test
  void refusesAShapeThatOverflows() throws IOException {
    write("{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0]}}", 0);

    assertRefused("tensor a: shape: [4294967296,4294967296] (expected: fewer than 2⁶³ bytes)");
  }

  @Test
  void refusesTheSameNameTwice() throws IOException {
    var entry = "'a':{'dtype':'F32','shape':[],'data_offsets':[0,4]}";
    write("{" + entry + "," + entry + "}", 4);

    assertRefused("not valid JSON: Duplicate field 'a'");
  }

  @Test
  void refusesATruncatedHeader() throws IOException {
    Files.write(file(), new byte[] {64, 0, 0, 0, 0, 0, 0, 0, '{'});

    assertRefused("truncated: the header ends at 72, the file at 9");
  }

  @Test
  void namesAMissingFile() {
    assertRefused("model.safetensors: no such file");
  }

  /** Whatever a byte of the file is changed to, reading gives tensors or a named complaint. */
  @Test
  void damagedFilesNeverEscapeAsAnythingButAModelFormatException() throws IOException {
    SafeTensors.write(file(), TENSORS, Dtype.F32);
    var whole = Files.readAllBytes(file());
    var random = new Random(3);
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      var damaged = whole.clone();
      for (int j = 0; j <= random.nextInt(3); j++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      int length = random.nextInt(4) == 0 ? random.nextInt(damaged.length) : damaged.length;
      // A new file: cutting the old one would undo thousands of mappings that await the collector.
      Files.delete(file());
      Files.write(file(), Arrays.copyOf(damaged, length));
      try {
        SafeTensors.read(file()).forEach(Tensor::floats);
      } catch (ModelFormatException e) {
        assertThat(e).hasMessageStartingWith(file().toString());
        refused++;
      }
    }
    assertThat(refused).isBetween(1500, 2990);
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> SafeTensors.read(file()))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }

  private void write(String header, int dataBytes) throws IOException {
    var json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    var bytes = ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file(), bytes.putLong(json.length).put(json).array());
  }

  private Path file() {
    return directory.resolve("model.safetensors");
  }
}
