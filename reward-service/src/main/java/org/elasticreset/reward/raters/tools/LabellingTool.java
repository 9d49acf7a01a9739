package org.elasticreset.reward.raters.tools;

import java.io.IOException;
import java.util.List;
import org.elasticreset.proto.v1.RatingRequest;

/**
 * A tool that people rate in, as a place for requests of one run. Every call may fail because the
 * tool is away, and may be repeated.
 */
interface LabellingTool {

  /**
   * A request that is in the tool.
   *
   * @param place the tool's own id of the dataset or project
   * @param id the tool's own, of the record or task
   * @param answered whether anybody has answered it, or begun to
   */
  record Posted(String place, String id, String requestId, boolean answered) {}

  /** Its name, as {@code source} of its ratings. */
  String source();

  /**
   * The dataset or project that a request belongs in, by the name that raters know it by.
   *
   * @throws IllegalArgumentException if the tool cannot ask it
   */
  String place(RatingRequest request);

  /** Everything of this run that is in the tool. */
  List<Posted> list() throws IOException, InterruptedException;

  /**
   * Puts requests of one place into the tool, and makes the place where it is not there.
   *
   * @throws ToolRefused if the tool wants none of them, or one of them
   */
  void post(List<RatingRequest> alike) throws IOException, InterruptedException;

  /** Takes requests out of it. One that is not there any more is none the worse. */
  void remove(List<Posted> posted) throws IOException, InterruptedException;
}
