package org.elasticreset.hub;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** HTTP/1.1 on a socket, down to the byte: one request a connection. */
final class RawServer implements AutoCloseable {

  /**
   * What was asked.
   *
   * @param headers by name, in any case
   */
  record Request(String method, String path, Map<String, String> headers) {
    boolean is(String anotherMethod, String end) {
      return method.equals(anotherMethod) && path.endsWith(end);
    }
  }

  interface Answer {
    void write(Request request, OutputStream out) throws IOException;
  }

  private final ServerSocket socket;
  private final Answer answer;
  private final String host;
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  RawServer(String host, Answer answer) {
    this.host = host;
    this.answer = answer;
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept);
  }

  URI address() {
    return URI.create("http://" + host + ":" + socket.getLocalPort());
  }

  List<Request> requests() {
    return requests;
  }

  static Answer status(int status, String... headers) {
    return (request, out) -> head(out, status, 0, headers);
  }

  static void head(OutputStream out, int status, long length, String... headers)
      throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " So\r\nConnection: close\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    if (length >= 0) {
      head.append("Content-Length: ").append(length).append("\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        daemon(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      var in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
      String line = in.readLine();
      if (line == null) {
        return;
      }
      String[] words = line.split(" ");
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (String header = in.readLine(); !header.isEmpty(); header = in.readLine()) {
        headers.put(header.split(": ", 2)[0], header.split(": ", 2)[1]);
      }
      var request = new Request(words[0], words[1], headers);
      requests.add(request);
      answer.write(request, connection.getOutputStream());
    } catch (IOException e) {
      // The client went away, as some tests have it.
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
