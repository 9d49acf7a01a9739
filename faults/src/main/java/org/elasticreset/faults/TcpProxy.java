package org.elasticreset.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a client and a server on this machine, and does what networks do. */
final class TcpProxy implements AutoCloseable {
  /** What becomes of bytes in one direction. */
  enum Way {
    OPEN,
    /** They are held, and arrive once the way is open: a partition, as TCP sees it. */
    HELD,
    /** Each piece arrives fifty milliseconds late. */
    SLOW
  }

  private static final int LATE_MILLIS = 50;
  private static final int CONNECT_MILLIS = 1_000;

  private final int target;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private Way toServer = Way.OPEN;
  private Way toClient = Way.OPEN;
  private boolean refusing;
  private boolean closed;

  /** Listens on a port of its own, and connects to the target when a client comes. */
  TcpProxy(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    thread(this::accept, "proxy");
  }

  int port() {
    return server.getLocalPort();
  }

  synchronized void ways(Way toServer, Way toClient) {
    this.toServer = toServer;
    this.toClient = toClient;
    notifyAll();
  }

  /** Breaks every connection; new ones are refused as long as {@code refusing}. */
  synchronized void cut(boolean refusing) {
    this.refusing = refusing;
    sockets.forEach(TcpProxy::reset);
    sockets.clear();
    notifyAll();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Socket upstream = new Socket();
        synchronized (this) {
          sockets.add(client);
          sockets.add(upstream);
          if (refusing) {
            cut(true);
            continue;
          }
        }
        thread(() -> connect(client, upstream), "proxy-connection");
      } catch (IOException e) {
        // closed, or this client gave up
      }
    }
  }

  private void connect(Socket client, Socket upstream) {
    try {
      upstream.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_MILLIS);
      thread(() -> pump(upstream, client, false), "proxy-to-client");
      pump(client, upstream, true);
    } catch (IOException e) {
      reset(client);
    }
  }

  private void pump(Socket from, Socket to, boolean towardsServer) {
    byte[] buffer = new byte[16 << 10];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        awaitWay(towardsServer);
        out.write(buffer, 0, count);
      }
    } catch (IOException e) {
      // one end is gone, and so is the other now
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    reset(from);
    reset(to);
  }

  private synchronized void awaitWay(boolean towardsServer) throws InterruptedException {
    if ((towardsServer ? toServer : toClient) == Way.SLOW) {
      wait(LATE_MILLIS);
    }
    while ((towardsServer ? toServer : toClient) == Way.HELD && !closed) {
      wait();
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // it is closed already
    }
  }

  private static void thread(Runnable body, String name) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      cut(true);
    }
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
