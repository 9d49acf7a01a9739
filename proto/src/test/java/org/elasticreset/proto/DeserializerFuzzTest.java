package org.elasticreset.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.elasticreset.adversary.HostileBytes;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.RolloutBatch;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.proto.v1.TrainingEvent;

/**
 * Whatever bytes a topic holds, a deserializer gives a message or refuses in its own words, and
 * takes no more memory than a multiple of what it was given. {@code -Dfuzz.tries=100000} tries for
 * longer.
 */
class DeserializerFuzzTest {

  /** Measured: 2 bytes of an empty message in a list become an object of up to 120 bytes. */
  private static final int MAX_HEAP_BYTES_A_BYTE = 200;

  private static final long CONSTANT_HEAP_BYTES = 4 << 20;

  private record Topic(String name, Deserializer<? extends Message> deserializer, Message valid) {
    @Override
    public String toString() {
      return name;
    }
  }

  @Provide
  Arbitrary<Topic> topics() {
    return Arbitraries.of(
        topic("prompts", new PromptBatchDeserializer(), PromptBatch.getDefaultInstance()),
        topic("rollouts", new RolloutBatchDeserializer(), RolloutBatch.getDefaultInstance()),
        topic("scored", new ScoredRolloutDeserializer(), ScoredRollout.getDefaultInstance()),
        topic("versions", new PolicyVersionDeserializer(), PolicyVersion.getDefaultInstance()),
        topic("events", new TrainingEventDeserializer(), TrainingEvent.getDefaultInstance()));
  }

  private static Topic topic(
      String name, Deserializer<? extends Message> deserializer, Message prototype) {
    return new Topic(name, deserializer, FilledMessage.like(prototype));
  }

  @Property
  void randomBytesAreAMessageOrRefused(@ForAll("topics") Topic topic, @ForAll long seed) {
    assertMessageOrRefusal(topic, HostileBytes.random(seed));
  }

  @Property
  void spoiledMessagesAreAMessageOrRefused(@ForAll("topics") Topic topic, @ForAll long seed) {
    assertMessageOrRefusal(topic, HostileBytes.mutated(topic.valid().toByteArray(), seed));
  }

  @Example
  void nestingWithoutEndIsRefused() {
    var groups = new byte[1 << 20];
    Arrays.fill(groups, (byte) (1 << 3 | 3)); // a group begins, and in it another
    assertThatThrownBy(() -> new PromptBatchDeserializer().deserialize("prompts", groups))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("record on prompts: 1048576 bytes (expected: a PromptBatch");
  }

  @Example
  void listsOfNothingCostABoundedMultipleOfTheirBytes() {
    var emptyPrompts = new byte[1 << 20];
    for (int i = 0; i < emptyPrompts.length; i += 2) {
      emptyPrompts[i] = 7 << 3 | 2; // a prompt of 0 bytes
    }
    long before = allocated();
    var batch = new PromptBatchDeserializer().deserialize("prompts", emptyPrompts);
    long spent = allocated() - before;

    assertThat(batch.getPromptsCount()).isEqualTo(1 << 19);
    assertThat(spent / emptyPrompts.length).isLessThan(MAX_HEAP_BYTES_A_BYTE);
  }

  @Example
  void recordsAboveTheLimitAreRefusedUnread() {
    var tooLong = new byte[ProtobufDeserializer.MAX_BYTES + 1];
    assertThatThrownBy(() -> new RolloutBatchDeserializer().deserialize("rollouts", tooLong))
        .isInstanceOf(SerializationException.class)
        .hasMessage("record on rollouts: 16777217 bytes (expected: at most 16777216)");
  }

  private static void assertMessageOrRefusal(Topic topic, byte[] bytes) {
    long before = allocated();
    try {
      Message message = topic.deserializer().deserialize(topic.name(), bytes);
      // What was understood can be said again.
      assertThat(topic.deserializer().deserialize(topic.name(), message.toByteArray()))
          .isEqualTo(message);
    } catch (SerializationException e) {
      assertThat(e)
          .hasMessageStartingWith("record on %s: %d bytes (expected: ", topic.name(), bytes.length);
    }
    assertThat(allocated() - before)
        .isLessThan(CONSTANT_HEAP_BYTES + (long) MAX_HEAP_BYTES_A_BYTE * bytes.length);
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
