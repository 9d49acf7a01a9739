package org.elasticreset.learner;

import java.util.OptionalDouble;

/**
 * What was measured on held-out prompts and texts.
 *
 * @param perplexity on human text, if there is one
 */
record Evaluated(MeasuredRollouts measured, OptionalDouble perplexity) {}
