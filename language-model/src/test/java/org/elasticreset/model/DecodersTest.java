package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.elasticreset.model.files.ModelDirectory;
import org.elasticreset.model.files.SafeTensors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every architecture. */
class DecodersTest {

  private static final Sampling SAMPLING = Sampling.untruncated(6, 6);

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void aCachedGenerationHasTheLogProbabilitiesOfAFullPass(TinyDecoders decoder) {
    try (var model = decoder.create(3)) {
      var generations = model.generate(requests(), SAMPLING);

      var sequences = new ArrayList<TokenSequence>();
      generations.forEach(
          g -> sequences.add(new TokenSequence(g.promptTokens(), g.responseTokens())));
      var full = model.logProbs(sequences, 1, 4);
      for (int row = 0; row < full.size(); row++) {
        for (int i = 0; i < full.get(row).length; i++) {
          assertThat(generations.get(row).logProbs()[i]).isCloseTo(full.get(row)[i], within(1e-4f));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aResponseDoesNotDependOnItsBatch(TinyDecoders decoder) {
    try (var model = decoder.create(3)) {
      var together = model.generate(requests(), SAMPLING);
      for (int row = 0; row < together.size(); row++) {
        var alone = model.generate(List.of(requests().get(row)), SAMPLING).get(0);
        assertThat(alone.responseTokens()).isEqualTo(together.get(row).responseTokens());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void bfloat16WeightsComputeNearlyTheSame(TinyDecoders decoder) {
    try (var wide = CausalLanguageModel.initialise(decoder.config, null, 1);
        var half =
            CausalLanguageModel.initialise(
                decoder.config, null, new ModelSettings(Precision.BFLOAT16, Optional.empty(), 1))) {
      var sequences = List.of(new TokenSequence(new int[] {1, 2}, new int[] {3, 4, 5}));
      var expected = wide.logProbs(sequences, 1, 1).get(0);
      var found = half.logProbs(sequences, 1, 1).get(0);
      assertThat(found).isNotEqualTo(expected).containsExactly(expected, within(0.01f));
    }
  }

  @ParameterizedTest
  @EnumSource
  void itsConfigurationIsReadAsItIsWritten(TinyDecoders decoder) {
    DecoderFiles.of(decoder.config).write(directory, SafeTensors.Dtype.F32);
    assertThat(DecoderFiles.read(new ModelDirectory(directory)).config()).isEqualTo(decoder.config);
  }

  private static List<GenerationRequest> requests() {
    return List.of(
        new GenerationRequest(new int[] {7}, 1),
        new GenerationRequest(new int[] {3, 9, 15, 2, 8, 1}, 2),
        new GenerationRequest(new int[] {4, 4, 11}, 3));
  }
}
