package org.elasticreset.rating.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.xml.parsers.DocumentBuilderFactory;
import org.elasticreset.proto.v1.Ranks;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.Rating.AnswerCase;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.rating.Question.Thumbs;
import org.elasticreset.rating.tools.ToolEvent.Answered;
import org.elasticreset.rating.tools.ToolEvent.Deleted;
import org.elasticreset.rating.tools.ToolEvent.Unrelated;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

final class LabelStudioTest {

  private static final RatingRequest REQUEST = Asked.order("train-12-0/3@17#0", "42", "about 40");
  private static final LabelStudioProject PROJECT = LabelStudioProject.of(REQUEST);

  @Test
  void theLabellingConfigNamesWhatTasksHave() throws Exception {
    var config =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(PROJECT.labelConfig())));
    var texts = config.getElementsByTagName("Text");
    var data = PROJECT.task(REQUEST).get("data");
    assertThat(texts.getLength()).isEqualTo(data.size());
    for (int i = 0; i < texts.getLength(); i++) {
      String value = texts.item(i).getAttributes().getNamedItem("value").getNodeValue();
      assertThat(data.has(value.substring(1))).as(value).isTrue();
    }
    var pairwise = config.getElementsByTagName("Pairwise").item(0).getAttributes();
    assertThat(pairwise.getNamedItem("toName").getNodeValue()).isEqualTo("response1,response2");
  }

  @Test
  void aProjectAsksSoManyRaters() {
    var settings = PROJECT.settings("Sums");
    assertThat(settings.get("maximum_annotations").intValue()).isEqualTo(2);
    assertThat(settings.get("expert_instruction").textValue()).isEqualTo("Look at the *answer*.");
    assertThat(settings.get("show_instruction").booleanValue()).isTrue();
  }

  @Test
  void aTaskHasWhatComesBackWithItsAnnotations() {
    var task = PROJECT.task(REQUEST);
    assertThat(task.at("/meta/request_id").textValue()).isEqualTo("train-12-0/3@17#0");
    assertThat(task.at("/meta/run_id").textValue()).isEqualTo("run-1");
    boolean swapped = task.at("/meta/shown").textValue().equals("1,0");
    assertThat(task.at("/data/response1").textValue()).isEqualTo(swapped ? "about 40" : "42");
    assertThat(task.at("/data/response2").textValue()).isEqualTo(swapped ? "42" : "about 40");
  }

  @Test
  void aRequestOfAnotherKindHasAnotherProjectOrNone() {
    assertThatThrownBy(() -> new LabelStudioProject(new Thumbs(), 1, "").task(REQUEST))
        .hasMessageContaining("(expected: one that belongs in ");
    assertThatThrownBy(() -> LabelStudioProject.of(Asked.scale("b#0", 0, 10, "42")))
        .hasMessage("scale: 0.0 to 10.0 (expected: whole numbers, at most 10 marks)");
  }

  @Test
  void moreThanTwoAreRankedBestFirst() {
    var request = Asked.order("b#0", "40", "41", "42");
    var task = LabelStudioProject.of(request).task(request);
    assertThat(LabelStudioProject.of(request).labelConfig()).contains("<Ranker name=\"ranking\"");
    assertThat(task.at("/data/responses").findValuesAsText("id")).containsExactly("0", "1", "2");
    task.withObject("/meta").put("shown", "2,0,1");
    // Shown third, first, second, and ranked so: candidates 1, 2, 0.
    assertThat(answered(task, "['2', '0', '1']").getRanks().getRanksList())
        .containsExactly(3, 1, 2);
    assertThatThrownBy(() -> answered(task, "['2', '0']"))
        .hasMessageEndingWith("(expected: each response once)");
    assertThatThrownBy(() -> answered(task, "['2', '0', '3']"))
        .hasMessageEndingWith("(expected: a response from 0)");
  }

  private static Rating answered(ObjectNode task, String ranking) {
    return answered(
        task,
        "{'from_name': 'ranking', 'type': 'ranker', 'value': {'ranker': {'ranking': %s}}}",
        ranking);
  }

  private static Rating answered(ObjectNode task, String result, Object value) {
    byte[] told =
        Told.labelStudio(
            "ANNOTATION_CREATED",
            task,
            annotation -> annotation.putArray("result").add(Told.object(result.formatted(value))));
    return ((Answered) LabelStudioEvents.read(told).get(0)).rating();
  }

  @Test
  void starsAreMarksOfTheScale() {
    var request = Asked.scale("b#0", 0, 4, "42");
    var project = LabelStudioProject.of(request);
    assertThat(project.labelConfig()).contains("maxRating=\"5\"");
    String result = "{'from_name': 'mark', 'type': 'rating', 'value': {'rating': %s}}";
    assertThat(answered(project.task(request), result, 5).getMark()).isEqualTo(4);
    assertThatThrownBy(() -> answered(project.task(request), result, 0))
        .hasMessageEndingWith("(expected: from 1 to 10 stars)");
  }

  @Test
  void thumbsAreAChoice() {
    var request = Asked.thumbs("b#0", "42");
    var task = LabelStudioProject.of(request).task(request);
    String result = "{'from_name': 'good', 'type': 'choices', 'value': {'choices': ['%s']}}";
    assertThat(answered(task, result, "Yes").getThumbUp()).isTrue();
    assertThat(answered(task, result, "No").getAnswerCase()).isEqualTo(AnswerCase.THUMB_UP);
    assertThatThrownBy(() -> answered(task, result, "Maybe"))
        .hasMessageEndingWith("(expected: Yes or No)");
  }

  @Test
  void tasksOfOtherProjectsAreNobodysBusiness() {
    var payload = payload("0,1", annotation -> {});
    payload.withObject("/task").remove("meta");
    assertThat(read(payload)).hasOnlyElementsOfType(Unrelated.class);
  }

  @Test
  void anAnnotationIsARatingInTheOrderOfTheRequest() {
    assertThat(answered("1,0", annotation -> {}))
        .isEqualTo(
            Rating.newBuilder()
                .setRunId("run-1")
                .setRequestId("train-12-0/3@17#0")
                .setRaterId("label-studio:5")
                .setRevision(1_795_768_200_123_456L)
                // The right one is candidate 0.
                .setRanks(Ranks.newBuilder().addRanks(1).addRanks(2))
                .addShown(1)
                .addShown(0)
                .setLatencyMillis(12_345)
                .setComment("the first is a guess")
                .setSource("label-studio")
                .setAnswerId("label-studio:17")
                .setSaidMillis(Instant.parse("2026-11-27T08:30:00.123Z").toEpochMilli())
                .build());
    assertThat(ranks("0,1", annotation -> {})).containsExactly(2, 1);
    assertThat(ranks("0,1", annotation -> select(annotation, "left"))).containsExactly(1, 2);
  }

  @Test
  void aTieIsATieWhateverElseIsChosen() {
    assertThat(
            ranks(
                "0,1",
                annotation ->
                    ((ArrayNode) annotation.get("result"))
                        .add(
                            Told.object(
                                "{'from_name': 'tie', 'value': {'choices': ['Neither']}}"))))
        .containsExactly(1, 1);
  }

  @Test
  void whatWasCancelledOrChoosesNothingIsASkip() {
    assertThat(answered("0,1", annotation -> annotation.put("was_cancelled", true)).getAnswerCase())
        .isEqualTo(AnswerCase.SKIP);
    assertThat(answered("0,1", annotation -> annotation.putArray("result")).getAnswerCase())
        .isEqualTo(AnswerCase.SKIP);
  }

  @Test
  void aUserMayBeAnObjectAndNoTimeMayBeTaken() {
    var rating =
        answered(
            "0,1",
            annotation -> {
              annotation.set("completed_by", Told.object("{'id': 5, 'email': 'ada@example.org'}"));
              annotation.putNull("lead_time");
            });
    assertThat(rating.getRaterId()).isEqualTo("label-studio:5");
    assertThat(rating.getLatencyMillis()).isZero();
  }

  @Test
  void severalAnnotationsFindTheirTasks() {
    ObjectNode one = payload("0,1", annotation -> {});
    ObjectNode other =
        payload(
            "1,0", annotation -> annotation.put("id", 18).put("task", 42).put("completed_by", 6));
    other.withObject("/task").put("id", 42);
    ObjectNode both = Told.object("{'action': 'ANNOTATIONS_CREATED'}");
    both.putArray("annotation").add(one.get("annotation")).add(other.get("annotation"));
    both.putArray("task").add(other.get("task")).add(one.get("task"));
    assertThat(read(both))
        .extracting(event -> ((Answered) event).rating().getRanks().getRanksList())
        .containsExactly(List.of(2, 1), List.of(1, 2));
  }

  @Test
  void deletionsSayNoMoreThanIds() {
    assertThat(read(Told.object("{'action': 'ANNOTATIONS_DELETED', 'annotations': [{'id': 17}]}")))
        .containsExactly(new Deleted("label-studio:17", Optional.empty()));
    assertThat(read(Told.object("{'action': 'TASKS_CREATED', 'tasks': []}")))
        .containsExactly(new Unrelated("TASKS_CREATED"));
  }

  @Test
  void whatCannotBeUsedIsNamed() {
    assertThatThrownBy(() -> answered("0,1", annotation -> select(annotation, "middle")))
        .hasMessage("annotation.result[0].value.selected: \"middle\" (expected: left or right)");
    assertThatThrownBy(() -> answered("0,1", annotation -> annotation.put("lead_time", -1)))
        .hasMessage("annotation.lead_time: -1 (expected: a number, not negative)");
    assertThatThrownBy(() -> answered("0,1", annotation -> annotation.put("task", 40)))
        .hasMessage("task: none with id 40 (expected: the annotation's task)");
    assertThatThrownBy(() -> answered("0", annotation -> {}))
        .hasMessage("task.meta.shown: \"0\" (expected: two indices)");
  }

  private static void select(ObjectNode annotation, String side) {
    ((ObjectNode) annotation.at("/result/0/value")).put("selected", side);
  }

  private static List<Integer> ranks(String shown, Consumer<ObjectNode> change) {
    return answered(shown, change).getRanks().getRanksList();
  }

  private static Rating answered(String shown, Consumer<ObjectNode> change) {
    var payload = payload(shown, change);
    var created = read(payload);
    assertThat(read(payload.put("action", "ANNOTATION_UPDATED"))).isEqualTo(created);
    return ((Answered) created.get(0)).rating();
  }

  private static ObjectNode payload(String shown, Consumer<ObjectNode> change) {
    var task = PROJECT.task(REQUEST);
    task.withObject("/meta").put("shown", shown);
    return (ObjectNode) Payload.parse(Told.labelStudio("ANNOTATION_CREATED", task, change)).node();
  }

  private static List<ToolEvent> read(ObjectNode payload) {
    return LabelStudioEvents.read(payload.toString().getBytes(UTF_8));
  }
}
