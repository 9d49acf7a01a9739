package org.elasticreset.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The three questions that a download asks the Hub: what a revision holds, what a file is, and its
 * bytes. See <a href="https://huggingface.co/docs/hub/api">the Hub's API</a>.
 */
final class HubApi {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_LISTING_BYTES = 64 << 20;

  private final HubSettings settings;
  private final Surroundings surroundings;
  private final HubHttp http;
  private final Refusals refusals;

  HubApi(HubSettings settings, Surroundings surroundings) {
    this.settings = settings;
    this.surroundings = surroundings;
    http = new HubHttp(settings, surroundings.silence());
    refusals = new Refusals(settings, surroundings.clock());
  }

  /** What a revision holds. */
  Listing list(HubName model) throws TransferFailure, HubException, InterruptedException {
    URI uri = uri("/api/models/" + model.repository() + "/revision/" + model.encodedRevision());
    try (var answer = http.get(uri, 0)) {
      refusals.check(answer, true, model, "its list of files");
      JsonNode json = JSON.readTree(bounded(answer.body()));
      String commit = json.path("sha").asText();
      if (!HubName.isCommit(commit) || !json.path("siblings").isArray()) {
        throw notTheHub();
      }
      Set<String> files = new HashSet<>();
      json.get("siblings").forEach(sibling -> files.add(sibling.path("rfilename").asText()));
      return new Listing(commit, files);
    } catch (JsonProcessingException e) {
      throw notTheHub();
    } catch (IOException e) {
      throw new TransferFailure(settings.endpoint().getHost() + ": " + Quoted.messageOf(e), e);
    }
  }

  private byte[] bounded(InputStream body) throws IOException, HubException {
    try (var in = Silence.bounded(body, surroundings.silence())) {
      byte[] bytes = in.readNBytes(LONGEST_LISTING_BYTES + 1);
      if (bytes.length > LONGEST_LISTING_BYTES) {
        throw notTheHub();
      }
      return bytes;
    }
  }

  private HubException notTheHub() {
    return new HubException(
        "%s: no answer of a Hub (expected: a commit and its files in JSON; is a proxy in between?)"
            .formatted(settings.endpoint()));
  }

  /** What a file of a commit is. */
  RemoteFile describe(HubName model, String commit, String name)
      throws TransferFailure, HubException, InterruptedException {
    try (var answer = http.head(address(model, commit, name))) {
      refusals.check(answer, http.isEndpoint(answer.uri()), model, name);
      Optional<String> answered = answer.firstHeader("X-Repo-Commit");
      if (answered.isPresent() && !answered.get().equals(commit)) {
        throw new HubException(
            "%s: %s of another commit (expected: %s)".formatted(model, name, commit));
      }
      Optional<BlobDigest> digest =
          answer
              .firstHeader("X-Linked-Etag")
              .or(() -> answer.header("ETag"))
              .flatMap(BlobDigest::ofEtag);
      Optional<Long> bytes =
          answer
              .firstHeader("X-Linked-Size")
              .or(() -> answer.isRedirect() ? Optional.empty() : answer.header("Content-Length"))
              .filter(text -> text.matches("[0-9]{1,18}"))
              .map(Long::valueOf);
      if (digest.isEmpty() || bytes.isEmpty()) {
        throw new HubException(
            "%s: %s without a digest or a size (expected: both in the headers of %s)"
                .formatted(model, name, settings.endpoint()));
      }
      return new RemoteFile(model, commit, name, digest.get(), bytes.get());
    }
  }

  /** The bytes of a file, from one on; status 206 if the server understood that. */
  HubHttp.Answer open(RemoteFile file, long from)
      throws TransferFailure, HubException, InterruptedException {
    // Not the address that a redirect led to before: those expire.
    var answer = http.get(address(file.model(), file.commit(), file.name()), from);
    try {
      if (answer.status() != 416) {
        refusals.check(answer, http.isEndpoint(answer.uri()), file.model(), file.name());
      }
      return answer;
    } catch (TransferFailure | HubException e) {
      answer.close();
      throw e;
    }
  }

  private URI address(HubName model, String commit, String name) {
    return uri("/" + model.repository() + "/resolve/" + commit + "/" + name);
  }

  private URI uri(String path) {
    return URI.create(settings.endpoint() + path);
  }
}
