package org.elasticreset.cli.tracking;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What sinks are told about a run beside its figures.
 *
 * @param started with the name, who the run is: another of the same name is another run
 * @param folder where sinks keep what they need to know
 * @param settings by their dotted names
 * @param tags what runs are found and grouped by
 * @param files what the run leaves that is worth keeping with its figures; those that are not there
 *     are passed over
 */
public record TrackedRun(
    String name,
    Instant started,
    Path folder,
    Path metrics,
    SortedMap<String, String> settings,
    Map<String, String> tags,
    List<Path> files) {

  /** A copy of what is given. */
  public TrackedRun {
    settings = new TreeMap<>(settings);
    tags = Map.copyOf(tags);
    files = List.copyOf(files);
  }

  /** The one run of all times that is this. */
  String identity() {
    return name + "@" + started;
  }
}
