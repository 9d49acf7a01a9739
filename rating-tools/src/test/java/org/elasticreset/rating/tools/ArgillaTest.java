package org.elasticreset.rating.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.elasticreset.proto.v1.Ranks;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.Rating.AnswerCase;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.ThumbsQuestion;
import org.elasticreset.rating.Question.Order;
import org.elasticreset.rating.tools.ToolEvent.Answered;
import org.elasticreset.rating.tools.ToolEvent.Completed;
import org.elasticreset.rating.tools.ToolEvent.Deleted;
import org.elasticreset.rating.tools.ToolEvent.Unrelated;
import org.junit.jupiter.api.Test;

final class ArgillaTest {

  private static final RatingRequest REQUEST = Asked.order("train-12-0/3@17#0", "42", "about 40");
  private static final ArgillaDataset DATASET = ArgillaDataset.of(REQUEST);

  @Test
  void settingsRankSoManyResponsesBySoManyRaters() {
    var settings = new ArgillaDataset(new Order(3), 2, "Look.").settings();
    assertThat(settings.at("/distribution/min_submitted").intValue()).isEqualTo(2);
    assertThat(settings.at("/guidelines").textValue()).isEqualTo("Look.");
    assertThat(settings.at("/fields").findValuesAsText("name"))
        .containsExactly("prompt", "response-1", "response-2", "response-3");
    assertThat(settings.at("/fields").findValues("use_markdown"))
        .allMatch(markdown -> !markdown.booleanValue());
    assertThat(settings.at("/questions/0/settings/type").textValue()).isEqualTo("ranking");
    assertThat(settings.at("/questions/0/settings/options").findValuesAsText("value"))
        .containsExactly("response-1", "response-2", "response-3");
    assertThat(new ArgillaDataset(new Order(2), 1, "").settings().get("guidelines").isNull())
        .isTrue();
  }

  @Test
  void aRecordHasWhatComesBackWithItsAnswers() {
    var record = DATASET.record(REQUEST);
    assertThat(record.get("external_id").textValue()).isEqualTo("train-12-0/3@17#0");
    assertThat(record.at("/metadata/run_id").textValue()).isEqualTo("run-1");
    assertThat(record.at("/fields/prompt").textValue()).isEqualTo("What is 6 × 7?");
    boolean swapped = record.at("/metadata/shown").textValue().equals("1,0");
    assertThat(record.at("/fields/response-1").textValue()).isEqualTo(swapped ? "about 40" : "42");
    assertThat(record.at("/fields/response-2").textValue()).isEqualTo(swapped ? "42" : "about 40");
  }

  @Test
  void aRequestOfAnotherKindHasAnotherDatasetOrNone() {
    assertThatThrownBy(() -> DATASET.record(Asked.order("b#0", "1", "2", "3")))
        .hasMessageContaining("Order[candidates=3]")
        .hasMessageContaining("(expected: one that belongs in ");
    assertThatThrownBy(
            () ->
                ArgillaDataset.of(
                    REQUEST.toBuilder().setThumbs(ThumbsQuestion.getDefaultInstance()).build()))
        .hasMessage("candidates: 2 (expected: 1, of which Thumbs[] is asked)");
    assertThatThrownBy(() -> ArgillaDataset.of(Asked.scale("b#0", 1, 5.5, "42")))
        .hasMessage("scale: 1.0 to 5.5 (expected: whole numbers, at most 11 marks)");
    assertThatThrownBy(() -> ArgillaDataset.of(Asked.scale("b#0", -1, 1, "42")))
        .hasMessage("scale: -1.0 to 1.0 (expected: from 0 to 10, as Argilla has them)");
  }

  @Test
  void aScaleIsARatingQuestionAndItsValueAMark() {
    var request = Asked.scale("train-12-0/3@17#0", 1, 5, "42");
    var dataset = ArgillaDataset.of(request);
    assertThat(dataset.settings().at("/questions/0/settings/type").textValue()).isEqualTo("rating");
    assertThat(dataset.settings().at("/questions/0/settings/options").findValuesAsText("value"))
        .containsExactly("1", "2", "3", "4", "5");
    assertThat(dataset.settings().at("/fields").findValuesAsText("name"))
        .containsExactly("prompt", "response-1");
    var rating =
        answered(dataset.record(request), response -> says(response, "{'mark': {'value': 4}}"));
    assertThat(rating.getMark()).isEqualTo(4);
    assertThat(rating.getShownList()).containsExactly(0);
  }

  @Test
  void thumbsAreALabelQuestion() {
    var request = Asked.thumbs("train-12-0/3@17#0", "42");
    var dataset = ArgillaDataset.of(request);
    assertThat(dataset.settings().at("/questions/0/settings/options").findValuesAsText("value"))
        .containsExactly("yes", "no");
    var record = dataset.record(request);
    var down = answered(record, response -> says(response, "{'good': {'value': 'no'}}"));
    assertThat(down.getAnswerCase()).isEqualTo(AnswerCase.THUMB_UP);
    assertThat(down.getThumbUp()).isFalse();
    assertThat(
            answered(record, response -> says(response, "{'good': {'value': 'yes'}}")).getThumbUp())
        .isTrue();
    assertThatThrownBy(
            () -> answered(record, response -> says(response, "{'good': {'value': 'well'}}")))
        .hasMessage("data.values.good.value: \"well\" (expected: yes or no)");
  }

  @Test
  void recordsOfOtherDatasetsAreNobodysBusiness() {
    var record = shown("0,1");
    record.withObject("/metadata").remove("run_id");
    assertThat(read("response.created", record, response -> {})).isInstanceOf(Unrelated.class);
  }

