package org.elasticreset.hub;

/**
 * A file of a commit, as the Hub announces it.
 *
 * @param name without a folder
 * @param bytes it has
 */
record RemoteFile(HubName model, String commit, String name, BlobDigest digest, long bytes) {}
