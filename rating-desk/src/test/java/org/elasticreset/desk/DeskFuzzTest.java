package org.elasticreset.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.elasticreset.adversary.HostileBytes;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.rating.Fallback;

/** Hostile cases and ratings are taken or refused, and the desk goes on. */
class DeskFuzzTest {

  @Property
  void spoiledRecordsAreTakenOrRefused(@ForAll long seed) {
    RatingCase asked = Cases.pair(3, 0, 2);
    RatingCase spoiled = Cases.pair(3, 1, 2);
    try (DeskDriver desk = DeskDriver.with(Fallback.MODEL_SCORE)) {
      desk.open(asked);
      desk.openBytes(spoiled.getCaseId(), HostileBytes.mutated(spoiled.toByteArray(), seed));
      desk.sayBytes(HostileBytes.mutated(Cases.first(asked, "ada", 1).toByteArray(), seed));
      desk.pass(Cases.PATIENCE.plusSeconds(2));
      desk.say(Cases.first(asked, "zoe", 1));

      var audit = desk.audit();
      assertThat(audit.get(audit.size() - 1).getRaterId()).isEqualTo("zoe");
      assertThat(desk.dead())
          .allSatisfy(
              letter ->
                  assertThat(
                          new String(
                              letter.headers().lastHeader("dead-letter-reason").value(),
                              StandardCharsets.UTF_8))
                      .contains("(expected: ")
                      .hasSizeLessThan(1_000));
    }
  }
}
