package org.elasticreset.rating.tools;

import org.elasticreset.rating.Question;
import org.elasticreset.rating.Question.Order;
import org.elasticreset.rating.Question.Scale;

/** Labelling configs of Label Studio: what its annotators see. All data are shown as text. */
final class LabelStudioConfig {

  static final String BETTER = "better";
  static final String TIE = "tie";
  static final String RANKING = "ranking";
  static final String MARK = "mark";
  static final String GOOD = "good";
  static final String YES = "Yes";
  static final String NO = "No";
  static final String COMMENT = "comment";

  private static final String FRAME =
      """
      <View>
        <Header value="Prompt"/>
        <Text name="prompt" value="$prompt" valueType="text"/>
      %s  <TextArea name="comment" toName="prompt" rows="2" placeholder="Why? (optional)"/>
      </View>
      """;

  private static final String PAIR =
      """
        <Header value="Which response is better?"/>
        <Pairwise name="better" toName="response1,response2"/>
        <View style="display: flex; gap: 1em">
          <View style="flex: 1"><Text name="response1" value="$response1" valueType="text"/></View>
          <View style="flex: 1"><Text name="response2" value="$response2" valueType="text"/></View>
        </View>
        <Choices name="tie" toName="prompt" choice="single" showInline="true">
          <Choice value="Neither: one is as good as the other"/>
        </Choices>
      """;

  private static final String SEVERAL =
      """
        <Header value="Which response is better? Drag the best to the top."/>
        <List name="responses" value="$responses" title="Responses"/>
        <Ranker name="ranking" toName="responses"/>
      """;

  private static final String ONE =
      """
        <Header value="Response"/>
        <Text name="response1" value="$response1" valueType="text"/>
      """;

  private static final String STARS =
      ONE
          + """
        <Header value="How good is it? %d stars are the best."/>
        <Rating name="mark" toName="response1" maxRating="%d"/>
      """;

  private static final String THUMBS =
      ONE
          + """
        <Header value="Is it good?"/>
        <Choices name="good" toName="response1" choice="single" showInline="true">
          <Choice value="Yes"/>
          <Choice value="No"/>
        </Choices>
      """;

  private LabelStudioConfig() {}

  static String of(Question question) {
    if (question instanceof Order) {
      return FRAME.formatted(isRanking(question) ? SEVERAL : PAIR);
    }
    if (question instanceof Scale scale) {
      int stars = (int) (scale.best() - scale.worst()) + 1;
      return FRAME.formatted(STARS.formatted(stars, stars));
    }
    return FRAME.formatted(THUMBS);
  }

  static boolean isRanking(Question question) {
    return question.candidates() > 2;
  }
}
