/**
 * The rating desk: keeps the cases that wait for people, takes what people say, and sends rollouts
 * on with what that amounts to. A topology of Kafka Streams around the decisions of {@code
 * org.elasticreset.rating}; docs/adr/0010-people-answer-cases.md says why.
 */
@NullMarked
package org.elasticreset.desk;

import org.jspecify.annotations.NullMarked;
