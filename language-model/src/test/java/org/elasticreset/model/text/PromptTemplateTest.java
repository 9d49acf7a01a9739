package org.elasticreset.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PromptTemplateTest {

  @Test
  void spaceAtItsEndBeginsTheResponse() {
    var template = PromptTemplate.ofArgument("Question: {prompt}\\n\\nAnswer: ");

    assertThat(template.prompt("Why?")).isEqualTo("Question: Why?\n\nAnswer:");
    assertThat(template.response("Why?", "Because.\n")).isEqualTo(" Because.");
  }

  @Test
  void withoutOneThePromptIsItself() {
    assertThat(PromptTemplate.NONE.prompt("a\\n$1 ")).isEqualTo("a\\n$1");
    assertThat(PromptTemplate.NONE.response("a ", "b")).isEqualTo(" b");
    assertThat(PromptTemplate.NONE.response("a", " b\n")).isEqualTo(" b");
  }

  @Test
  void onlyLineBreaksTabsAndBackslashesAreEscapes() {
    assertThat(PromptTemplate.ofArgument("a\\tb\\\\n\\x{prompt}\\").text())
        .isEqualTo("a\tb\\n\\x{prompt}\\");
  }

  @Test
  void refusesAnythingButOnePlaceForThePrompt() {
    assertThatThrownBy(() -> new PromptTemplate("Question: {question}"))
        .hasMessageContaining("0 places for a prompt (expected: {prompt} once)");
    assertThatThrownBy(() -> new PromptTemplate("{prompt}{prompt}"))
        .hasMessageContaining("2 places");
  }
}
