package org.elasticreset.reward.raters.tools;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.elasticreset.proto.v1.RatingRequest;

/** A tool that may be away, takes a request as often as it is put there, and dislikes some. */
final class FakeTool implements LabellingTool {

  final List<Posted> has = new ArrayList<>();
  final Set<String> dislikes = new HashSet<>();
  int posts;
  int lists;
  boolean away;

  @Override
  public String source() {
    return "fake";
  }

  @Override
  public String place(RatingRequest request) {
    if (request.getCandidatesCount() == 0) {
      throw new IllegalArgumentException("candidates: none (expected: some)");
    }
    return "order" + request.getCandidatesCount();
  }

  @Override
  public synchronized List<Posted> list() throws IOException {
    require();
    lists++;
    return List.copyOf(has);
  }

  @Override
  public synchronized void post(List<RatingRequest> alike) throws IOException {
    require();
    for (RatingRequest request : alike) {
      if (dislikes.contains(request.getRequestId())) {
        throw new ToolRefused("POST", 422);
      }
    }
    posts++;
    for (RatingRequest request : alike) {
      has.add(
          new Posted(
              place(request), "id-" + has.size() + "-" + posts, request.getRequestId(), false));
    }
  }

  @Override
  public synchronized void remove(List<Posted> posted) throws IOException {
    require();
    has.removeAll(posted);
  }

  private void require() throws IOException {
    if (away) {
      throw new IOException("connection refused");
    }
  }

  synchronized void away(boolean is) {
    away = is;
  }

  synchronized void answered(String requestId) {
    has.replaceAll(
        each ->
            each.requestId().equals(requestId)
                ? new Posted(each.place(), each.id(), requestId, true)
                : each);
  }

  synchronized List<String> requests() {
    return has.stream().map(Posted::requestId).toList();
  }
}
