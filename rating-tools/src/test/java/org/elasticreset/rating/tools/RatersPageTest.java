package org.elasticreset.rating.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the page for people shows is what is made. */
final class RatersPageTest {

  @Test
  void itsExamplesAreARecordAndATask() throws IOException {
    var request = Asked.order("train-12-0/3@17#0", "42", "about 40");
    assertThat(examples())
        .containsExactly(
            ArgillaDataset.of(request).record(request),
            LabelStudioProject.of(request).task(request));
  }

  private static List<JsonNode> examples() throws IOException {
    String whole = Files.readString(Path.of("../docs/raters.md"));
    String page =
        whole.substring(
            whole.indexOf("\n## Argilla\n"), whole.indexOf("\n## What several instances"));
    return Pattern.compile("```json\n(.*?)```", Pattern.DOTALL)
        .matcher(page)
        .results()
        .map(example -> Payload.parse(example.group(1).getBytes(UTF_8)).node())
        .toList();
  }
}
