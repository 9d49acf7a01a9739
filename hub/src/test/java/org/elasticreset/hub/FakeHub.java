package org.elasticreset.hub;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.elasticreset.hub.RawServer.Answer;
import org.elasticreset.hub.RawServer.Request;

/**
 * The Hub with one model, {@code org/tiny}, whose weights lie in a store on another host. Answers
 * can be replaced by others, in the order of {@link #next}.
 */
final class FakeHub implements AutoCloseable {

  static final String MODEL = "org/tiny";
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  static final int WEIGHT_BYTES = 300_000;

  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Map<String, String> announced = new ConcurrentHashMap<>();
  private final Map<String, Deque<Answer>> replaced = new ConcurrentHashMap<>();
  private final RawServer hub = new RawServer("127.0.0.1", this::answer);
  private final RawServer store = new RawServer("localhost", this::store);
  private volatile String commit = COMMIT;

  /** With a model that has everything. */
  FakeHub() {
    put("config.json", "{\"model_type\": \"gpt2\"}");
    put("tokenizer.json", "{}");
    put("model.safetensors", weights(1));
    put("pytorch_model.bin", "a pickle");
    put("README.md", "# Tiny");
  }

  static byte[] weights(long seed) {
    byte[] bytes = new byte[WEIGHT_BYTES];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  URI address() {
    return hub.address();
  }

  void put(String file, String text) {
    put(file, text.getBytes(StandardCharsets.UTF_8));
  }

  void put(String file, byte[] content) {
    files.put(file, content);
    announced.put(file, digest(file, content));
  }

  void remove(String file) {
    files.remove(file);
  }

  /** From now on another commit; of the same files. */
  void commit(String hex) {
    commit = hex;
  }

  /** What the next request of this method for this end of a path is answered with. */
  void next(String method, String end, Answer answer) {
    replaced.computeIfAbsent(method + " " + end, key -> new ArrayDeque<>()).add(answer);
  }

  List<Request> asked() {
    return hub.requests();
  }

  List<Request> askedOfStore() {
    return store.requests();
  }

  /**
   * The file from where the request begins, and only so many bytes of it, whatever is announced.
   */
  Answer cutAfter(String file, int bytes) {
    return (request, out) -> serve(request, out, files.get(file), bytes);
  }

  /** Of that length, and rubbish. */
  Answer rubbish(String file) {
    return (request, out) ->
        serve(request, out, new byte[files.get(file).length], Integer.MAX_VALUE);
  }

  /** An index of tensors that lie in these files. */
  static String index(String... shards) {
    StringBuilder map = new StringBuilder();
    for (int i = 0; i < shards.length; i++) {
      map.append(i == 0 ? "" : ", ").append("\"t" + i + "\": \"" + shards[i] + "\"");
    }
    return "{\"weight_map\": {" + map + "}}";
  }

  private void answer(Request request, OutputStream out) throws IOException {
    Answer other = replacement(request);
    if (other != null) {
      other.write(request, out);
    } else if (request.path().startsWith("/api/models/" + MODEL + "/revision/")) {
      list(out);
    } else if (request.path().startsWith("/" + MODEL + "/resolve/")) {
      resolve(request, out);
    } else {
      RawServer.head(out, 401, 0, "X-Error-Code: RepoNotFound");
    }
  }

  private void list(OutputStream out) throws IOException {
    String siblings =
        files.keySet().stream()
            .map(file -> "{\"rfilename\": \"" + file.replace("\\", "\\\\") + "\"}")
            .collect(Collectors.joining(", "));
    byte[] json =
        "{\"sha\": \"%s\", \"siblings\": [%s]}"
            .formatted(commit, siblings)
            .getBytes(StandardCharsets.UTF_8);
    RawServer.head(out, 200, json.length);
    out.write(json);
  }

  private void resolve(Request request, OutputStream out) throws IOException {
    String file = name(request);
    byte[] content = files.get(file);
    if (content == null) {
      RawServer.head(out, 404, 0, "X-Error-Code: EntryNotFound");
    } else if (isLarge(file)) {
      RawServer.head(
          out,
          302,
          0,
          "X-Repo-Commit: " + commit,
          "X-Linked-Etag: \"" + announced.get(file) + "\"",
          "X-Linked-Size: " + content.length,
          "Location: " + store.address() + "/signed/" + file + "?secret=signature");
    } else {
      serve(request, out, content, Integer.MAX_VALUE);
    }
  }

  private void store(Request request, OutputStream out) throws IOException {
    Answer other = replacement(request);
    if (other != null) {
      other.write(request, out);
    } else {
      serve(request, out, files.get(name(request)), Integer.MAX_VALUE);
    }
  }

  private synchronized Answer replacement(Request request) {
    for (var entry : replaced.entrySet()) {
      String[] key = entry.getKey().split(" ", 2);
      if (key[0].equals(request.method())
          && request.path().split("\\?")[0].endsWith(key[1])
          && (!isLarge(key[1]) || request.path().startsWith("/signed/"))
          && !entry.getValue().isEmpty()) {
        return entry.getValue().remove();
      }
    }
    return null;
  }

  private void serve(Request request, OutputStream out, byte[] content, int most)
      throws IOException {
    String range = request.headers().get("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    int length = content.length - from;
    String file = name(request);
    RawServer.head(
        out,
        range == null ? 200 : 206,
        length,
        "X-Repo-Commit: " + commit,
        "ETag: \""
            + (request.path().startsWith("/signed/") ? "of-the-store" : announced.get(file))
            + "\"",
        "Content-Range: bytes " + from + "-" + (content.length - 1) + "/" + content.length);
    if (request.method().equals("GET")) {
      out.write(content, from, Math.min(most, length));
    }
  }

  private static boolean isLarge(String file) {
    return file.endsWith(".safetensors");
  }

  private static String name(Request request) {
    return request.path().split("\\?")[0].replaceAll(".*/", "");
  }

  private static String digest(String file, byte[] content) {
    try {
      Path copy = Files.createTempFile("fake-hub", "");
      Files.write(copy, content);
      String hex = new BlobDigest("0".repeat(isLarge(file) ? 64 : 40)).of(copy).hex();
      Files.delete(copy);
      return hex;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    hub.close();
    store.close();
  }
}
