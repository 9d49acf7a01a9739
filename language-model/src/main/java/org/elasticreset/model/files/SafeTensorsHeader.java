package org.elasticreset.model.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The checked header of a safetensors file.
 *
 * @param dataStart offset of the first value in the file; entries count from here
 * @param metadata free text of whoever wrote the file, {@code __metadata__}
 * @param entries in the order of their values, without overlaps, all within the file
 */
record SafeTensorsHeader(long dataStart, Map<String, String> metadata, List<Entry> entries) {

  /**
   * Where a tensor's values are.
   *
   * @param dtype empty for types that weights do not have (integers, booleans)
   */
  public record Entry(
      String name, Optional<SafeTensors.Dtype> dtype, long[] shape, long begin, long end) {

    long bytes() {
      return end - begin;
    }
  }

  /** As the reference implementation: a header of more than 100 MB is an attack or a mistake. */
  private static final long MAX_HEADER = 100_000_000;

  /** Bytes of a value of each type the format knows beside the ones that weights have. */
  private static final Map<String, Integer> OTHER_TYPES =
      Map.of(
          "BOOL", 1, "U8", 1, "I8", 1, "I16", 2, "U16", 2, "I32", 4, "U32", 4, "I64", 8, "U64", 8);

  /**
   * About 30 thousand tensors of four dimensions. With it a header of 100 MB, which is read as a
   * stream and not copied, becomes objects of at most 200 MB.
   */
  private static final long MAX_JSON_TOKENS = 500_000;

  private static final ObjectMapper PARSER = JsonFile.Limits.parser(MAX_JSON_TOKENS);

  private static final String METADATA = "__metadata__";
  private static final int ALIGNMENT = 8;

