package org.elasticreset.model.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.stream.IntStream;
import org.elasticreset.model.files.SafeTensors.Dtype;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What converts many values at a time is held against what converts one, and that against maths.
 */
class ConversionTest {

  private static final int VALUES = 200_003;

  @ParameterizedTest
  @EnumSource(
      value = Dtype.class,
      names = {"F16", "BF16"})
  void everyValueOfTwoBytesIsWidenedAsItIsAlone(Dtype dtype) {
    var all = buffer(2 << 16);
    IntStream.range(0, 1 << 16).forEach(bits -> all.putShort((short) bits));
    var conversion = new Conversion(dtype, Dtype.F32);

    for (int skipped = 0; skipped < 5; skipped++) {
      var wide = conversion.convert(all.position(2 * skipped));

      assertThat(wide.remaining()).isEqualTo(4 * ((1 << 16) - skipped));
      for (int bits = skipped; bits < 1 << 16; bits++) {
        int expected = dtype == Dtype.F16 ? Half.widen((short) bits) : bits << 16;
        assertThat(wide.getInt()).isEqualTo(expected);
      }
    }
  }

  /** Of all bits, NaNs among them, and near where the exponents of binary16 end. */
  @ParameterizedTest
  @EnumSource(
      value = Dtype.class,
      names = {"F16", "BF16"})
  void floatsAreNarrowedAsTheyAreAlone(Dtype dtype) {
    var random = new Random(7);
    var floats = buffer(4 * VALUES);
    for (int i = 0; i < VALUES; i++) {
      int bits = random.nextInt();
      floats.putInt(i % 3 == 0 ? bits & 0x8fff_ffff | 0x3000_0000 : bits);
    }

    var narrow = new Conversion(Dtype.F32, dtype).convert(floats.flip());

    assertThat(narrow.remaining()).isEqualTo(2 * VALUES);
    for (int i = 0; i < VALUES; i++) {
      int bits = floats.getInt(4 * i);
      var expected = dtype == Dtype.F16 ? Half.narrow(bits) : Half.narrowToBfloat16(bits);
      assertThat(narrow.getShort()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Dtype.class,
      names = {"F16", "BF16"})
  void narrowingRoundsToTheNearestAndTiesToEven(Dtype dtype) {
    for (int bits = 0; bits < 0x7c00; bits++) {
      float low = wide(dtype, bits);
      float high = wide(dtype, bits + 1);
      if (!Float.isInfinite(high)) {
        double middle = ((double) low + high) / 2; // exact, as float32 too
        int even = bits + (bits & 1);
        assertThat(narrow(dtype, (float) middle)).isEqualTo(even);
        assertThat(narrow(dtype, Math.nextDown((float) middle))).isEqualTo(bits);
        assertThat(narrow(dtype, Math.nextUp((float) middle))).isEqualTo(bits + 1);
        assertThat(narrow(dtype, -low)).isEqualTo(bits | 0x8000);
      }
    }
  }

  private static float wide(Dtype dtype, int bits) {
    return Float.intBitsToFloat(dtype == Dtype.F16 ? Half.widen((short) bits) : bits << 16);
  }

  private static int narrow(Dtype dtype, float value) {
    int bits = Float.floatToRawIntBits(value);
    return 0xffff & (dtype == Dtype.F16 ? Half.narrow(bits) : Half.narrowToBfloat16(bits));
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
