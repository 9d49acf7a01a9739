package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.elasticreset.model.text.PromptText;
import org.elasticreset.proto.v1.Prompt;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Sampling;
import org.junit.jupiter.api.Test;

class WorkOrdersTest {

  private static final PromptText TREE = new PromptText("Un arbre", Map.of("de", "Ein Baum"));
  private static final PromptText HOUSE = new PromptText("Une maison", Map.of("de", "Ein Haus"));

  @Test
  void referencesGoWithTheirPrompt() {
    WorkOrders orders =
        new WorkOrders(
            "run",
            2,
            Sampling.getDefaultInstance(),
            new Prompts(List.of(TREE), 1, 1, new Seeds(1)),
            List.of(TREE, HOUSE),
            1);

    List<Prompt> prompts =
        orders.evaluation(0, 1, false).stream()
            .map(PromptBatch::getPromptsList)
            .flatMap(List::stream)
            .toList();

    assertThat(prompts).extracting(Prompt::getText).containsExactly("Un arbre", "Une maison");
    assertThat(prompts)
        .extracting(Prompt::getReferencesMap)
        .containsExactly(TREE.references(), HOUSE.references());
  }
}
