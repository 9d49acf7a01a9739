/**
 * A reward model that learns from people while a run goes on: one instance trains it, all of them
 * score with it. docs/adr/0013-a-reward-model-that-learns.md says why it is here.
 */
@NullMarked
package org.elasticreset.reward.learned;

import org.jspecify.annotations.NullMarked;
