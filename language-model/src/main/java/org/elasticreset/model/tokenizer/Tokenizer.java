package org.elasticreset.model.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.elasticreset.model.chat.ChatMessage;
import org.elasticreset.model.chat.ChatTemplate;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelDirectory;
import org.elasticreset.model.files.ModelFormatException;

/**
 * Text to tokens and back, by the {@code tokenizer.json} of a model directory.
 *
 * <p>{@link #encode} adds no special tokens, truncates nothing and pads nothing, whatever the file
 * asks for: prompts and windows are laid out by whoever encodes. {@link #encodeWithSpecialTokens}
 * adds those of the file's post-processor. Safe for use by several threads.
 */
public final class Tokenizer implements AutoCloseable {

  /** The file this class reads. */
  public static final String FILE = "tokenizer.json";

  private final Path source;
  private final byte[] definition;
  private final TokenizerFiles files;
  private final Map<String, Integer> ids;
  private final TokenFrame frame;
  private final int size;
  private final boolean keepsEnd;
  private final HuggingFaceTokenizer encoder;

  private Tokenizer(
      JsonFile file,
      TokenizerDefinition checked,
      TokenizerFiles files,
      HuggingFaceTokenizer encoder) {
    this.source = file.path();
    this.definition = file.bytes();
    this.files = files;
    this.encoder = encoder;
    this.ids = checked.ids();
    this.frame = files.frame(checked.frame(), ids);
    this.size = ids.size();
    this.keepsEnd = files.keepsEnd();
  }

  /**
   * Opens {@code tokenizer.json}, or the one in a model directory.
   *
   * @throws ModelFormatException if there is none, or it is not a BPE or WordPiece tokenizer made
   *     of the parts that {@link TokenizerDefinition} knows, or too large ({@link JsonFile.Limits})
   */
  public static Tokenizer open(Path directoryOrFile) {
    if (!Files.isDirectory(directoryOrFile)) {
      return open(JsonFile.open(directoryOrFile, JsonFile.Limits.TOKENIZER), TokenizerFiles.none());
    }
    var directory = new ModelDirectory(directoryOrFile);
    var files = TokenizerFiles.read(directory);
    return open(JsonFile.open(directory.file(FILE), JsonFile.Limits.TOKENIZER), files);
  }

  private static Tokenizer open(JsonFile file, TokenizerFiles files) {
    var checked = TokenizerDefinition.read(file);
    NativeLibraries.prepare();
    try {
      // The stream constructor reads nothing but this and neither configures nor downloads.
      var encoder =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(checked.checked()),
              Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
      return new Tokenizer(file, checked, files, encoder);
    } catch (IOException | RuntimeException e) {
      throw new ModelFormatException(
          file.path(), "not a tokenizer that Hugging Face's library reads: " + e.getMessage(), e);
    }
  }

