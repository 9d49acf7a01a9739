package org.elasticreset.rating.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.elasticreset.proto.v1.RatingCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldCasesTest {

  private static final Instant DEADLINE = Instant.ofEpochMilli(1_000);

  @TempDir private Path folder;

  @Test
  void readsOneQuestionALine() throws Exception {
    List<RatingCase> cases =
        read(
            """
            {"prompt": "2 + 2?", "responses": ["4", "5"], "ranks": [1, 2]}

            {"prompt": "2 + 2?", "responses": ["4"], "mark": 5}
            {"prompt": "2 + 2?", "responses": ["5"], "thumbUp": false}
            """);

    assertThat(cases).hasSize(3).allSatisfy(gold -> assertThat(gold.hasGold()).isTrue());
    assertThat(cases.get(0).getGold().getRanks().getRanksList()).containsExactly(1, 2);
    assertThat(cases.get(1).getRequests(0).getScale().getBest()).isEqualTo(7);
    assertThat(cases.get(2).getGold().getThumbUp()).isFalse();
    assertThat(cases).extracting(RatingCase::getCaseId).doesNotHaveDuplicates();
    assertThat(cases.get(0).getRequests(0).getRequestId())
        .isEqualTo(cases.get(0).getCaseId() + "#0");
  }

  @Test
  void anotherInstanceOpensTheSame() throws Exception {
    String file = "{\"prompt\": \"2 + 2?\", \"responses\": [\"4\", \"5\"], \"ranks\": [1, 2]}";

    assertThat(read(file)).isEqualTo(read(file));
  }

  @Test
  void saysWhichLineCannotBeUsed() {
    assertThatThrownBy(
            () -> read("\n{\"prompt\": \"2 + 2?\", \"responses\": [\"4\"], \"answer\": 1}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("raters.gold: ")
        .hasMessageContaining("gold.jsonl line 2: {\"prompt\":")
        .hasMessageContaining("(expected: prompt, responses, and one of ranks, mark and thumbUp");
  }

  @Test
  void answerHasToBeOneOfItsQuestion() {
    assertThatThrownBy(
            () -> read("{\"prompt\": \"2?\", \"responses\": [\"4\", \"5\"], \"ranks\": [1]}"))
        .hasMessageContaining("ranks: 1 (expected: one for each of the 2 responses)");
    assertThatThrownBy(() -> read("{\"prompt\": \"2?\", \"responses\": [\"4\"], \"mark\": 8}"))
        .hasMessageContaining("mark: 8.0 (expected: 1.0 to 7.0, the scale)");
  }

  @Test
  void refusesWhatIsNotJson() {
    assertThatThrownBy(() -> read("prompt: 2 + 2?"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gold.jsonl line 1: ");
  }

  private List<RatingCase> read(String content) throws Exception {
    Path file = folder.resolve("gold.jsonl");
    Files.writeString(file, content);
    return new GoldCases("test-run", 1, 7, "").read("raters.gold", file, DEADLINE);
  }
}
