/**
 * What people are asked, what they say, what that amounts to and how far each of them can be
 * believed. Plain decisions: no clock, no messages, no tensors.
 */
@NullMarked
package org.elasticreset.rating;

import org.jspecify.annotations.NullMarked;