  private static void says(ObjectNode response, String values) {
    response.set("values", Told.object(values));
  }

  @Test
  void aSubmittedRankingIsARatingInTheOrderOfTheRequest() {
    Rating rating = answered(shown("1,0"), response -> {});
    assertThat(rating)
        .isEqualTo(
            Rating.newBuilder()
                .setRunId("run-1")
                .setRequestId("train-12-0/3@17#0")
                .setRaterId("argilla:0c1f5a6e-7d0a-4c43-8c86-2b9f0c0f7a01")
                .setRevision(1_795_768_200_123_456L)
                // response-1 is candidate 1 and has rank 2.
                .setRanks(Ranks.newBuilder().addRanks(1).addRanks(2))
                .addShown(1)
                .addShown(0)
                .setComment("the first is a guess")
                .setSource("argilla")
                .setAnswerId("argilla:5d2c7d0e-0b7b-4b44-9a53-0d8f6a4f2f11")
                .setSaidMillis(Instant.parse("2026-11-27T08:30:00.123Z").toEpochMilli())
                .build());
    assertThat(answered(shown("0,1"), response -> {}).getRanks().getRanksList())
        .containsExactly(2, 1);
  }

  @Test
  void aLaterChangeHasAHigherRevision() {
    var first = answered(shown("0,1"), response -> {});
    var second =
        answered(
            shown("0,1"), response -> response.put("updated_at", "2026-11-27T08:30:00.123457"));
    var whole =
        answered(shown("0,1"), response -> response.put("updated_at", "2026-11-27T08:30:01"));
    assertThat(second.getRevision()).isEqualTo(first.getRevision() + 1);
    assertThat(whole.getRevision()).isEqualTo(1_795_768_201_000_000L);
  }

  @Test
  void aDiscardedResponseIsASkipAndADraftAWithdrawal() {
    assertThat(
            answered(
                    shown("0,1"), response -> response.put("status", "discarded").putNull("values"))
                .getAnswerCase())
        .isEqualTo(AnswerCase.SKIP);
    assertThat(answered(shown("0,1"), response -> response.put("status", "draft")).getAnswerCase())
        .isEqualTo(AnswerCase.WITHDRAWAL);
  }

  @Test
  void aDeletedResponseIsDeletedWhetherItSaysMoreThanItsIdOrNot() {
    String id = "argilla:5d2c7d0e-0b7b-4b44-9a53-0d8f6a4f2f11";
    var whole = read("response.deleted", shown("0,1"), response -> {});
    assertThat(whole).isInstanceOf(Deleted.class);
    assertThat(((Deleted) whole).answerId()).isEqualTo(id);
    assertThat(((Deleted) whole).last()).isPresent();
    var bare = read("response.deleted", shown("0,1"), response -> response.retain("id"));
    assertThat(bare).isEqualTo(new Deleted(id, Optional.empty()));
  }

  @Test
  void whatIsNoAnswerIsToldApart() {
    assertThat(
            ArgillaEvents.read(
                "{\"type\": \"record.completed\", \"data\": {\"external_id\": \"a#0\"}}"
                    .getBytes(UTF_8)))
        .isEqualTo(new Completed("a#0"));
    assertThat(
            ArgillaEvents.read("{\"type\": \"dataset.published\", \"data\": {}}".getBytes(UTF_8)))
        .isEqualTo(new Unrelated("dataset.published"));
  }

  @Test
  void whatCannotBeUsedIsNamed() {
    assertRefused(
        response -> response.put("status", "lost"),
        "data.status: \"lost\" (expected: submitted, discarded or draft)");
    assertRefused(
        response -> response.put("updated_at", "yesterday"),
        "data.updated_at: \"yesterday\" (expected: a time like 2026-11-27T08:30:00.123456Z)");
    assertRefused(
        response -> response.withObject("/record").putNull("external_id"),
        "data.record.external_id: null (expected: text)");
    assertRefused(
        response -> response.withObject("/record/metadata").put("shown", "1,1"),
        "shown: [1, 1] (expected: each index from 0 once)");
    assertRefused(
        response -> ((ObjectNode) response.at("/values/order/value/0")).put("rank", 0),
        "data.values.order.value[0].rank: 0 (expected: from 1, the best)");
    assertRefused(
        response -> ((ObjectNode) response.at("/values/order/value/0")).put("value", "response-3"),
        "data.values.order.value[0].value: \"response-3\" (expected: one of 2 responses)");
    assertThatThrownBy(
            () ->
                answered(
                    shown("0,1"),
                    response ->
                        ((ObjectNode) response.at("/values/order/value/0"))
                            .put("value", "response-2")))
        .hasMessageEndingWith("(expected: a rank for each response)");
    assertThatThrownBy(() -> ArgillaEvents.read("no".getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("(expected: a JSON object)");
  }

  private static void assertRefused(Consumer<ObjectNode> change, String message) {
    assertThatThrownBy(() -> answered(shown("0,1"), change)).hasMessage(message);
  }

  private static ObjectNode shown(String order) {
    var record = DATASET.record(REQUEST);
    record.withObject("/metadata").put("shown", order);
    return record;
  }

  private static ToolEvent read(String type, ObjectNode record, Consumer<ObjectNode> change) {
    return ArgillaEvents.read(Told.argilla(type, record, change));
  }

  private static Rating answered(ObjectNode record, Consumer<ObjectNode> change) {
    List<ToolEvent> events =
        List.of(read("response.created", record, change), read("response.updated", record, change));
    assertThat(events.get(0)).isEqualTo(events.get(1));
    return ((Answered) events.get(0)).rating();
  }
}
