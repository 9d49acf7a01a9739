package org.elasticreset.model.files;

/**
 * Half-precision floats on Java 17, which has no {@code Float.float16ToFloat}: IEEE 754 binary16
 * and bfloat16, as bit patterns.
 */
final class Half {

  private static final int FLOAT_INFINITY = 0x7f800000;

  /** {@link #widen} of all 65,536, which is faster to look up than to compute. */
  static final int[] WIDE = new int[1 << Short.SIZE];

  static {
    for (int half = 0; half < WIDE.length; half++) {
      WIDE[half] = widen((short) half);
    }
  }

  private Half() {}

  /** The float32 bits of a binary16 value; exact. */
  static int widen(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >> 10) & 0x1f;
    int mantissa = half & 0x3ff;
    if (exponent == 0x1f) {
      return sign | FLOAT_INFINITY | mantissa << 13;
    }
    if (exponent == 0) {
      // Zero or subnormal: mantissa · 2⁻²⁴, which float32 holds exactly.
      return sign | Float.floatToRawIntBits(mantissa * 0x1p-24f);
    }
    return sign | (exponent + 112) << 23 | mantissa << 13;
  }

  /** The binary16 value nearest to float32 {@code bits}, ties to even; too large is infinity. */
  static short narrow(int bits) {
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > FLOAT_INFINITY) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= 0x477ff000) { // 65520, halfway between the largest binary16 and 2¹⁶
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x38800000) { // 2⁻¹⁴, the smallest normal binary16
      // Next to 0.5 a float32 has steps of 2⁻²⁴, which are the subnormal values.
      float steps = 0.5f + Float.intBitsToFloat(magnitude);
      return (short) (sign | Float.floatToRawIntBits(steps) - Float.floatToRawIntBits(0.5f));
    }
    int rounded = magnitude + 0xfff + (magnitude >> 13 & 1);
    return (short) (sign | (rounded - 0x38000000) >> 13);
  }

  /** The bfloat16 value nearest to float32 {@code bits}, ties to even. */
  static short narrowToBfloat16(int bits) {
    if ((bits & 0x7fffffff) > FLOAT_INFINITY) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }
}
