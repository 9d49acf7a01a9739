/** Certificates for tests that talk TLS; never shipped. */
@org.jspecify.annotations.NullMarked
package org.elasticreset.certificates;
