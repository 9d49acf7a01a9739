/** What tests attack with: certificates that should not be trusted, bytes that are no messages. */
@org.jspecify.annotations.NullMarked
package org.elasticreset.adversary;
