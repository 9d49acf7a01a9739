package org.elasticreset.cli;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A collector of OpenTelemetry: OTLP by gRPC on a free port, and all spans kept. */
final class SpanCollector implements AutoCloseable {
  private static final HexFormat HEX = HexFormat.of();

  private static final MethodDescriptor<ExportTraceServiceRequest, ExportTraceServiceResponse>
      EXPORT =
          MethodDescriptor.<ExportTraceServiceRequest, ExportTraceServiceResponse>newBuilder()
              .setType(MethodType.UNARY)
              .setFullMethodName("opentelemetry.proto.collector.trace.v1.TraceService/Export")
              .setRequestMarshaller(
                  ProtoUtils.marshaller(ExportTraceServiceRequest.getDefaultInstance()))
              .setResponseMarshaller(
                  ProtoUtils.marshaller(ExportTraceServiceResponse.getDefaultInstance()))
              .build();

  private final List<Received> spans = new CopyOnWriteArrayList<>();
  private final Server server;

  /** A span as a test reads it. */
  record Received(
      String service,
      String name,
      String traceId,
      String spanId,
      String parentId,
      long startNanos,
      long endNanos,
      Map<String, Object> attributes) {}

  SpanCollector() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .addService(
                ServerServiceDefinition.builder(
                        "opentelemetry.proto.collector.trace.v1.TraceService")
                    .addMethod(
                        EXPORT,
                        ServerCalls.asyncUnaryCall(
                            (request, answers) -> {
                              request.getResourceSpansList().forEach(this::keep);
                              answers.onNext(ExportTraceServiceResponse.getDefaultInstance());
                              answers.onCompleted();
                            }))
                    .build())
            .build()
            .start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getPort();
  }

  List<Received> spans() {
    return List.copyOf(spans);
  }

  private void keep(ResourceSpans of) {
    String service =
        String.valueOf(attributes(of.getResource().getAttributesList()).get("service.name"));
    of.getScopeSpansList().stream()
        .flatMap(scope -> scope.getSpansList().stream())
        .forEach(span -> spans.add(received(service, span)));
  }

  private static Received received(String service, Span span) {
    return new Received(
        service,
        span.getName(),
        HEX.formatHex(span.getTraceId().toByteArray()),
        HEX.formatHex(span.getSpanId().toByteArray()),
        HEX.formatHex(span.getParentSpanId().toByteArray()),
        span.getStartTimeUnixNano(),
        span.getEndTimeUnixNano(),
        attributes(span.getAttributesList()));
  }

  private static Map<String, Object> attributes(List<KeyValue> all) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (KeyValue each : all) {
      attributes.put(
          each.getKey(),
          switch (each.getValue().getValueCase()) {
            case INT_VALUE -> each.getValue().getIntValue();
            case BOOL_VALUE -> each.getValue().getBoolValue();
            case DOUBLE_VALUE -> each.getValue().getDoubleValue();
            default -> each.getValue().getStringValue();
          });
    }
    return attributes;
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
