/** A Kafka broker inside this process, and the topics of a run. */
@NullMarked
package org.elasticreset.broker;

import org.jspecify.annotations.NullMarked;
