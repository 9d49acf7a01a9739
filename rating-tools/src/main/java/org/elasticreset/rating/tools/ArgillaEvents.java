package org.elasticreset.rating.tools;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.elasticreset.proto.v1.Ranks;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.Skip;
import org.elasticreset.proto.v1.Withdrawal;
import org.elasticreset.rating.tools.ToolEvent.Answered;
import org.elasticreset.rating.tools.ToolEvent.Completed;
import org.elasticreset.rating.tools.ToolEvent.Deleted;
import org.elasticreset.rating.tools.ToolEvent.Unrelated;

/**
 * Reads Argilla's webhooks about records that {@link ArgillaDataset} made.
 *
 * <p>A response that is submitted is an answer, one that is discarded a skip, and one that is a
 * draft again a withdrawal. Its {@code updated_at}, in microseconds since 1970, is the revision: it
 * moves with each change of the response, by the one clock of Argilla's server, and a delivery that
 * is repeated has it unchanged.
 */
public final class ArgillaEvents {

  /** What {@code source} of a rating says. */
  public static final String SOURCE = "argilla";

  private ArgillaEvents() {}

  /**
   * What a delivery says.
   *
   * @param body that is genuine
   * @throws IllegalArgumentException naming the field that cannot be used
   */
  public static ToolEvent read(byte[] body) {
    Payload payload = Payload.parse(body);
    String type = payload.at("type").text();
    Payload data = payload.at("data");
    return switch (type) {
      case "response.created", "response.updated", "response.deleted" ->
          isOfAnother(data.at("record"))
              ? new Unrelated(type + " of a record that was not made here")
              : response(type, data);
      case "record.completed" -> new Completed(data.at("external_id").text());
      default -> new Unrelated(type);
    };
  }

  private static ToolEvent response(String type, Payload response) {
    return type.equals("response.deleted")
        ? new Deleted(answerId(response), last(response))
        : new Answered(answerId(response), rating(response));
  }

  /** Argilla tells of all its datasets. */
  private static boolean isOfAnother(Payload record) {
    return !record.isAbsent() && record.at("metadata").at(ArgillaDataset.RUN).isAbsent();
  }

  private static String answerId(Payload response) {
    return SOURCE + ":" + response.at("id").id();
  }

  /** Some versions of Argilla say of a response that was deleted no more than its id. */
  private static Optional<Rating> last(Payload response) {
    return response.at("record").isAbsent() ? Optional.empty() : Optional.of(rating(response));
  }

  private static Rating rating(Payload response) {
    Payload record = response.at("record");
    Payload metadata = record.at("metadata");
    Payload values = response.at("values");
    ShownOrder shown = ShownOrder.of(metadata.at(ArgillaDataset.SHOWN));
    Instant updated = response.at("updated_at").time();
    Rating.Builder rating =
        Rating.newBuilder()
            .setRunId(metadata.at(ArgillaDataset.RUN).text())
            .setRequestId(record.at("external_id").text())
            .setRaterId(SOURCE + ":" + response.at("user").at("id").id())
            .setRevision(Payload.micros(updated))
            .addAllShown(shown.candidates())
            .setComment(values.at(ArgillaDataset.COMMENT).at("value").textOrEmpty())
            .setSource(SOURCE)
            .setAnswerId(answerId(response))
            .setSaidMillis(updated.toEpochMilli());
    Payload status = response.at("status");
    switch (status.text()) {
      case "submitted" -> answer(values, shown, rating);
      case "discarded" -> rating.setSkip(Skip.getDefaultInstance());
      case "draft" -> rating.setWithdrawal(Withdrawal.getDefaultInstance());
      default -> status.check(false, "submitted, discarded or draft");
    }
    return rating.build();
  }

  /** Of the question that the dataset has. */
  private static void answer(Payload values, ShownOrder shown, Rating.Builder rating) {
    Payload mark = values.at(ArgillaDataset.MARK);
    Payload thumb = values.at(ArgillaDataset.GOOD);
    if (!mark.isAbsent()) {
      rating.setMark(mark.at("value").wholeNumber());
    } else if (!thumb.isAbsent()) {
      Payload label = thumb.at("value");
      boolean up = label.text().equals(ArgillaDataset.YES);
      label.check(up || label.text().equals(ArgillaDataset.NO), "yes or no");
      rating.setThumbUp(up);
    } else {
      rating.setRanks(
          Ranks.newBuilder().addAllRanks(shown.ranks(shownRanks(values, shown.size()))));
    }
  }

  /** Ranks in the order in which responses were shown. */
  private static List<Integer> shownRanks(Payload values, int candidates) {
    Payload order = values.at(ArgillaDataset.ORDER).at("value");
    Integer[] ranks = new Integer[candidates];
    for (Payload item : order.items()) {
      Payload option = item.at("value");
      int place = place(option);
      option.check(place <= candidates, "one of " + candidates + " responses");
      Payload rank = item.at("rank");
      ranks[place - 1] = rank.check(rank.wholeNumber() >= 1, "from 1, the best").wholeNumber();
    }
    order.check(Arrays.stream(ranks).noneMatch(rank -> rank == null), "a rank for each response");
    return new ArrayList<>(Arrays.asList(ranks));
  }

  private static int place(Payload option) {
    String name = option.text();
    option.check(name.matches(ArgillaDataset.RESPONSE + "[1-9][0-9]?"), "response-1 or another");
    return Integer.parseInt(name.substring(ArgillaDataset.RESPONSE.length()));
  }
}
