// What is known of the run, out of its events in their order.

export const steps = [];
export const evaluations = [];
export const resets = [];
export const audit = [];
export let ended = null;
export let discarded = 0;
export let latest = null;

/** Takes an event. One with a number replaces that of its number and all after it. */
export function take(event) {
  if (event.sequence > 0) {
    [steps, evaluations, resets].forEach((list) => forgetFrom(list, event.sequence));
    ended = null;
  }
  if (event.kind === 'step') {
    steps.push(event);
  } else if (event.kind === 'evaluation') {
    evaluations.push(event);
    latest = event.samples?.length > 0 ? event : latest;
  } else if (event.kind === 'reset') {
    resets.push(event);
  } else if (event.kind === 'audit') {
    audit.push(event);
  } else if (event.kind === 'discarded') {
    discarded++;
  } else if (event.kind === 'end') {
    ended = event;
  }
}

function forgetFrom(list, sequence) {
  const at = list.findIndex((event) => event.sequence >= sequence);
  if (at >= 0) {
    list.length = at;
  }
}

/** Seconds that one of the last ten steps took, on average; NaN before there are two. */
export function secondsPerStep() {
  const some = steps.slice(-11);
  return some.length < 2 ? NaN : (some.at(-1).time - some[0].time) / 1000 / (some.length - 1);
}

/** Rollouts that were not used since the run began, by reason. */
export const dropped = () => Object.entries(steps.at(-1)?.dropped ?? {}).filter(([, count]) => count > 0);

let newestSteps = Infinity;

/** Shows so many of the newest steps, or all of them. */
export function showNewest(count) {
  newestSteps = count;
}

/** What the charts show: the newest steps, and what happened in them. */
export function shown() {
  const from = (steps.at(-1)?.step ?? 0) - newestSteps;
  const since = (list) => list.filter((event) => event.step > from);
  return newestSteps === Infinity ? { steps, evaluations, resets } : { steps: since(steps), evaluations: since(evaluations), resets: since(resets) };
}
