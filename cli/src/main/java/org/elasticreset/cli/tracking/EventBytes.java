package org.elasticreset.cli.tracking;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;

/**
 * Events as TensorBoard reads them, in protobuf's wire format. Of its messages these fields are
 * written, by number:
 *
 * <pre>
 * Event            wall_time 1, step 2, file_version 3, summary 5, session_log 7
 * SessionLog       status 1
 * Summary          value 1
 * Summary.Value    tag 1, simple_value 2, tensor 8, metadata 9
 * SummaryMetadata  plugin_data 1, data_class 4
 * PluginData       plugin_name 1, content 2
 * TensorProto      dtype 1, tensor_shape 2, string_val 8
 * HParamsPluginData  session_start_info 3, session_end_info 4
 * SessionStartInfo   hparams 1, group_name 4, start_time_secs 5
 * SessionEndInfo     status 1, end_time_secs 2
 * </pre>
 */
final class EventBytes {
  private static final int SESSION_START = 1;
  private static final int DATA_CLASS_TENSOR = 2;
  private static final int DT_STRING = 7;
  private static final double MILLIS = 1000.0;

  private EventBytes() {}

  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  /** The first event of every file. */
  static byte[] version(Instant time) {
    return event(time, 0, out -> out.writeString(3, "brain.Event:2"));
  }

  /** From here on: readers forget what they have of this step and of later ones. */
  static byte[] restart(Instant time, long step) {
    ByteString start = message(out -> out.writeEnum(1, SESSION_START));
    return event(time, step, out -> out.writeBytes(7, start));
  }

  /** A line of metrics.jsonl, whole or absent. */
  static byte[] point(MetricsPoint point) {
    return summary(
        point.time(),
        point.step(),
        out -> {
          for (Map.Entry<String, Double> scalar : point.scalars().entrySet()) {
            out.writeBytes(1, scalar(scalar.getKey(), scalar.getValue().floatValue()));
          }
          if (point.note() != null) {
            out.writeBytes(1, text(point.note().tag(), point.note().text()));
          }
        });
  }

  /** Words, in Markdown. */
  static byte[] words(Instant time, String tag, String markdown) {
    return summary(time, 0, out -> out.writeBytes(1, text(tag, markdown)));
  }

  /** Settings, for TensorBoard's table of runs. */
  static byte[] settings(Instant started, String group, Map<String, String> settings) {
    ByteString info =
        message(
            out -> {
              for (Map.Entry<String, String> setting : settings.entrySet()) {
                ByteString value = value(setting.getValue()).toByteString();
                out.writeBytes(
                    1,
                    message(
                        entry -> {
                          entry.writeString(1, setting.getKey());
                          entry.writeBytes(2, value);
                        }));
              }
              out.writeString(4, group);
              out.writeDouble(5, started.toEpochMilli() / MILLIS);
            });
    return hyperparameters(started, "_hparams_/session_start_info", 3, info);
  }

  /**
   * How a run ended, in that table.
   *
   * @param status 1 well, 2 not
   */
  static byte[] ended(Instant time, int status) {
    ByteString info =
        message(
            out -> {
              out.writeEnum(1, status);
              out.writeDouble(2, time.toEpochMilli() / MILLIS);
            });
    return hyperparameters(time, "_hparams_/session_end_info", 4, info);
  }

  private static byte[] hyperparameters(Instant time, String tag, int field, ByteString info) {
    ByteString content = message(out -> out.writeBytes(field, info));
    ByteString plugin =
        message(
            out -> {
              out.writeString(1, "hparams");
              out.writeBytes(2, content);
            });
    ByteString metadata = message(out -> out.writeBytes(1, plugin));
    ByteString value =
        message(
            out -> {
              out.writeString(1, tag);
              out.writeBytes(9, metadata);
            });
    return summary(time, 0, out -> out.writeBytes(1, value));
  }

  private static Value value(String text) {
    Value.Builder value = Value.newBuilder();
    if (text.equals("true") || text.equals("false")) {
      return value.setBoolValue(Boolean.parseBoolean(text)).build();
    }
    try {
      return value.setNumberValue(Double.parseDouble(text)).build();
    } catch (NumberFormatException e) {
      return value.setStringValue(text).build();
    }
  }

  private static ByteString scalar(String tag, float value) {
    return message(
        out -> {
          out.writeString(1, tag);
          out.writeFloat(2, value);
        });
  }

  private static ByteString text(String tag, String text) {
    ByteString tensor =
        message(
            out -> {
              out.writeEnum(1, DT_STRING);
              out.writeBytes(2, ByteString.EMPTY); // one text, no array of them
              out.writeBytes(8, ByteString.copyFromUtf8(text));
            });
    ByteString plugin = message(out -> out.writeString(1, "text"));
    ByteString metadata =
        message(
            out -> {
              out.writeBytes(1, plugin);
              out.writeEnum(4, DATA_CLASS_TENSOR);
            });
    return message(
        out -> {
          out.writeString(1, tag);
          out.writeBytes(8, tensor);
          out.writeBytes(9, metadata);
        });
  }

  private static byte[] summary(Instant time, long step, Fields values) {
    ByteString summary = message(values);
    return event(time, step, out -> out.writeBytes(5, summary));
  }

  private static byte[] event(Instant time, long step, Fields what) {
    return message(
            out -> {
              out.writeDouble(1, time.toEpochMilli() / MILLIS);
              out.writeInt64(2, step);
              what.write(out);
            })
        .toByteArray();
  }

  private static ByteString message(Fields fields) {
    ByteString.Output bytes = ByteString.newOutput();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      fields.write(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteString();
  }
}
