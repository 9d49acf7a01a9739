package org.elasticreset.model.chat;

/**
 * One turn of a conversation.
 *
 * @param role e.g. {@code system}, {@code user} or {@code assistant}; a template knows which it
 *     takes
 * @param content what was said
 */
public record ChatMessage(String role, String content) {}
