package org.elasticreset.cli.ab;

import org.elasticreset.evidence.AbUnit;

/** A unit that the test has seen, and what it was. */
public record CountedUnit(Assignment assignment, AbUnit unit) {}
