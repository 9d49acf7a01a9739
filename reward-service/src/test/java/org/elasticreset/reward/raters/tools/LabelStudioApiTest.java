package org.elasticreset.reward.raters.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.elasticreset.reward.raters.tools.ToolRequests.order;
import static org.elasticreset.reward.raters.tools.ToolRequests.pair;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.elasticreset.reward.raters.tools.LabellingTool.Posted;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LabelStudioApiTest {

  private final FakeLabelStudio labelStudio = new FakeLabelStudio();

  @AfterEach
  void stop() {
    labelStudio.close();
  }

  @Test
  void aProjectIsMadeOnceForRequestsThatAreAlike() throws Exception {
    var api = api(FakeLabelStudio.LEGACY, "a-run-with-a-name-that-is-longer-than-a-title-may-be");
    api.post(List.of(pair(1)));
    api.post(List.of(pair(2)));
    api.post(List.of(order(3, "a", "b", "c")));
    assertThat(labelStudio.projects.values())
        .extracting(project -> project.path("title").asText())
        .allMatch(title -> title.matches("a-run-with-a-name-that-is-long-order[23]-[0-9a-f]{8}"))
        .hasSize(2);
    assertThat(labelStudio.tasks.values())
        .extracting(task -> task.at("/meta/request_id").asText())
        .containsExactly(pair(1).getRequestId(), pair(2).getRequestId(), pair(3).getRequestId());
  }

  @Test
  void aPersonalAccessTokenFetchesAnother() throws Exception {
    var api = api(FakeLabelStudio.PERSONAL, "sums");
    api.post(List.of(pair(1)));
    api.list();
    assertThat(labelStudio.calls).filteredOn("POST /api/token/refresh/"::equals).hasSize(1);
    assertThatThrownBy(() -> api("wrong", "sums").list()).hasMessageEndingWith("answered 401");
  }

  @Test
  void whatIsListedIsOfTheRunAndSaysWhatIsAnswered() throws Exception {
    var api = api(FakeLabelStudio.LEGACY, "sums");
    api.post(IntStream.range(0, 200).mapToObj(ToolRequests::pair).toList());
    api.post(List.of(pair(1000).toBuilder().setRunId("another-run").build()));
    labelStudio.annotate(pair(7).getRequestId());

    List<Posted> listed = api(FakeLabelStudio.LEGACY, "sums").list();

    assertThat(listed).hasSize(200);
    assertThat(listed)
        .filteredOn(Posted::answered)
        .extracting(Posted::requestId)
        .containsExactly(pair(7).getRequestId());
  }

  @Test
  void whatIsGoneAlreadyIsNoneTheWorse() throws Exception {
    var api = api(FakeLabelStudio.LEGACY, "sums");
    api.post(List.of(pair(1), pair(2)));
    List<Posted> listed = api.list();
    labelStudio.tasks.remove(Integer.valueOf(listed.get(0).id()));
    api.remove(listed);
    assertThat(labelStudio.tasks).isEmpty();
  }

  /** Label Studio knows no id of ours: two instances at the same time may put one there twice. */
  @Test
  void aTaskThatIsThereTwiceIsRemovedOnce() throws Exception {
    var api = api(FakeLabelStudio.LEGACY, "sums");
    api.post(List.of(pair(1)));
    api.post(List.of(pair(1)));
    var mirror =
        new ToolMirror(
            api, new ToolMetrics(new SimpleMeterRegistry()), Clock.systemUTC(), Duration.ZERO);
    mirror.asked(pair(1));
    mirror.step();
    assertThat(labelStudio.tasks).hasSize(1);
  }

  private LabelStudioApi api(String key, String prefix) {
    var http = new ToolHttp(labelStudio.address());
    return new LabelStudioApi(
        http, new LabelStudioKey(http, key, Clock.systemUTC()), ToolRequests.RUN, prefix);
  }
}
