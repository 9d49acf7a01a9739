const MOST_MARKS = 11;
const FEWEST_MARKS = 5;

/** The marks of a scale that can be chosen: both ends, and round steps between them, 11 at most. */
export function marks(worst, best) {
  const width = best - worst;
  const step = roundSteps(width).find((s) => fits(width, s)) ?? width / (MOST_MARKS - 1);
  const count = Math.round(width / step) + 1;
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? best : tidy(worst + i * step)));
}

/** 1 first, then others from fine to coarse: 0.01, 0.02, 0.025, 0.05, 0.1, … of whatever size the scale has. */
function roundSteps(width) {
  const size = Math.floor(Math.log10(width)) - 2;
  const finer = [];
  for (let power = size; power <= size + 3; power++) {
    finer.push(...[1, 2, 2.5, 5].map((d) => d * 10 ** power));
  }
  return [1, ...finer];
}

function fits(width, step) {
  const steps = width / step;
  const whole = Math.abs(steps - Math.round(steps)) < 1e-9;
  const least = step === 1 ? 2 : FEWEST_MARKS - 1;
  return whole && steps >= least - 1e-9 && steps <= MOST_MARKS - 1 + 1e-9;
}

const tidy = (value) => Number(value.toPrecision(12));

/** How a mark is written, and which key chooses it: its own digit where all have one, or else its place. */
export function keyed(values) {
  const digits = values.every((v) => Number.isInteger(v) && v >= 0 && v <= 9);
  return values.map((value, i) => ({
    value,
    words: String(value),
    key: digits ? String(value) : i < 9 ? String(i + 1) : null,
  }));
}
