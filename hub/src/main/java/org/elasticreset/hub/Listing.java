package org.elasticreset.hub;

import java.util.Set;

/**
 * What a revision holds.
 *
 * @param commit that it names now
 * @param files names that the Hub listed; anything a server can send
 */
record Listing(String commit, Set<String> files) {}
