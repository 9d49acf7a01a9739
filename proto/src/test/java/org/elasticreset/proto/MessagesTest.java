package org.elasticreset.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.elasticreset.proto.v1.EmaService;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.RolloutBatch;
import org.elasticreset.proto.v1.RolloutOuterClass;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.proto.v1.Training;
import org.elasticreset.proto.v1.TrainingEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MessagesTest {

  private static final String TOPIC = "run.topic";

  static Stream<Arguments> topics() {
    return Stream.of(
        Arguments.of(PromptBatch.getDefaultInstance(), new PromptBatchDeserializer()),
        Arguments.of(RolloutBatch.getDefaultInstance(), new RolloutBatchDeserializer()),
        Arguments.of(ScoredRollout.getDefaultInstance(), new ScoredRolloutDeserializer()),
        Arguments.of(PolicyVersion.getDefaultInstance(), new PolicyVersionDeserializer()),
        Arguments.of(TrainingEvent.getDefaultInstance(), new TrainingEventDeserializer()));
  }

  static Stream<Descriptor> everyMessage() {
    return Stream.of(
            RolloutOuterClass.getDescriptor(), EmaService.getDescriptor(), Training.getDescriptor())
        .flatMap(file -> file.getMessageTypes().stream());
  }

  @ParameterizedTest
  @MethodSource("topics")
  void everyFieldSurvivesKafka(Message kind, Deserializer<Message> deserializer) {
    var sent = FilledMessage.like(kind);

    try (var serializer = new ProtobufSerializer()) {
      assertThat(deserializer.deserialize(TOPIC, serializer.serialize(TOPIC, sent)))
          .isEqualTo(sent);
    }
  }

  @ParameterizedTest
  @MethodSource("everyMessage")
  void everyFieldSurvivesTheWire(Descriptor kind) throws Exception {
    var sent = FilledMessage.like(DynamicMessage.getDefaultInstance(kind));

    assertThat(DynamicMessage.parseFrom(kind, sent.toByteString())).isEqualTo(sent);
  }

  @ParameterizedTest
  @MethodSource("topics")
  void fieldsOfANewerWriterAreKept(Message kind, Deserializer<Message> deserializer) {
    var newField =
        UnknownFieldSet.Field.newBuilder().addLengthDelimited(ByteString.copyFromUtf8("new"));
    var sent =
        FilledMessage.like(kind).toBuilder()
            .setUnknownFields(UnknownFieldSet.newBuilder().addField(5000, newField.build()).build())
            .build();

    var received = deserializer.deserialize(TOPIC, sent.toByteArray());

    assertThat(received).isEqualTo(sent);
    assertThat(received.toByteArray()).isEqualTo(sent.toByteArray());
  }

  @ParameterizedTest
  @MethodSource("topics")
  void garbageIsRefusedInWords(Message kind, Deserializer<Message> deserializer) {
    var garbage = "not protobuf".getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> deserializer.deserialize(TOPIC, garbage))
        .isInstanceOf(SerializationException.class)
        .hasMessageStartingWith(
            "record on run.topic: 12 bytes (expected: a %s of elasticreset.v1; ",
            kind.getDescriptorForType().getName());
  }

  @Test
  void tombstonesStayTombstones() {
    try (var serializer = new ProtobufSerializer();
        var deserializer = new PolicyVersionDeserializer()) {
      assertThat(serializer.serialize(TOPIC, null)).isNull();
      assertThat(deserializer.deserialize(TOPIC, (byte[]) null)).isNull();
    }
  }
}
