package org.elasticreset.proto;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;

/** A message with every field set, so that a field that gets lost on the way shows. */
final class FilledMessage {

  private FilledMessage() {}

  @SuppressWarnings("unchecked")
  static <T extends Message> T like(T prototype) {
    return (T) fill(prototype.newBuilderForType());
  }

  private static Message fill(Message.Builder builder) {
    for (var field : builder.getDescriptorForType().getFields()) {
      if (field.isRepeated()) {
        builder.addRepeatedField(field, value(builder, field));
        if (!field.isMapField()) {
          builder.addRepeatedField(field, value(builder, field));
        }
      } else {
        builder.setField(field, value(builder, field));
      }
    }
    return builder.build();
  }

  private static Object value(Message.Builder builder, FieldDescriptor field) {
    int number = field.getNumber();
    return switch (field.getJavaType()) {
      case INT -> number;
      case LONG -> Long.MAX_VALUE - number;
      case FLOAT -> number + 0.1f;
      case DOUBLE -> number + 0.1;
      case BOOLEAN -> true;
      case STRING -> "text é " + number;
      case BYTE_STRING -> ByteString.copyFrom(new byte[] {-1, 0, (byte) number});
      case ENUM -> field.getEnumType().getValues().get(1);
      case MESSAGE -> fill(builder.newBuilderForField(field));
    };
  }
}
