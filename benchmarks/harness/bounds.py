"""What is known to stand in the way of an aim, by row; shown where the row is not met, so that nobody has to look for it."""

BOUNDS = {
    "PPO training step, 2.6 M": "61 % of a minibatch's gradient and optimizer step were matrix products when they were last profiled, and the "
    "peer's are the same library's. With all else for nothing the step would have been 1.6 times as fast as it then was.",
    "… its matrix products, 2.6 M": "39 % of a minibatch's time, as last profiled, is no product, and no product of it is as large as the peer's.",
    "generation, batch 64, 2.6 M": "no bound is known. A worker of a run has one thread; two share out operations that are too small for it.",
    "generation, batch 64, 124 M": "a token takes the same products on both sides, by the same library: 0.25 GFLOP of layers and logits, so that "
    "183 tokens/s are 45 GFLOP/s, where a product of 2048² had 93 on the same day. What a batch of 64 rows can have of that is not known.",
    "average of 124 M weights": "no bound is known. Memory is none: the peer's three passes move 32 bytes a weight, ours 12, and by bytes the peer "
    "is the faster.",
    "pipeline tax, movie preset, `max-staleness: 0`": "a version goes over gRPC twice, and most of that is loopback gRPC; on two such cores the "
    "preset's step is too short for 3 %. \"The pipeline's own share\", below, has each part.",
    "messages through prompts, rollouts and scored-rollouts, nothing computed": "processor time: on two cores 10,000 a second leave "
    "200 µs to a rollout and all processes. Where it was measured one hop alone took 55 µs of that, and a rollout 466.",
}
