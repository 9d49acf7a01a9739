"""What is known to stand in the way of an aim, by row; shown where the row is not met, so that nobody has to look for it."""

RAW = "the transport: the same chunks by the same gRPC, which nobody does anything with, are the peer of this row."

BOUNDS = {
    "PPO training step, 2.6 M": "a training step that ran at the rate of one product of 2048² all along would be 2.49 times TRL's (1.72 over the "
    "0.69 of the row below), so this aim asks for 80 % of that rate, as the next one does. 39 % of a minibatch, as last profiled, is no product: "
    "11 attention, 6 gelu, 3 the optimizer, 3 softmax, 2 sums for biases, the rest norms, copies and sums. A third of all that would have to go, and "
    "each is a pass of PyTorch's own operators already, on both sides.",
    "… its matrix products, 2.6 M": "39 % of a minibatch's time, as last profiled, is no product, and no product of it is as large as the peer's.",
    "PPO training step, 124 M": "a training step that ran at the rate of one product of 2048² all along would be 2.07 times TRL's (1.45 over the "
    "0.70 of the row below), so that the aim asks for 97 % of that rate.",
    "… its matrix products, 124 M": "not profiled at this size. What is no product, attention, gelu, softmax and sums, was 39 % of the time at 2.6 M.",
    "generation, batch 64, 124 M": "the same products on both sides, by the same library: of 16.3 s for 48 tokens of 64 rows about 2.3 are the "
    "prompts' and 48 times 0.19 a token's, when they were last profiled. With all else for nothing it would have been 1.4 times as fast. A fifth of "
    "the time MKL lays weights out for each product anew; \"What is left\" says what would not, and where it is missing.",
    "average of 124 M weights": "memory: PyTorch's own `lerp_` of two flat arrays of as many weights, one pass on two threads, passed 6.5 GB/s of "
    "weights on these cores, so that there is a tenth to be had. How far the peer is from that changes with the hour: the ratio was 1.54 (1.44–1.80) in "
    "five other turns, and `lerp_` was 1.96 times the peer. Huge pages (`-XX:+UseTransparentHugePages`) changed nothing.",
    "upload of an update, 2.6 M": RAW,
    "upload of an update, 124 M": RAW + " SHA-256, by which everybody knows the weights, takes a core 393 ms for them (`WeightsBenchmark.digest`), "
    "1.26 GB/s, so that 1.5 were out of reach behind a faster transport, too.",
    "fan-out to 8 workers, 40 M": "the cores: raw readers, who do nothing with what they get, have twice as much together, which is less than four "
    "times one worker's. A reader and the service that it reads from keep two cores busy.",
    "pipeline tax, movie preset, `max-staleness: 0`": "a version goes over gRPC twice, and most of that is loopback gRPC; on two such cores the "
    "preset's step is too short for 3 %. \"The pipeline's own share\", below, has each part.",
    "messages through prompts, rollouts and scored-rollouts, nothing computed": "processor time: on two cores 10,000 a second leave "
    "200 µs to a rollout and all processes. A bare hop takes 57 µs of that, and a rollout took 151 when docs/scaling.md (a) was written.",
    "`max-staleness: 1`, two seconds each of generating and learning, 1M weights": "the disk, mostly: 20 MB of each step are on it before the next "
    "one begins, 8 of the ema-service and 12 of the learner-service, and this one takes 32 ms for 8 MB in files of a folder of their own (5 ms for "
    "200 bytes; medians of 20, nothing else written). The row above is the same without weights. \"What is left\" has the parts.",
}
