package org.elasticreset.cli.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** Rows of a Parquet file as objects of JSON. */
public final class ParquetRows {

  private ParquetRows() {}

  /**
   * Writes rows, compressed with Snappy. A column is text, whole numbers or numbers, as the first
   * row has it; each row has all of them.
   *
   * @param rows at least one
   */
  public static void write(Path file, List<ObjectNode> rows) throws IOException {
    MessageType schema = schema(rows.get(0));
    var groups = new SimpleGroupFactory(schema);
    Files.deleteIfExists(file);
    try (var writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withCodecFactory(new Codecs())
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .withType(schema)
            .build()) {
      for (ObjectNode row : rows) {
        Group group = groups.newGroup();
        row.fields().forEachRemaining(field -> add(group, field.getKey(), field.getValue()));
        writer.write(group);
      }
    }
  }

  private static MessageType schema(ObjectNode row) {
    List<Type> columns = new ArrayList<>();
    row.fields().forEachRemaining(field -> columns.add(column(field.getKey(), field.getValue())));
    return new MessageType("preferences", columns);
  }

  private static Type column(String name, JsonNode value) {
    if (value.isTextual()) {
      return Types.required(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named(name);
    }
    return Types.required(
            value.isIntegralNumber() ? PrimitiveTypeName.INT64 : PrimitiveTypeName.DOUBLE)
        .named(name);
  }

  private static void add(Group group, String name, JsonNode value) {
    if (value.isTextual()) {
      group.add(name, value.textValue());
    } else if (value.isIntegralNumber()) {
      group.add(name, value.longValue());
    } else {
      group.add(name, value.doubleValue());
    }
  }

  /**
   * Reads columns, whatever they hold; one that the file lacks is missing in each row.
   *
   * @throws IOException if it is no such file, or compressed in another way
   */
  public static List<JsonNode> read(Path file, Collection<String> columns) throws IOException {
    var options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(new Codecs())
            .build();
    try (var reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
      MessageType all = reader.getFileMetaData().getSchema();
      MessageType wanted =
          new MessageType(
              all.getName(),
              all.getFields().stream().filter(each -> columns.contains(each.getName())).toList());
      reader.setRequestedSchema(wanted);
      List<JsonNode> rows = new ArrayList<>();
      for (PageReadStore pages = reader.readNextRowGroup();
          pages != null;
          pages = reader.readNextRowGroup()) {
        var records =
            new ColumnIOFactory()
                .getColumnIO(wanted, all)
                .getRecordReader(pages, new GroupRecordConverter(wanted));
        for (long i = 0; i < pages.getRowCount(); i++) {
          rows.add(GroupJson.of(records.read()));
        }
      }
      return rows;
    } catch (RuntimeException e) {
      // Parquet's own, of files that are none.
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }
}
