/**
 * A live comparison of two policies: who gets which prompt, which outcome belongs to which answer,
 * when a stage ends, and what the test says. What runs the services is outside; here are decisions
 * and the topics that they are rebuilt from.
 */
@org.jspecify.annotations.NullMarked
package org.elasticreset.cli.ab;
