package org.elasticreset.ema.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorKeysTest {

  /** SHA-256 of "secret". */
  private static final String DIGEST =
      "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

  @TempDir Path directory;

  @Test
  void operatorIsKnownByItsKeyAndARaterIsNot() throws Exception {
    String ofRater = "%064d".formatted(1);
    var keys = keys("# who may\nada operator " + DIGEST + "\nbob rater " + ofRater + "\n");

    assertThat(keys.holder("secret")).hasValue("ada");
    assertThat(keys.holder("other")).isEmpty();
    assertThat(keys.holders()).hasSize(1);
  }

  @Test
  void lineThatCannotBeUsedIsNamedAndNotRepeated() {
    assertThatThrownBy(() -> keys("ada operator secret"))
        .hasMessageContaining("ema.console.keys: line 1 of")
        .hasMessageNotContaining("secret");
  }

  private OperatorKeys keys(String text) throws Exception {
    return OperatorKeys.read(Files.writeString(directory.resolve("file.keys"), text));
  }
}
