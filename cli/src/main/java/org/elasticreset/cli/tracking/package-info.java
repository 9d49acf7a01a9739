/**
 * The figures of a run in the places where people keep those of all their runs: event files of
 * TensorBoard, and MLflow. {@code metrics.jsonl} is the queue of every sink: what was not delivered
 * is still there, and nothing of the run waits for it.
 */
@NullMarked
package org.elasticreset.cli.tracking;

import org.jspecify.annotations.NullMarked;
