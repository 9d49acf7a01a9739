/** Against a server that plays the Hub, and breaks off, lies and spies. */
@org.jspecify.annotations.NullMarked
package org.elasticreset.hub;
