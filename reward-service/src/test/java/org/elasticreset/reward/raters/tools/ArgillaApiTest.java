package org.elasticreset.reward.raters.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.elasticreset.reward.raters.tools.ToolRequests.order;
import static org.elasticreset.reward.raters.tools.ToolRequests.pair;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import org.elasticreset.reward.raters.tools.LabellingTool.Posted;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ArgillaApiTest {

  private final FakeArgilla argilla = new FakeArgilla();

  @AfterEach
  void stop() {
    argilla.close();
  }

  @Test
  void aDatasetIsMadeAndPublishedWithWhatRecordsNeed() throws Exception {
    api("people").post(List.of(pair(1), pair(2)));

    JsonNode dataset = argilla.datasets.values().iterator().next();
    assertThat(dataset.path("name").asText()).matches("sums-order2-[0-9a-f]{8}");
    assertThat(dataset.path("workspace_id").asText()).isEqualTo("ws-1");
    assertThat(dataset.path("status").asText()).isEqualTo("ready");
    assertThat(dataset.path("guidelines").asText()).isEqualTo("Look.");
    assertThat(dataset.at("/distribution/min_submitted").asInt()).isOne();
    assertThat(dataset.path("fields").findValuesAsText("name"))
        .containsExactly("prompt", "response-1", "response-2");
    assertThat(dataset.path("questions").findValuesAsText("name"))
        .containsExactly("order", "comment");
    assertThat(dataset.path("metadata-properties").findValuesAsText("name"))
        .containsExactly("run_id", "shown");
    assertThat(argilla.externalIds())
        .containsExactly(pair(1).getRequestId(), pair(2).getRequestId());
  }

  @Test
  void aRecordThatIsPutTwiceIsThereOnceWhoeverPutsIt() throws Exception {
    api("people").post(List.of(pair(1)));
    api("people").post(List.of(pair(1), pair(2)));
    assertThat(argilla.datasets).hasSize(1);
    assertThat(argilla.externalIds()).hasSize(2);
  }

  @Test
  void aDatasetThatWasLeftHalfMadeIsCompleted() throws Exception {
    argilla.publishFails = true;
    assertThatThrownBy(() -> api("people").post(List.of(pair(1)))).isInstanceOf(ToolRefused.class);
    argilla.publishFails = false;
    argilla.datasets.values().iterator().next().withArray("questions").remove(1);

    api("people").post(List.of(pair(1)));

    assertThat(argilla.datasets).hasSize(1);
    assertThat(argilla.datasets.values().iterator().next().path("questions")).hasSize(2);
    assertThat(argilla.externalIds()).hasSize(1);
  }

  @Test
  void whatIsListedIsOfTheRunAndSaysWhatIsAnswered() throws Exception {
    var api = api("people");
    var many = IntStream.range(0, 250).mapToObj(ToolRequests::pair).toList();
    api.post(many);
    api.post(List.of(order(999, "a", "b", "c")));
    api.post(List.of(pair(1000).toBuilder().setRunId("another-run").build()));
    argilla.respond(pair(7).getRequestId());

    List<Posted> listed = api("people").list();

    assertThat(listed).hasSize(251).extracting(Posted::requestId).doesNotHaveDuplicates();
    assertThat(listed)
        .filteredOn(Posted::answered)
        .extracting(Posted::requestId)
        .containsExactly(pair(7).getRequestId());
  }

  @Test
  void recordsAreRemovedAHundredAtATime() throws Exception {
    var api = api("people");
    api.post(IntStream.range(0, 150).mapToObj(ToolRequests::pair).toList());
    argilla.calls.clear();
    api.remove(api.list());
    assertThat(argilla.records).isEmpty();
    assertThat(argilla.calls).filteredOn(call -> call.startsWith("DELETE")).hasSize(2);
  }

  @Test
  void aDatasetThatSomebodyDeletedIsMadeAgain() throws Exception {
    var api = api("people");
    api.post(List.of(pair(1)));
    argilla.datasets.clear();
    argilla.records.clear();
    assertThatThrownBy(() -> api.post(List.of(pair(2)))).hasMessageEndingWith("answered 404");
    api.post(List.of(pair(2)));
    assertThat(argilla.externalIds()).containsExactly(pair(2).getRequestId());
  }

  @Test
  void aWorkspaceThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> api("nobody").post(List.of(pair(1))))
        .hasMessage(
            "workspace: nobody (expected: one of Argilla that the api-key's user belongs to)");
  }

  private ArgillaApi api(String workspace) {
    return new ArgillaApi(
        new ToolHttp(argilla.address()), FakeArgilla.KEY, ToolRequests.RUN, workspace, "sums");
  }
}
