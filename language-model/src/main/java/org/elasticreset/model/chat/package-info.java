/**
 * Chat templates: how a conversation becomes one text. They are programs from strangers, so they
 * are rendered in a sandbox.
 */
@NullMarked
package org.elasticreset.model.chat;

import org.jspecify.annotations.NullMarked;
