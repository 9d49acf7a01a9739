package org.elasticreset.model.chat;

import com.fasterxml.jackson.databind.node.TextNode;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.InterpretException;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The filters that a chat template may use, and those that Jinjava has otherwise than Python. */
final class TemplateFilters {

  static final Set<String> NAMES =
      Set.of(
          "capitalize",
          "count",
          "d",
          "default",
          "first",
          "int",
          "join",
          "last",
          "length",
          "list",
          "lower",
          "map",
          "printed",
          "reject",
          "rejectattr",
          "replace",
          "reverse",
          "safe",
          "select",
          "selectattr",
          "string",
          "title",
          "tojson",
          "trim",
          "upper");

  private TemplateFilters() {}

  static void replaceIn(Context context) {
    register(context, "trim", 0, (value, arguments) -> PythonText.strip(text(value)));
    register(context, "tojson", 0, (value, arguments) -> json(value));
    register(context, "printed", 0, (value, arguments) -> printed(value));
    register(context, "string", 0, (value, arguments) -> text(value));
    register(context, "title", 0, (value, arguments) -> PythonText.titleWords(text(value)));
    register(context, "capitalize", 0, (value, arguments) -> PythonText.capitalize(text(value)));
    register(
        context,
        "replace",
        2,
        (value, arguments) ->
            PythonText.replace(text(value), text(arguments[0]), text(arguments[1])));
  }

  private static void register(
      Context context,
      String name,
      int count,
      BiFunction<@Nullable Object, Object[], String> made) {
    context.registerFilter(new Replaced(name, count, made));
  }

  /** {@link JinjaSource} puts it behind all that is printed. */
  private static String printed(@Nullable Object value) {
    if (value instanceof Boolean) {
      // "True" in Python, and "a and b" is b there and a boolean here.
      throw new InterpretException("a boolean is printed (expected: a text or a number)");
    }
    if (value instanceof Map || value instanceof Collection) {
      throw new InterpretException("a list or dictionary is printed (expected: tojson, or join)");
    }
    return value == null ? "" : value.toString();
  }

  private static String text(@Nullable Object value) {
    return value == null ? "None" : value.toString();
  }

  /** As {@code json.dumps(value, ensure_ascii=False)} of Python. */
  static String json(@Nullable Object value) {
    var json = new StringBuilder();
    append(json, value);
    return json.toString();
  }

  private static void append(StringBuilder json, @Nullable Object value) {
    if (json.length() > PythonText.MAX) {
      throw new InterpretException("tojson: more than " + PythonText.MAX + " characters");
    }
    if (value instanceof Map<?, ?> map) {
      var separator = "{";
      for (var entry : map.entrySet()) {
        json.append(separator);
        append(json, text(entry.getKey()));
        json.append(": ");
        append(json, entry.getValue());
        separator = ", ";
      }
      json.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof Collection<?> list) {
      var separator = "[";
      for (var each : list) {
        json.append(separator);
        append(json, each);
        separator = ", ";
      }
      json.append(list.isEmpty() ? "[]" : "]");
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      json.append(value);
    } else {
      json.append(TextNode.valueOf(text(value)));
    }
  }

  private record Replaced(
      String name, int count, BiFunction<@Nullable Object, Object[], String> made)
      implements Filter {

    @Override
    public String getName() {
      return name;
    }

    @Override
    public Object filter(
        @Nullable Object value,
        JinjavaInterpreter interpreter,
        Object[] arguments,
        Map<String, Object> named) {
      if (arguments.length != count || !named.isEmpty()) {
        throw new InterpretException(
            "filter %s: %d arguments (expected: %d)"
                .formatted(name, arguments.length + named.size(), count));
      }
      return made.apply(value, arguments);
    }

    @Override
    public Object filter(
        @Nullable Object value, JinjavaInterpreter interpreter, String... arguments) {
      return filter(value, interpreter, arguments, Map.of());
    }
  }
}
