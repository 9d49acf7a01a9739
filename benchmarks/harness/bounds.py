"""What is known to stand in the way of an aim, by row; shown where the row is not met, so that nobody has to look for it."""

BOUNDS = {
    "messages through prompts, rollouts and scored-rollouts, nothing computed": "processor time: on two cores 10,000 a second leave "
    "200 µs to a rollout and all processes. Where it was measured one hop alone took 55 µs of that, and a rollout 466.",
}
