package org.elasticreset.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs TorchScript source into the archive that {@code torch::jit::load} reads: one object of
 * class {@code Program}, without parameters of its own.
 *
 * <p>The layout is that of a file written by {@code torch.jit.save}, version 10: {@code data.pkl}
 * (the object), {@code code/__torch__.py} (its class), {@code constants.pkl} (none).
 */
final class ProgramArchive {

  private static final String VERSION = "10\n";
  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  private ProgramArchive() {}

  /**
   * @param source TorchScript with free functions and a class {@code Program(Module)} that declares
   *     {@code training : bool}
   */
  static byte[] pack(String source) {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      store(zip, "program/data.pkl", programObject());
      store(zip, "program/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
      store(zip, "program/constants.pkl", NO_CONSTANTS);
      store(zip, "program/version", VERSION.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /** PyTorch maps the entries into memory, so they are stored, not deflated. */
  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    var crc = new CRC32();
    crc.update(content);
    var entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /** Pickle, protocol 2, of {@code __torch__.Program} with the state {@code {"training": True}}. */
  private static byte[] programObject() {
    var pickle = new ByteArrayOutputStream();
    pickle.writeBytes(new byte[] {(byte) 0x80, 2}); // PROTO 2
    pickle.writeBytes("c__torch__\nProgram\n".getBytes(StandardCharsets.US_ASCII)); // GLOBAL
    pickle.writeBytes(new byte[] {')', (byte) 0x81}); // EMPTY_TUPLE NEWOBJ
    pickle.writeBytes(new byte[] {'}', '('}); // EMPTY_DICT MARK
    pickle.writeBytes(new byte[] {'X', 8, 0, 0, 0}); // BINUNICODE of 8 bytes
    pickle.writeBytes("training".getBytes(StandardCharsets.US_ASCII));
    pickle.writeBytes(new byte[] {(byte) 0x88, 'u', 'b', '.'}); // NEWTRUE SETITEMS BUILD STOP
    return pickle.toByteArray();
  }
}
