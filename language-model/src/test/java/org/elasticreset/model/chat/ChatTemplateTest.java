package org.elasticreset.model.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Templates held against what transformers renders ({@code src/test/fixtures/chat_templates.py}).
 */
class ChatTemplateTest {

  private static final Path TEMPLATES = Path.of("src", "test", "resources", "chat-templates");
  private static final Path SOURCE = Path.of("chat_template.jinja");
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-03-09T12:05:07Z"), ZoneOffset.UTC);

  @ParameterizedTest
  @ValueSource(strings = {"chatml", "llama2", "llama3", "mistral", "python", "qwen2", "zephyr"})
  void textsAreThoseOfTransformers(String name) throws IOException {
    var template = template(Files.readString(TEMPLATES.resolve(name + ".jinja")));
    var expected = new ArrayList<String>();
    var actual = new ArrayList<String>();

    for (var each : JsonFile.MAPPER.readTree(TEMPLATES.resolve(name + ".json").toFile())) {
      var messages = messages(each.path("messages"));
      var said = each.path("messages") + " ";
      expected.add(said + each.path(each.has("text") ? "text" : "refused").textValue());
      actual.add(said + rendered(template, messages, each.path("addGenerationPrompt").asBoolean()));
    }

    assertThat(actual).hasSize(20).containsExactlyElementsOf(expected);
  }

  private static String rendered(
      ChatTemplate template, List<ChatMessage> messages, boolean prompt) {
    try {
      return template.render(messages, prompt);
    } catch (IllegalArgumentException e) {
      return e.getMessage().replace("messages: the chat template refuses them: ", "");
    }
  }

  @Test
  void datesAreThoseOfTheClock() {
    var template = template("{{ strftime_now('%d %b %Y, %A %H:%M:%S %%') }}".replace("%%", "%B"));

    assertThat(template.render(List.of(), false)).isEqualTo("09 Mar 2026, Monday 12:05:07 March");
  }

  @Test
  void theFileComesBeforeTheConfiguration(@TempDir Path home) throws IOException {
    var family = Path.of("src", "test", "resources", "tokenizers", "smollm2");
    Files.copy(family.resolve("tokenizer.json"), home.resolve("tokenizer.json"));
    assertThat(rendered(home)).isNull();

    configure(
        home, "{\"chat_template\": \"A {{ eos_token }}\", \"eos_token\": {\"content\": \"<e>\"}}");
    assertThat(rendered(home)).isEqualTo("A <e>");
    configure(
        home,
        "{\"chat_template\": [{\"name\": \"tool_use\", \"template\": \"B\"},"
            + " {\"name\": \"default\", \"template\": \"C\"}]}");
    assertThat(rendered(home)).isEqualTo("C");
    Files.writeString(home.resolve("chat_template.jinja"), "D\r\n");
    assertThat(rendered(home)).isEqualTo("D");

    var saved = Files.createDirectory(home.resolve("saved"));
    try (var tokenizer = Tokenizer.open(home)) {
      tokenizer.save(saved);
    }
    assertThat(saved.resolve("chat_template.jinja")).hasContent("D\r\n");
  }

  @Test
  void aListWithoutADefaultIsRefused(@TempDir Path home) throws IOException {
    var family = Path.of("src", "test", "resources", "tokenizers", "smollm2");
    Files.copy(family.resolve("tokenizer.json"), home.resolve("tokenizer.json"));
    configure(home, "{\"chat_template\": [{\"name\": \"rag\", \"template\": \"B\"}]}");

    assertThatThrownBy(() -> rendered(home))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("tokenizer_config.json: chat_template: ")
        .hasMessageContaining("(expected: a text, or a list with one named default)");
  }

