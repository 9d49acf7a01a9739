package org.elasticreset.model.chat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.ext.ExtendedParser;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.InterpretException;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.elasticreset.model.files.ModelFormatException;

/**
 * One rendering of a template from a stranger, by Jinjava.
 *
 * <p>The template sees its variables and nothing of Java: properties and methods are those that
 * {@link TemplateValues} lists, filters those of {@link TemplateFilters}, functions {@code
 * raise_exception}, {@code strftime_now}, {@code namespace} and {@code range}. What it prints is
 * never read as a template again. Tags that read files do not exist. Bounded are the template (32
 * Ki characters), its output (1 Mi), lists and ranges (1000), brackets in brackets (100), steps
 * (100 thousand) and time (5 seconds, looked at in every step).
 */
final class TemplateSandbox {

  private static final String TOO_DEEP = "chat_template: nested too deeply";
  private static final int MAX_TEMPLATE = 1 << 15;
  private static final int MAX_OUTPUT = 1 << 20;
  private static final int MAX_LIST = 1000;
  private static final int MAX_NESTING = 100;
  private static final int MAX_STEPS = 100_000;
  private static final Duration MAX_TIME = Duration.ofSeconds(5);

  /** What a template may be made of; comments and expressions are no tags. */
  private static final Set<String> TAGS =
      Set.of("for", "if", "elif", "else", "set", "macro", "raw", "break", "continue");

  private static final Set<String> FUNCTIONS =
      Set.of(":raise_exception", ":strftime_now", ":namespace", ":range");

  private final Path source;
  private final Clock clock;
  private final long start = System.nanoTime();
  private int steps;

  TemplateSandbox(Path source, Clock clock) {
    this.source = source;
    this.clock = clock;
  }

  /** The template as Jinjava reads it, if it is of usual length and depth. */
  static String checked(Path source, String template) {
    if (template.length() > MAX_TEMPLATE) {
      throw ModelFormatException.of(
          source, "chat_template", template.length() + " characters", "at most " + MAX_TEMPLATE);
    }
    requireShallow(source, template);
    try {
      return JinjaSource.plain(source, template);
    } catch (StackOverflowError e) {
      throw new ModelFormatException(source, TOO_DEEP, e);
    }
  }

  /** Jinjava's parser takes minutes over brackets in thousands of brackets. */
  private static void requireShallow(Path source, String template) {
    int depth = 0;
    for (char character : template.toCharArray()) {
      if ("([{".indexOf(character) >= 0) {
        depth++;
      } else if (")]}".indexOf(character) >= 0) {
        depth = Math.max(0, depth - 1);
      }
      if (depth > MAX_NESTING) {
        throw ModelFormatException.of(
            source, "chat_template", "deeper brackets", "at most " + MAX_NESTING);
      }
    }
  }

  String render(String template, Map<String, Object> variables) {
    var values = new HashMap<>(variables);
    values.put(TemplateFunctions.CLOCK, clock);
    // Templates ask whether functions are defined, and Jinjava's functions are no variables.
    for (var function : List.of("raise_exception", "strftime_now", "namespace", "range")) {
      values.put(function, function);
    }
    try {
      var engine = engine();
      var result = engine.renderForResult(template, values);
      for (var error : result.getErrors()) {
        throw complaint(error);
      }
      requireKnown(engine.getGlobalContext(), result.getContext().getResolvedValues());
      return result.getOutput();
    } catch (StackOverflowError e) {
      throw new ModelFormatException(source, TOO_DEEP, e);
    }
  }

  /** Filters and tests that Jinjava does not know are nothing and false to it, without a word. */
  private void requireKnown(Context context, Set<String> names) {
    for (var name : names) {
      var filter = after(ExtendedParser.FILTER_PREFIX, name);
      var test = after(ExtendedParser.EXPTEST_PREFIX, name);
      if (filter.isPresent() && !TemplateFilters.NAMES.contains(filter.get())) {
        throw ModelFormatException.of(
            source,
            "chat_template: filter",
            filter.get(),
            "one of " + new TreeSet<>(TemplateFilters.NAMES));
      }
      if (test.isPresent() && context.getExpTest(test.get()) == null) {
        throw ModelFormatException.of(source, "chat_template: test", test.get(), "one of Jinja");
      }
    }
  }

  private static Optional<String> after(String prefix, String name) {
    return name.startsWith(prefix)
        ? Optional.of(name.substring(prefix.length()))
        : Optional.empty();
  }

  /** One for each rendering: the configuration has this rendering's counter in it. */
  private Jinjava engine() {
    var config =
        JinjavaConfig.newBuilder()
            .withNestedInterpretationEnabled(false)
            .withLegacyOverrides(
                LegacyOverrides.Builder.from(LegacyOverrides.ALL)
                    .withWhitespaceRequiredWithinTokens(false)
                    .build())
            .withElResolver(new TemplateValues(this::step))
            .withNodePreProcessor((node, interpreter) -> step())
            .withMaxOutputSize(MAX_OUTPUT)
            .withMaxStringLength(MAX_OUTPUT)
            .withMaxListSize(MAX_LIST)
            .withMaxMapSize(MAX_LIST)
            .withRangeLimit(MAX_LIST)
            .withDisabled(new HashMap<>())
            .build();
    var engine = new Jinjava(config);
    var context = engine.getGlobalContext();
    TemplateFilters.replaceIn(context);
    context.registerFunction(function("raise_exception", "raiseException", String.class));
    context.registerFunction(function("strftime_now", "strftimeNow", String.class));
    context.registerFunction(function("range", "range", Object.class, Object[].class));
    var disabled = config.getDisabled();
    disabled.put(Context.Library.TAG, names(context, Context.Library.TAG));
    disabled.put(Context.Library.FILTER, names(context, Context.Library.FILTER));
    disabled.put(Context.Library.FUNCTION, names(context, Context.Library.FUNCTION));
    return engine;
  }

  private static ELFunctionDefinition function(String name, String method, Class<?>... parameters) {
    return new ELFunctionDefinition("", name, TemplateFunctions.class, method, parameters);
  }

  /** Those of a library that a template may not use. */
  private static Set<String> names(Context context, Context.Library library) {
    var names = new HashSet<String>();
    switch (library) {
      case TAG -> context.getAllTags().forEach(tag -> names.add(tag.getName()));
      case FILTER -> context.getAllFilters().forEach(filter -> names.add(filter.getName()));
      default -> context.getAllFunctions().forEach(function -> names.add(function.getName()));
    }
    names.removeIf(
        name ->
            TAGS.contains(name)
                || name.toLowerCase(Locale.ROOT).startsWith("end")
                || (library == Context.Library.FILTER && TemplateFilters.NAMES.contains(name))
                || (library == Context.Library.FUNCTION && FUNCTIONS.contains(name)));
    return names;
  }

  private void step() {
    if (++steps > MAX_STEPS || System.nanoTime() - start > MAX_TIME.toNanos()) {
      throw new InterpretException("more than %d steps or %s".formatted(MAX_STEPS, MAX_TIME));
    }
  }

  /** The first cause knows best. */
  private RuntimeException complaint(TemplateError error) {
    var message = error.getMessage();
    for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
      if (cause instanceof TemplateFunctions.RaisedException raised) {
        return new IllegalArgumentException(
            "messages: the chat template refuses them: " + raised.getMessage(), raised);
      }
      if (cause.getCause() == null && cause.getMessage() != null) {
        message = cause.getMessage();
      }
    }
    return new ModelFormatException(
        source,
        "chat_template: line %d: %s".formatted(Math.max(1, error.getLineno()), message),
        error.getException());
  }
}
