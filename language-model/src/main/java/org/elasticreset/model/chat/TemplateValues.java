package org.elasticreset.model.chat;

import com.hubspot.jinjava.el.TypeConvertingMapELResolver;
import com.hubspot.jinjava.el.ext.AbstractCallableMethod;
import com.hubspot.jinjava.el.ext.JinjavaBeanELResolver;
import com.hubspot.jinjava.el.ext.JinjavaListELResolver;
import com.hubspot.jinjava.interpret.InterpretException;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.exptest.IsNoneExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.objects.collections.PyMap;
import com.hubspot.jinjava.util.ForLoop;
import java.beans.FeatureDescriptor;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;
import org.jspecify.annotations.Nullable;

/**
 * What a chat template may ask of its values: entries of maps, items of lists, the place in a loop
 * and a few methods of Python's texts and dictionaries. Everything else of Java is refused by name.
 */
final class TemplateValues extends ELResolver {

  private static final Set<String> CALLS = Set.of("filter", "evaluate", "evaluateNegated");

  private final Runnable step;

  /** Whether the last property that was asked for is not there. */
  private boolean missing;

  private final ELResolver maps = new TypeConvertingMapELResolver(true);
  private final ELResolver lists = new JinjavaListELResolver(true);
  private final ELResolver calls = new JinjavaBeanELResolver(true);

  /** Runs {@code step} before anything else. */
  TemplateValues(Runnable step) {
    this.step = step;
  }

  @Override
  public @Nullable Object getValue(ELContext context, @Nullable Object base, Object property) {
    step.run();
    context.setPropertyResolved(true);
    if (base instanceof ExpTest) {
      return null; // asked for before each call
    }
    missing = false;
    if (base instanceof Map<?, ?> map) {
      var value = maps.getValue(context, base, property);
      missing = value == null && !map.containsKey(property);
      return value;
    }
    if (base instanceof List) {
      return lists.getValue(context, base, property);
    }
    if (base instanceof ForLoop loop) {
      return switch (String.valueOf(property)) {
        case "index" -> loop.getIndex();
        case "index0" -> loop.getIndex0();
        case "revindex" -> loop.getRevindex();
        case "revindex0" -> loop.getRevindex0();
        case "first" -> loop.isFirst();
        case "last" -> loop.isLast();
        case "length" -> loop.getLength();
        default -> throw unknown("loop", property);
      };
    }
    if (base instanceof CharSequence text) {
      return character(text.toString(), String.valueOf(property));
    }
    // A property that a text lacks is undefined, as in Jinja; Java's are not shown.
    return null;
  }

  /** {@code text[0]}, {@code text[-1]}; undefined where there is none. */
  private static @Nullable String character(String text, String index) {
    if (!index.matches("-?[0-9]{1,9}")) {
      return null;
    }
    int at = Integer.parseInt(index);
    int length = text.codePointCount(0, text.length());
    at = at < 0 ? at + length : at;
    return at < 0 || at >= length
        ? null
        : Character.toString(text.codePointAt(text.offsetByCodePoints(0, at)));
  }

  @Override
  public @Nullable Object invoke(
      ELContext context,
      Object base,
      Object method,
      Class<?> @Nullable [] types,
      Object... parameters) {
    step.run();
    context.setPropertyResolved(true);
    var name = String.valueOf(method);
    if (base instanceof IsNoneExpTest && missing && CALLS.contains(name)) {
      return name.equals("evaluateNegated"); // undefined is not none
    }
    if ((base instanceof Filter || base instanceof ExpTest) && CALLS.contains(name)) {
      return calls.invoke(context, base, method, types, parameters);
    }
    if (base instanceof AbstractCallableMethod macro && name.equals("evaluate")) {
      return macro.evaluate(parameters);
    }
    if (base instanceof PyMap map) {
      return map(map, name, parameters);
    }
    if (base instanceof CharSequence text) {
      try {
        return text(text.toString(), name, parameters);
      } catch (IllegalArgumentException e) {
        // Jinjava takes those for a method that is not there, and goes on.
        throw new InterpretException(String.valueOf(e.getMessage()), e);
      }
    }
    throw unknown(base instanceof List ? "list" : "value", method);
  }

  private static @Nullable Object map(PyMap map, String method, Object[] arguments) {
    return switch (method + arguments.length) {
      case "items0" -> map.items();
      case "keys0" -> map.keys();
      case "values0" -> map.values();
      case "get1" -> map.get(String.valueOf(arguments[0]));
      case "get2" -> map.getOrDefault(String.valueOf(arguments[0]), arguments[1]);
      default -> throw unknown("dict", method);
    };
  }

  private static Object text(String text, String method, Object[] arguments) {
    var first = arguments.length > 0 ? String.valueOf(arguments[0]) : "";
    return switch (method + arguments.length) {
      case "strip0", "lstrip0", "rstrip0" -> stripped(text, method, null);
      case "strip1", "lstrip1", "rstrip1" -> stripped(text, method, first);
      case "split0" -> PythonText.words(text);
      case "split1" -> PythonText.split(text, first, -1);
      case "split2" -> PythonText.split(text, first, ((Number) arguments[1]).intValue());
      case "startswith1" -> text.startsWith(first);
      case "endswith1" -> text.endsWith(first);
      case "replace2" -> PythonText.replace(text, first, String.valueOf(arguments[1]));
      case "upper0" -> text.toUpperCase(Locale.ROOT);
      case "lower0" -> text.toLowerCase(Locale.ROOT);
      case "title0" -> PythonText.title(text);
      case "capitalize0" -> PythonText.capitalize(text);
      default -> throw unknown("str", method);
    };
  }

  private static String stripped(String text, String method, @Nullable String characters) {
    return PythonText.strip(
        text,
        characters == null ? PythonText::space : character -> characters.indexOf(character) >= 0,
        !method.startsWith("r"),
        !method.startsWith("l"));
  }

  private static InterpretException unknown(String type, Object name) {
    return new InterpretException(
        type + "." + name + " (expected: what chat templates may use of a " + type + ")");
  }

  @Override
  public boolean isReadOnly(ELContext context, @Nullable Object base, Object property) {
    return true;
  }

  @Override
  public void setValue(ELContext context, @Nullable Object base, Object property, Object value) {
    throw new InterpretException("values of a chat template do not change");
  }

  @Override
  public Class<?> getType(ELContext context, @Nullable Object base, Object property) {
    return Object.class;
  }

  @Override
  public Class<?> getCommonPropertyType(ELContext context, @Nullable Object base) {
    return Object.class;
  }

  @Override
  public Iterator<FeatureDescriptor> getFeatureDescriptors(
      ELContext context, @Nullable Object base) {
    return Collections.emptyIterator();
  }
}