  /**
   * The tokens of {@code text}; empty for empty text. Asks the library for ids alone: {@code
   * encoder.encode} has it make five times as much beside them, a string and a span for each token.
   */
  public int[] encode(String text) {
    Objects.requireNonNull(text);
    var library = TokenizersLibrary.LIB;
    long encoding = library.encode(encoder.getHandle(), text, false);
    try {
      return ints(library.getTokenIds(encoding));
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  /**
   * The tokens of {@code text} and around them those of the post-processor, e.g. {@code [CLS] text
   * [SEP]} for BERT, {@code <s> text} for Llama; without a post-processor the same as {@link
   * #encode}.
   */
  public int[] encodeWithSpecialTokens(String text) {
    return frame.around(encode(text));
  }

  /**
   * {@link #encodeWithSpecialTokens(String)} of as many of the first tokens of {@code text} as fit;
   * of its last ones where {@code truncation_side} in {@code tokenizer_config.json} is {@code
   * left}.
   *
   * @param maxTokens special tokens included
   * @throws IllegalArgumentException if not even those fit
   */
  public int[] encodeWithSpecialTokens(String text, int maxTokens) {
    return addSpecialTokens(encode(text), maxTokens);
  }

  /** {@link #encodeWithSpecialTokens(String, int)} of what {@link #encode} gave. */
  public int[] addSpecialTokens(int[] text, int maxTokens) {
    return frame.around(text, maxTokens, keepsEnd);
  }

  /** How many special tokens {@link #encodeWithSpecialTokens} adds. */
  public int specialTokens() {
    return frame.before().length + frame.after().length;
  }

  /**
   * What a continuation of {@code text} follows: the special tokens that begin a text, and as many
   * of its last tokens as fit. An empty text without such tokens begins with the token of {@link
   * SpecialToken#BOS} or {@code <|endoftext|>}; it stays empty where there is neither.
   *
   * @param maxTokens special tokens included
   * @throws IllegalArgumentException if not even those fit
   */
  public int[] encodePrompt(String text, int maxTokens) {
    var tokens = frame.before(encode(text), maxTokens);
    return tokens.length > 0 ? tokens : beginning().stream().toArray();
  }

  /**
   * The tokens of a prompt that is what a user says: the model's chat template around it, up to
   * where the answer begins. A longer one loses the beginning of what the user says, never the
   * template.
   *
   * @throws IllegalStateException if the model has no chat template
   * @throws IllegalArgumentException if the template alone is longer
   */
  public int[] encodeChatPrompt(String text, int maxTokens) {
    var template =
        chatTemplate().orElseThrow(() -> new IllegalStateException(this + " has no chat template"));
    int[] said = encode(text);
    int kept = said.length;
    var content = text;
    while (true) {
      var tokens = encode(template.render(List.of(new ChatMessage("user", content)), true));
      if (tokens.length <= maxTokens) {
        return tokens;
      }
      if (kept == 0) {
        throw new IllegalArgumentException(
            "longest prompt: %d tokens (expected: at least the chat template's %d)"
                .formatted(maxTokens, tokens.length));
      }
      kept = Math.max(0, kept - (tokens.length - maxTokens));
      content = decode(Arrays.copyOfRange(said, said.length - kept, said.length));
    }
  }

  private OptionalInt beginning() {
    var begin = id(SpecialToken.BOS);
    return begin.isPresent() ? begin : id(BpeTrainer.END_OF_TEXT);
  }

  /**
   * The tokens of each text behind those that begin one, as {@link #encodePrompt} puts them in
   * front of what a model is to continue; on all cores.
   */
  public List<int[]> encodeDocuments(List<String> texts) {
    return texts.parallelStream()
        .map(text -> frame.before(encode(text), Integer.MAX_VALUE))
        .toList();
  }

  /** The text of {@code tokens} without special tokens; bytes that are no UTF-8 become U+FFFD. */
  public String decode(int[] tokens) {
    if (tokens.length == 0) {
      return "";
    }
    return encoder.decode(Arrays.stream(tokens).asLongStream().toArray(), true);
  }

  /**
   * What {@code tokens} add to the text of those {@code before} them. Tokenizers such as Llama's
   * take the space off whatever they decode first: decoded alone, a response would run into the
   * last word of its prompt.
   */
  public String decodeBehind(int[] before, int[] tokens) {
    var beginning = decode(before);
    var whole = decode(IntStream.concat(Arrays.stream(before), Arrays.stream(tokens)).toArray());
    return whole.startsWith(beginning) ? whole.substring(beginning.length()) : decode(tokens);
  }

  private int[] ints(long[] ids) {
    var tokens = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      tokens[i] = (int) ids[i];
      if (tokens[i] < 0 || tokens[i] >= size) {
        throw ModelFormatException.of(source, "id of a token", ids[i], "0 to " + (size - 1));
      }
    }
    return tokens;
  }

  /** The number of ids, special tokens included: one more than the largest. */
  public int size() {
    return size;
  }

  /** The id of a token as the file writes it, e.g. {@code <|endoftext|>}. */
  public OptionalInt id(String token) {
    var id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /**
   * The id of the token with a role, as {@code tokenizer_config.json} or else {@code
   * special_tokens_map.json} names it; empty if neither does, or the tokenizer lacks it.
   */
  public OptionalInt id(SpecialToken role) {
    return files.role(role).map(this::id).orElseGet(OptionalInt::empty);
  }

  /**
   * How a conversation becomes one text, if the model's directory says so; its dates are today's.
   *
   * @throws ModelFormatException if it says so in a form that is not known
   */
  public Optional<ChatTemplate> chatTemplate() {
    return files.chatTemplate(Clock.systemDefaultZone());
  }

  /**
   * Writes {@code tokenizer.json} and what came beside it, as they came, into a directory: {@code
   * tokenizer_config.json}, without which one is written that {@code AutoTokenizer.from_pretrained}
   * of transformers opens, {@code special_tokens_map.json} and {@code chat_template.jinja}.
   */
  public void save(Path directory) {
    try {
      Files.write(directory.resolve(FILE), definition);
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + directory.resolve(FILE), e);
    }
    files.save(directory);
    if (files.configuration().isEmpty()) {
      JsonFile.write(directory.resolve(TokenizerFiles.CONFIGURATION), defaultConfiguration());
    }
  }

  private JsonNode defaultConfiguration() {
    var config = JsonFile.MAPPER.createObjectNode();
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    config.put("clean_up_tokenization_spaces", false);
    // Without it transformers hands every model token_type_ids, which a DistilBERT refuses.
    config.putArray("model_input_names").add("input_ids").add("attention_mask");
    nameIfPresent(config, "bos_token", BpeTrainer.END_OF_TEXT);
    nameIfPresent(config, "eos_token", BpeTrainer.END_OF_TEXT);
    nameIfPresent(config, "pad_token", "[PAD]");
    nameIfPresent(config, "cls_token", "[CLS]");
    nameIfPresent(config, "sep_token", "[SEP]");
    nameIfPresent(config, "unk_token", "[UNK]");
    return config;
  }

  private void nameIfPresent(ObjectNode config, String role, String token) {
    if (ids.containsKey(token)) {
      config.put(role, token);
    }
  }

  @Override
  public void close() {
    encoder.close();
  }

  @Override
  public String toString() {
    return "Tokenizer[" + source + ", " + size + " tokens]";
  }
}