  /** Out of the sandbox, or never back from it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ messages.getClass() }}",
        "{{ messages[0].content.getClass() }}",
        "{{ messages[0].content.bytes() }}",
        "{{ ____int3rpr3t3r____.render('a') }}",
        "{{ ____int3rpr3t3r____.getConfig() }}",
        "{{ messages.append(1) }}",
        "{{ messages[0].update({'a': 1}) }}",
        "{{ messages[0].clear() }}",
        "{% include '/etc/passwd' %}",
        "{% import '/etc/passwd' as p %}",
        "{% extends 'other' %}",
        "{% from 'other' import x %}",
        "{% do messages.clear() %}",
        "{{ '7*7'|render }}",
        "{{ '{}'|fromjson }}",
        "{{ 'a'|center(100000000) }}",
        "{{ 'aaaa'|regex_replace('(a+)+$', 'b') }}",
        "{{ today() }}",
        "{{ type(messages) }}",
        "{{ fn:list(1) }}",
        "{{ unknown(1) }}",
        "{{ 'a'.unknown(1) }}",
        "{{ 'a'|unknown }}",
        "{% unknown %}",
        "{{ messages[::-1] }}",
        "{{ 'a' is unknown }}",
        "{{ strftime_now('%Q') }}",
        "{{ {} | tojson(indent=4) }}",
        "{% for m in messages %}",
        "{% for m in messages if m.role == 'user' %}{% endfor %}",
        "{% for m in messages %}a{% else %}b{% endfor %}",
        "{{ messages and 'many' }}",
        "{{ true }}",
        "{{ messages[0] }}",
        "{% if true",
        "{# a",
        "{% raw %}",
        "{{ 'a",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% for a in range(100000000) %}a{% endfor %}",
        "{% for a in range(999) %}{% for b in range(999) %}{{ b }}{% endfor %}{% endfor %}",
        "{% for a in range(999) %}{% for b in range(999) %}{% for c in range(999) %}"
            + "{% endfor %}{% endfor %}{% endfor %}",
        "{% set ns = namespace(x='aaaaaaaaaaaaaaaa') %}{% for a in range(99) %}"
            + "{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x='aaaaaaaaaaaaaaaa') %}{% for a in range(99) %}"
            + "{% set ns.x = ns.x.replace('a', ns.x) %}{% endfor %}",
        "{% set ns = namespace(x=[1, 2, 3]) %}{% for a in range(99) %}"
            + "{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x={}) %}{% for a in range(99) %}"
            + "{% set ns.x = {'a': ns.x, 'b': ns.x} %}{% endfor %}{{ ns.x }}",
        "{% set ns = namespace(x={}) %}{% for a in range(99) %}"
            + "{% set ns.x = {'a': ns.x, 'b': ns.x} %}{% endfor %}{{ ns.x | tojson }}",
      })
  void hostileTemplatesAreRefused(String text) {
    long start = System.nanoTime();

    assertThatThrownBy(
            () -> template(text).render(List.of(new ChatMessage("user", "hello")), false))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(SOURCE + ": chat_template: ");
    assertThat(System.nanoTime() - start).isLessThan(15_000_000_000L);
  }

  @Test
  void propertiesOfJavaAreNotThere() {
    var template =
        template(
            "{{ ''.class.forName('java.lang.Runtime') }}{{ messages.class }}{{ messages[0].bytes }}"
                + "{{ loop }}{{ clock }}{{ ____int3rpr3t3r____.config }}");

    assertThat(template.render(List.of(new ChatMessage("user", "hello")), false)).isEmpty();
  }

  @Test
  void nestingThatExhaustsTheStackIsRefused() {
    for (var text :
        List.of(
            "{{ " + "(".repeat(15_000) + "1" + ")".repeat(15_000) + " }}",
            "{{ " + "not ".repeat(8000) + "1 }}",
            "{{ 1" + "+1".repeat(15_000) + " }}",
            "{{ 1" + "|string".repeat(4000) + " }}")) {
      assertThatThrownBy(() -> template(text).render(List.of(), false))
          .isInstanceOf(ModelFormatException.class);
    }
  }

  @Test
  void templatesOfUnusualLengthAreRefused() {
    assertThatThrownBy(() -> template("a".repeat(40_000)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(SOURCE + ": chat_template: 40000 characters (expected: at most 32768)");
  }

  private static ChatTemplate template(String text) {
    var tokens = Map.of("bos_token", "<s>", "eos_token", "</s>", "pad_token", "<pad>");
    return new ChatTemplate(SOURCE, text, tokens, NOON);
  }

  private static List<ChatMessage> messages(JsonNode nodes) {
    var messages = new ArrayList<ChatMessage>();
    nodes.forEach(
        node ->
            messages.add(
                new ChatMessage(node.path("role").asText(), node.path("content").asText())));
    return messages;
  }

  private static void configure(Path home, String json) throws IOException {
    Files.writeString(home.resolve("tokenizer_config.json"), json);
  }

  private static String rendered(Path home) {
    try (var tokenizer = Tokenizer.open(home)) {
      return tokenizer.chatTemplate().map(it -> it.render(List.of(), true)).orElse(null);
    }
  }
}
