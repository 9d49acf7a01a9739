package org.elasticreset.adversary;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** As much of ASN.1's distinguished encoding (X.690) as a certificate needs. */
final class Der {

  private static final DateTimeFormatter GENERALIZED_TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private Der() {}

  static byte[] tagged(int tag, byte[]... contents) {
    var body = new ByteArrayOutputStream();
    for (byte[] content : contents) {
      body.writeBytes(content);
    }
    var value = new ByteArrayOutputStream();
    value.write(tag);
    int length = body.size();
    if (length < 0x80) {
      value.write(length);
    } else {
      byte[] octets = BigInteger.valueOf(length).toByteArray();
      int sign = octets[0] == 0 ? 1 : 0;
      value.write(0x80 | (octets.length - sign));
      value.write(octets, sign, octets.length - sign);
    }
    value.writeBytes(body.toByteArray());
    return value.toByteArray();
  }

  static byte[] sequence(byte[]... members) {
    return tagged(0x30, members);
  }

  static byte[] integer(BigInteger value) {
    return tagged(0x02, value.toByteArray());
  }

  static byte[] bits(byte[] value) {
    return tagged(0x03, new byte[1], value);
  }

  static byte[] octets(byte[] value) {
    return tagged(0x04, value);
  }

  static byte[] yes() {
    return tagged(0x01, new byte[] {(byte) 0xff});
  }

  static byte[] time(Instant instant) {
    return tagged(0x18, GENERALIZED_TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
  }

  /** An object identifier such as 2.5.29.17. */
  static byte[] identifier(int... arcs) {
    var body = new ByteArrayOutputStream();
    body.write(40 * arcs[0] + arcs[1]);
    for (int i = 2; i < arcs.length; i++) {
      for (int shift = 28; shift > 0; shift -= 7) {
        if (arcs[i] >> shift != 0) {
          body.write(0x80 | ((arcs[i] >> shift) & 0x7f));
        }
      }
      body.write(arcs[i] & 0x7f);
    }
    return tagged(0x06, body.toByteArray());
  }
}
