/**
 * Whole runs over real processes, broken on purpose by a seeded schedule, and held against the same
 * run undisturbed. docs/reliability.md lists the faults and what they cost.
 */
@org.jspecify.annotations.NullMarked
package org.elasticreset.faults;
