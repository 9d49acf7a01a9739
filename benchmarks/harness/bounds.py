"""What is known to stand in the way of an aim, by row; shown where the row is not met, so that nobody has to look for it."""

BOUNDS = {
    "PPO training step, 2.6 M": "61 % of a minibatch's gradient and optimizer step were matrix products when they were last profiled, and the "
    "peer's are the same library's. With all else for nothing the step would have been 1.6 times as fast as it then was.",
    "… its matrix products, 2.6 M": "39 % of a minibatch's time, as last profiled, is no product, and no product of it is as large as the peer's.",
    "messages through prompts, rollouts and scored-rollouts, nothing computed": "processor time: on two cores 10,000 a second leave "
    "200 µs to a rollout and all processes. Where it was measured one hop alone took 55 µs of that, and a rollout 466.",
}
