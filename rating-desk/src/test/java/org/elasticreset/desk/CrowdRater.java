package org.elasticreset.desk;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** One of a crowd: how well they judge, how long they take, and what they were asked. */
final class CrowdRater {

  /** Of the logarithm of the time from question to answer: people are as unlike as that. */
  private static final double SPREAD = 0.8;

  /** What a rater is after. */
  enum Kind {
    HONEST,
    /** Clicks. */
    RANDOM,
    /** Says the opposite of what is right. */
    ADVERSARY
  }

  final String id;
  final Kind kind;
  final Random random;
  final Set<String> asked = new HashSet<>();
  private final double accuracy;
  private int questions;
  private int golds;
  boolean muted;

  private CrowdRater(int number, Kind kind, Random random) {
    this.id = "rater-" + number;
    this.kind = kind;
    this.random = random;
    this.accuracy =
        switch (kind) {
          case HONEST -> random.nextDouble(0.85, 0.99);
          case RANDOM -> 0.5;
          case ADVERSARY -> 0.02;
        };
  }

  /** One of a hundred is an adversary, but one at least, and five of a hundred click. */
  static List<CrowdRater> crowd(int count, long seed) {
    Random seeds = new Random(seed);
    List<CrowdRater> crowd = new ArrayList<>();
    long adversaries = Math.max(1, Math.round(count * 0.01));
    long clickers = Math.round(count * 0.05);
    for (int i = 0; i < count; i++) {
      Kind kind =
          i < adversaries ? Kind.ADVERSARY : i < adversaries + clickers ? Kind.RANDOM : Kind.HONEST;
      crowd.add(new CrowdRater(i, kind, new Random(seeds.nextLong())));
    }
    return crowd;
  }

  boolean saysFirst(boolean firstIsBetter) {
    return firstIsBetter == random.nextDouble() < accuracy;
  }

  /** Log-normal. */
  double latencyMillis(double median) {
    return median * Math.exp(SPREAD * random.nextGaussian());
  }

  /** Whether the next question is one whose answer is known. */
  boolean isGoldDue(double share) {
    return golds < share * (questions + 1);
  }

  @Override
  public String toString() {
    return muted ? id + " (muted)" : id;
  }

  void ask(String request, boolean gold) {
    asked.add(request);
    questions++;
    golds += gold ? 1 : 0;
  }
}
