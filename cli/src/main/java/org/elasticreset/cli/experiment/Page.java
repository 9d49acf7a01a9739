package org.elasticreset.cli.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.elasticreset.checkpoint.DurableFiles;
import org.elasticreset.cli.HtmlTemplate;
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
    Map<String, Object> all = new HashMap<>(data);
    all.put("css", Installation.resource("/report/report.css"));
    all.put("experimentCss", Installation.resource("/experiment/experiment.css"));
    try {
      DurableFiles.replace(file, HtmlTemplate.render("/experiment/" + template + ".html", all));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
