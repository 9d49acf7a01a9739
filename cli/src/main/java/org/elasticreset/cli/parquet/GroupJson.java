package org.elasticreset.cli.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;

/** Records of Parquet as JSON: groups are objects, lists are arrays. */
final class GroupJson {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private GroupJson() {}

  static ObjectNode of(Group group) {
    ObjectNode object = JSON.objectNode();
    for (Type field : group.getType().getFields()) {
      int index = group.getType().getFieldIndex(field.getName());
      if (group.getFieldRepetitionCount(index) > 0) {
        object.set(field.getName(), value(group, index, 0));
      }
    }
    return object;
  }

  private static JsonNode value(Group group, int field, int index) {
    Type type = group.getType().getType(field);
    if (!type.isPrimitive()) {
      Group inner = group.getGroup(field, index);
      return type.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation
          ? list(inner)
          : of(inner);
    }
    return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
      case BINARY -> JSON.textNode(group.getString(field, index));
      case INT64 -> JSON.numberNode(group.getLong(field, index));
      case INT32 -> JSON.numberNode(group.getInteger(field, index));
      case DOUBLE -> JSON.numberNode(group.getDouble(field, index));
      case FLOAT -> JSON.numberNode(group.getFloat(field, index));
      case BOOLEAN -> JSON.booleanNode(group.getBoolean(field, index));
      default -> JSON.textNode(group.getValueToString(field, index));
    };
  }

  /** {@code list.element}, whatever the two are called. */
  private static ArrayNode list(Group list) {
    ArrayNode array = JSON.arrayNode();
    GroupType type = list.getType();
    for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
      if (type.getType(0).isPrimitive()) {
        array.add(value(list, 0, i));
      } else {
        Group each = list.getGroup(0, i);
        array.add(each.getFieldRepetitionCount(0) > 0 ? value(each, 0, 0) : JSON.nullNode());
      }
    }
    return array;
  }
}
