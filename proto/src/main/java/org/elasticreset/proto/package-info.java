/** The contract between the services: messages, how Kafka reads and writes them, and their ids. */
@NullMarked
package org.elasticreset.proto;

import org.jspecify.annotations.NullMarked;
