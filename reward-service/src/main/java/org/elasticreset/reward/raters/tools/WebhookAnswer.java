package org.elasticreset.reward.raters.tools;

/**
 * What the sender of a delivery is told.
 *
 * @param words for people who look into the tool's log
 */
record WebhookAnswer(WebhookOutcome outcome, String words) {}
