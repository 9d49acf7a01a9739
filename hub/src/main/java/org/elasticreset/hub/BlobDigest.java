package org.elasticreset.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the Hub calls the ETag of a file, and the cache the name of its blob: the SHA-256 of a large
 * file, the id that git gives a small one.
 */
record BlobDigest(String hex) {

  private static final Pattern ETAG = Pattern.compile("(?:W/)?\"?([0-9a-f]{64}|[0-9a-f]{40})\"?");
  private static final int BUFFER_BYTES = 1 << 20;

  static Optional<BlobDigest> ofEtag(String etag) {
    var match = ETAG.matcher(etag);
    return match.matches() ? Optional.of(new BlobDigest(match.group(1))) : Optional.empty();
  }

  /** The digest of a file, of the kind that this one is. */
  BlobDigest of(Path file) throws IOException {
    MessageDigest digest = digest(hex.length() == 64 ? "SHA-256" : "SHA-1");
    if (hex.length() == 40) {
      // https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
      digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
    }
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return new BlobDigest(HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java has both.
    }
  }
}
