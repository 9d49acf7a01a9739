package org.elasticreset.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.model.files.JsonFile;

/**
 * What a model directory has been through, kept beside the weights as {@code training.json}: its
 * last point belongs to the weights that lie there.
 *
 * @param points measurements, oldest first
 */
public record TrainingRecord(List<Point> points) {

  static final String FILE = "training.json";

  /**
   * One measurement.
   *
   * @param step optimizer steps made
   * @param tokens trained on, repetitions counted
   * @param elapsed time spent on training and measuring
   * @param trainingLoss in nats per token, a running mean
   * @param heldOut on text never trained on
   */
  public record Point(
      long step, long tokens, Duration elapsed, double trainingLoss, HeldOutLoss heldOut) {}

  /** Nothing has happened yet. */
  public static final TrainingRecord NONE = new TrainingRecord(List.of());

  public TrainingRecord {
    points = List.copyOf(points);
  }

  /** The record in {@code directory}; an empty one if there is none. */
  public static TrainingRecord open(Path directory) {
    var path = directory.resolve(FILE);
    if (!Files.exists(path)) {
      return NONE;
    }
    var file = JsonFile.open(path);
    if (!file.root().path("points").isArray()) {
      throw file.wrong("points", "the measurements of a training");
    }
    var points = new ArrayList<Point>();
    for (var node : file.root().get("points")) {
      points.add(
          new Point(
              node.path("step").asLong(),
              node.path("tokens").asLong(),
              Duration.ofMillis(Math.round(1000 * node.path("seconds").asDouble())),
              node.path("training_loss").asDouble(),
              new HeldOutLoss(
                  node.path("held_out_loss").asDouble(),
                  node.path("held_out_bits_per_byte").asDouble())));
    }
    return new TrainingRecord(points);
  }

  void save(Path directory) {
    ObjectNode root = JsonFile.MAPPER.createObjectNode();
    var array = root.putArray("points");
    for (var point : points) {
      array
          .addObject()
          .put("step", point.step())
          .put("tokens", point.tokens())
          .put("seconds", point.elapsed().toSeconds())
          .put("training_loss", rounded(point.trainingLoss()))
          .put("held_out_loss", rounded(point.heldOut().natsPerToken()))
          .put("held_out_bits_per_byte", rounded(point.heldOut().bitsPerByte()));
    }
    JsonFile.write(directory.resolve(FILE), root);
  }

  private static double rounded(double value) {
    return Math.round(value * 1e5) / 1e5;
  }

  TrainingRecord with(Point point) {
    var more = new ArrayList<>(points);
    more.add(point);
    return new TrainingRecord(more);
  }

  boolean isEmpty() {
    return points.isEmpty();
  }

  /** The newest measurement. */
  public Point last() {
    if (points.isEmpty()) {
      throw new IllegalStateException("nothing has been measured yet");
    }
    return points.get(points.size() - 1);
  }

  /** The measurement with the lowest held-out loss: that of the weights kept. */
  public Point best() {
    var best = last();
    for (var point : points) {
      if (point.heldOut().natsPerToken() < best.heldOut().natsPerToken()) {
        best = point;
      }
    }
    return best;
  }
}
