package org.elasticreset.cli.experiment;

import io.quarkus.qute.Engine;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.qute.ValueResolvers;
import io.quarkus.qute.Variant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.elasticreset.checkpoint.DurableFiles;
import org.elasticreset.cli.Installation;

/**
 * A page of an experiment: one file that needs nothing else, no network, and no script for its
 * figures and tables. What comes from files of users is escaped by the template engine.
 */
final class Page {
  private Page() {}

  /**
   * Writes a page anew; whoever reads it sees the old one or the new one, whole.
   *
   * @param template its name among the resources
   */
  static void write(Path file, String template, Map<String, Object> data) {
    Engine engine =
        Engine.builder()
            .addDefaults()
            .addValueResolver(ValueResolvers.rawResolver())
            .addResultMapper(new HtmlEscaper(List.of(Variant.TEXT_HTML)))
            .build();
    TemplateInstance page =
        engine
            .parse(
                Installation.resource("/experiment/" + template + ".html"),
                Variant.forContentType("text/html"))
            .data("css", Installation.resource("/report/report.css"))
            .data("experimentCss", Installation.resource("/experiment/experiment.css"));
    data.forEach(page::data);
    try {
      DurableFiles.replace(file, page.render());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
