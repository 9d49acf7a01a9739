package org.elasticreset.cli.parquet;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/**
 * Compression of pages: written are Snappy's, as most writers do, read are Snappy, Zstandard, gzip
 * and none. Parquet's own way to them leads through Hadoop's configuration, which needs much more.
 */
final class Codecs implements CompressionCodecFactory {

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    return new BytesInputCompressor() {
      @Override
      public BytesInput compress(BytesInput bytes) throws IOException {
        return BytesInput.from(Snappy.compress(bytes.toByteArray()));
      }

      @Override
      public CompressionCodecName getCodecName() {
        return CompressionCodecName.SNAPPY;
      }

      @Override
      public void release() {}
    };
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    return new BytesInputDecompressor() {
      @Override
      public BytesInput decompress(BytesInput bytes, int size) throws IOException {
        return BytesInput.from(plain(codec, bytes.toByteArray(), size));
      }

      @Override
      public void decompress(ByteBuffer input, int compressed, ByteBuffer output, int size)
          throws IOException {
        byte[] bytes = new byte[compressed];
        input.get(bytes);
        output.put(plain(codec, bytes, size));
      }

      @Override
      public void release() {}
    };
  }

  private static byte[] plain(CompressionCodecName codec, byte[] bytes, int size)
      throws IOException {
    return switch (codec) {
      case UNCOMPRESSED -> bytes;
      case SNAPPY -> Snappy.uncompress(bytes);
      case ZSTD -> Zstd.decompress(bytes, size);
      case GZIP -> new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
      default ->
          throw new IOException(
              "compression: " + codec + " (expected: SNAPPY, ZSTD, GZIP or UNCOMPRESSED)");
    };
  }

  @Override
  public void release() {}
}
