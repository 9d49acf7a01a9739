package org.elasticreset.model.text;

import java.util.Optional;

/**
 * A prompt and one response to it.
 *
 * @param split the part of the data that the file counts the pair to, if it says so
 */
public record PromptResponse(String prompt, String response, Optional<String> split) {}
