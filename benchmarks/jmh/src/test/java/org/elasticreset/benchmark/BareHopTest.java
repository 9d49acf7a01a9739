package org.elasticreset.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BareHopTest {

  @Test
  void everyRecordArrives() throws Exception {
    BareHop.Figures figures = BareHop.measure(1_000);

    assertThat(figures.records()).isEqualTo(1_000);
    assertThat(figures.seconds()).isPositive();
    assertThat(figures.processorSeconds()).isPositive();
  }
}
