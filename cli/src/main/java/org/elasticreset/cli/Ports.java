package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every port of a run, on the loopback interface.
 *
 * @param bootstrapServers where services find the broker
 * @param receiver of the second player, if there is one
 */
record Ports(
    String bootstrapServers,
    int emaHttp,
    int emaGrpc,
    int learnerHttp,
    int rewardHttp,
    List<Integer> rolloutHttp,
    OfReceiver receiver) {

  /** Of the second player's services; 0 where there is none. */
  record OfReceiver(int emaHttp, int emaGrpc, int learnerHttp) {
    static final OfReceiver NONE = new OfReceiver(0, 0, 0);

    String emaService() {
      return "127.0.0.1:" + emaGrpc;
    }
  }

  /** Given to a run of this process: another must not get one before the first has taken it. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private static final int ATTEMPTS = 100;

  /** The configured ports, and free ones where none is configured. */
  static Ports choose(RunConfig config, String bootstrapServers) {
    int workers = config.rollout().workers();
    Deque<Integer> free = free(4 + 3 + workers);
    List<Integer> rollout = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      int first = config.rollout().httpPort();
      rollout.add(first == 0 ? free.remove() : first + worker);
    }
    return new Ports(
        bootstrapServers,
        configuredOr(config.ema().httpPort(), free),
        configuredOr(config.ema().grpcPort(), free),
        configuredOr(config.learner().httpPort(), free),
        configuredOr(config.reward().httpPort(), free),
        List.copyOf(rollout),
        config.receiver() == null
            ? OfReceiver.NONE
            : new OfReceiver(free.remove(), free.remove(), free.remove()));
  }

  String emaService() {
    return "127.0.0.1:" + emaGrpc;
  }

  private static int configuredOr(int configured, Deque<Integer> free) {
    return configured == 0 ? free.remove() : configured;
  }

  /** Ports that nothing listens on now. */
  static Deque<Integer> free(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    Deque<Integer> ports = new ArrayDeque<>();
    try {
      for (int i = 0; ports.size() < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        if (GIVEN.add(socket.getLocalPort()) || i > ATTEMPTS) {
          ports.add(socket.getLocalPort());
        }
      }
      for (ServerSocket socket : sockets) {
        socket.close();
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
