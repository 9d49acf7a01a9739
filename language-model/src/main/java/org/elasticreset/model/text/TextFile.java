package org.elasticreset.model.text;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.elasticreset.model.files.ModelFormatException;

/**
 * Opens files of text: UTF-8, with or without a byte order mark; compressed if named {@code .gz}.
 */
final class TextFile {

  private static final int BUFFER = 1 << 16;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private TextFile() {}

  /**
   * The text behind a byte order mark. What is not UTF-8 is not read as something else: it ends the
   * reading with a {@link CharacterCodingException}.
   */
  static BufferedReader open(Path file) throws IOException {
    InputStream bytes = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    try {
      InputStream plain =
          file.getFileName().toString().endsWith(".gz")
              ? new GZIPInputStream(bytes, BUFFER)
              : bytes;
      var reader =
          new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8.newDecoder()));
      reader.mark(1);
      if (reader.read() != BYTE_ORDER_MARK) {
        reader.reset();
      }
      return reader;
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  /** What is said of a file that is in another encoding. */
  static ModelFormatException notUtf8(Path file, CharacterCodingException e) {
    return new ModelFormatException(
        file, "not UTF-8 (expected: text in UTF-8, as iconv -t UTF-8 makes it)", e);
  }
}
