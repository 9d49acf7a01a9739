package org.elasticreset.ema.console;

/**
 * Whoever does something.
 *
 * @param proven by a key; otherwise the request says so
 */
public record Person(String name, boolean proven) {}
