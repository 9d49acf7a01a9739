/**
 * What a service needs that takes batches out of Kafka one after the other and acknowledges each
 * when it has ended: how far it got, what became of dead letters, what is under way.
 */
@NullMarked
package org.elasticreset.batches;

import org.jspecify.annotations.NullMarked;