  static SafeTensorsHeader read(StableFile weights) {
    var file = weights.path();
    long size = weights.size();
    if (size < Long.BYTES) {
      throw new ModelFormatException(
          file, "truncated: " + size + " bytes (expected: at least 8, the header's length)");
    }
    var first = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    weights.read("header length", 0, first);
    long length = first.getLong(0);
    if (length < 2 || length > MAX_HEADER) {
      throw ModelFormatException.of(
          file, "header length", Long.toUnsignedString(length), "2 to " + MAX_HEADER + " bytes");
    }
    if (Long.BYTES + length > size) {
      throw new ModelFormatException(
          file, "truncated: the header ends at " + (Long.BYTES + length) + ", the file at " + size);
    }
    var json = parse(file, weights.stream("header", Long.BYTES, length));
    var entries = new ArrayList<Entry>();
    for (var field : json.properties()) {
      if (!field.getKey().equals(METADATA)) {
        entries.add(entry(file, field.getKey(), field.getValue()));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long dataStart = Long.BYTES + length;
    checkLayout(file, entries, size - dataStart);
    return new SafeTensorsHeader(
        dataStart, metadata(file, json.path(METADATA)), List.copyOf(entries));
  }

  /**
   * The first bytes of a file: its header's length and the header, padded so that values begin at a
   * multiple of 8.
   *
   * @param metadata beside {@code format}
   * @param tensors in the order in which their values follow, without a gap
   */
  static ByteBuffer encode(Map<String, String> metadata, List<TensorStream> tensors)
      throws JsonProcessingException {
    ObjectNode root = JsonFile.MAPPER.createObjectNode();
    // transformers refuses files that do not say which framework's layout they hold.
    var said = root.putObject(METADATA).put("format", "pt");
    metadata.forEach(said::put);
    long offset = 0;
    for (var tensor : tensors) {
      if (root.has(tensor.name())) {
        throw new IllegalArgumentException("two tensors are called " + tensor.name());
      }
      var entry = root.putObject(tensor.name());
      entry.put("dtype", tensor.dtype().name());
      entry.set("shape", JsonFile.MAPPER.valueToTree(tensor.shape()));
      long end = offset + tensor.bytes();
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    var json = JsonFile.MAPPER.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    var header = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(padded).put(json);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.flip();
  }

  /** The size of a tensor, or an ArithmeticException. */
  static long bytes(long[] shape, long bytesPerValue) {
    return Arrays.stream(shape).reduce(bytesPerValue, Math::multiplyExact);
  }

  private static Map<String, String> metadata(Path file, JsonNode node) {
    var metadata = new TreeMap<String, String>();
    if (!node.isMissingNode() && !node.isObject()) {
      throw ModelFormatException.of(file, METADATA, node, "an object of strings");
    }
    for (var field : node.properties()) {
      if (!field.getValue().isTextual()) {
        throw ModelFormatException.of(
            file, METADATA + ": " + field.getKey(), field.getValue(), "a string");
      }
      metadata.put(field.getKey(), field.getValue().textValue());
    }
    return metadata;
  }

  private static ObjectNode parse(Path file, InputStream json) {
    try {
      if (PARSER.readTree(json) instanceof ObjectNode object) {
        return object;
      }
      throw new ModelFormatException(file, "the header is not a JSON object");
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(
          file, "the header is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ModelFormatException(file, "the header is not valid JSON: " + e.getMessage(), e);
    }
  }

  private static Entry entry(Path file, String name, JsonNode node) {
    var type = node.path("dtype").asText("missing");
    var dtype = floatType(type);
    var bytesPerValue = dtype.map(SafeTensors.Dtype::bytes).orElse(OTHER_TYPES.get(type));
    if (bytesPerValue == null) {
      throw ModelFormatException.of(file, "tensor " + name + ": dtype", type, "F32, F16 or BF16");
    }
    long[] shape = longs(file, name, node, "shape");
    long[] offsets = longs(file, name, node, "data_offsets");
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw ModelFormatException.of(
          file, "tensor " + name + ": data_offsets", node.get("data_offsets"), "[begin, end]");
    }
    long bytes;
    try {
      bytes = bytes(shape, bytesPerValue);
      bytes(shape, Float.BYTES);
    } catch (ArithmeticException e) {
      throw ModelFormatException.of(
          file, "tensor " + name + ": shape", node.get("shape"), "fewer than 2⁶³ bytes");
    }
    if (offsets[1] - offsets[0] != bytes) {
      throw new ModelFormatException(
          file,
          "tensor %s: %d bytes at offset %d (expected: %d for shape %s of %s)"
              .formatted(
                  name, offsets[1] - offsets[0], offsets[0], bytes, node.get("shape"), type));
    }
    return new Entry(name, dtype, shape, offsets[0], offsets[1]);
  }

  private static Optional<SafeTensors.Dtype> floatType(String type) {
    for (var dtype : SafeTensors.Dtype.values()) {
      if (dtype.name().equals(type)) {
        return Optional.of(dtype);
      }
    }
    return Optional.empty();
  }

  private static long[] longs(Path file, String name, JsonNode node, String key) {
    var list = node.path(key);
    if (!list.isArray()) {
      throw ModelFormatException.of(
          file, "tensor " + name + ": " + key, list.isMissingNode() ? "missing" : list, "a list");
    }
    var values = new long[list.size()];
    for (int i = 0; i < values.length; i++) {
      if (!list.get(i).canConvertToLong()
          || !list.get(i).isIntegralNumber()
          || list.get(i).longValue() < 0) {
        throw ModelFormatException.of(
            file, "tensor " + name + ": " + key, list, "integers of at least 0");
      }
      values[i] = list.get(i).longValue();
    }
    return values;
  }

  private static void checkLayout(Path file, List<Entry> entries, long dataSize) {
    long end = 0;
    var before = "the header";
    for (var entry : entries) {
      if (entry.begin() < end) {
        throw new ModelFormatException(
            file,
            "tensor %s begins at offset %d, within %s, which ends at %d"
                .formatted(entry.name(), entry.begin(), before, end));
      }
      if (entry.begin() > end) {
        throw new ModelFormatException(
            file,
            "tensor %s begins at offset %d (expected: %d, where %s ends)"
                .formatted(entry.name(), entry.begin(), end, before));
      }
      if (entry.end() > dataSize) {
        throw new ModelFormatException(
            file,
            "truncated: tensor %s ends at offset %d, the values at %d"
                .formatted(entry.name(), entry.end(), dataSize));
      }
      end = entry.end();
      before = "tensor " + entry.name();
    }
    if (end != dataSize) {
      throw new ModelFormatException(
          file, "%d bytes after the last tensor (expected: none)".formatted(dataSize - end));
    }
  }
}
