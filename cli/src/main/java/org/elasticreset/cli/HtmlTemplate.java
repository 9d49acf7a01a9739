package org.elasticreset.cli;

import io.quarkus.qute.Engine;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.qute.ValueResolvers;
import io.quarkus.qute.Variant;
import java.util.List;
import java.util.Map;

/**
 * A page out of a template among the resources. Whatever is put into it is escaped, unless the
 * template says {@code .raw}.
 */
public final class HtmlTemplate {
  private HtmlTemplate() {}

  /**
   * Renders a page.
   *
   * @param resource the template, such as {@code /report/report.html}
   */
  public static String render(String resource, Map<String, ?> data) {
    Engine engine =
        Engine.builder()
            .addDefaults()
            .addValueResolver(ValueResolvers.rawResolver())
            .addResultMapper(new HtmlEscaper(List.of(Variant.TEXT_HTML)))
            .build();
    TemplateInstance page =
        engine
            .parse(Installation.resource(resource), Variant.forContentType(Variant.TEXT_HTML))
            .instance();
    data.forEach(page::data);
    return page.render();
  }
}
