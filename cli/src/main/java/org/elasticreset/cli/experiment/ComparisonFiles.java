package org.elasticreset.cli.experiment;

import java.util.ArrayList;
import java.util.List;

/** Writes what the runs of a comparison say together: a page, tables and pictures. */
final class ComparisonFiles implements ExperimentSession.Results {
  private final Experiment experiment;
  private final String baseline;
  private final String again;

  /**
   * Of an experiment.
   *
   * @param baseline the arm that the others are held against
   * @param again the command that goes on with it
   */
  ComparisonFiles(Experiment experiment, String baseline, String again) {
    this.experiment = experiment;
    this.baseline = baseline;
    this.again = again;
  }

  @Override
  public List<String> write() {
    ExperimentDirectory directory = experiment.directory();
    ComparedArms compared = ComparedArms.read(experiment, baseline);
    List<ComparedView> views = compared.views();
    EvaluationsCsv.of(compared.runs()).write(directory.output("comparison.csv"));
    DifferencesCsv.of(views).write(directory.output("differences.csv"));
    ComparisonImages images = new ComparisonImages(compared.names());
    images.writeFront(views.get(0), directory, "front");
    Measure reward = views.get(0).reward();
    images.writeCurves(
        new ComparisonCharts(compared).overSteps(reward), reward, directory, "curves");
    Page.write(
        directory.output("comparison.html"),
        "comparison",
        new ComparisonPage(compared, views, again).data());
    List<String> closing = new ArrayList<>(Headline.of(compared, views));
    closing.addAll(new ComparisonWords(views.get(0)).verdicts());
    closing.add("comparison: " + directory.output("comparison.html"));
    return closing;
  }
}
