// Reward over drift: the way of the run, epoch by epoch. Up and to the left is better.

import { byId, drawn, figure } from './dom.js';
import * as run from './run.js';

const HEIGHT = 300;
const LEFT = 48;
const BELOW = 34;

/** Draws training as lines, one for each epoch, and evaluations as dots; the newest of all is the large one. */
export function drawPlane() {
  const known = (p) => !p.ofAverage && Number.isFinite(p.reward) && Number.isFinite(p.kl);
  const { steps: trained, evaluations: evaluated } = run.shown();
  const steps = trained.filter(known);
  const evaluations = evaluated.filter(known);
  const points = [...steps, ...evaluations];
  const width = Math.max(240, byId('plane').clientWidth);
  if (points.length === 0) {
    return;
  }
  const x = scale(points.map((p) => p.kl), LEFT, width - 12);
  const y = scale(points.map((p) => p.reward), HEIGHT - BELOW, 10);
  const newest = steps.at(-1) ?? evaluations.at(-1);
  const lines = byEpoch(steps).map((epoch, i, all) =>
    drawn('polyline', { class: i === all.length - 1 ? 'way now' : 'way', points: epoch.map((p) => `${x.at(p.kl)},${y.at(p.reward)}`).join(' ') }));
  const dot = (p, kind, r) =>
    drawn('circle', { class: kind, cx: x.at(p.kl), cy: y.at(p.reward), r },
      drawn('title', {}, `step ${p.step}: reward ${figure(p.reward, 3)}, ${figure(p.kl, 2)} nats`));
  byId('plane').replaceChildren(drawn('svg', {
    viewBox: `0 0 ${width} ${HEIGHT}`, role: 'img',
    'aria-label': `Reward over drift, ${points.length} points; newest: step ${newest.step}, reward ${figure(newest.reward, 3)}, ${figure(newest.kl, 2)} nats`,
  }, ...axes(x, y, width), ...lines, ...evaluations.map((p) => dot(p, 'dot', evaluations.length > 60 ? 2 : 4)), dot(newest, 'newest', 7)));
}

function axes(x, y, width) {
  const text = (attributes, words) => drawn('text', { class: 'axis', ...attributes }, words);
  return [
    ...x.ticks.flatMap((t) => [
      drawn('line', { class: 'grid', x1: x.at(t), x2: x.at(t), y1: 10, y2: HEIGHT - BELOW }),
      text({ x: x.at(t), y: HEIGHT - BELOW + 16, 'text-anchor': 'middle' }, figure(t, x.digits)),
    ]),
    ...y.ticks.flatMap((t) => [
      drawn('line', { class: 'grid', x1: LEFT, x2: width - 12, y1: y.at(t), y2: y.at(t) }),
      text({ x: LEFT - 6, y: y.at(t) + 4, 'text-anchor': 'end' }, figure(t, y.digits)),
    ]),
    text({ x: width - 12, y: HEIGHT - 4, 'text-anchor': 'end' }, 'drift: KL to the initial policy, nats →'),
  ];
}

function byEpoch(points) {
  const epochs = [];
  for (const point of points) {
    if (epochs.at(-1)?.at(-1).epoch !== point.epoch) {
      epochs.push([]);
    }
    epochs.at(-1).push(point);
  }
  return epochs;
}

function scale(values, from, to) {
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const room = (high - low || 1) * 0.06;
  const [begin, end] = [low - room, high + room];
  const step = [1, 2, 5, 10].map((m) => m * 10 ** Math.floor(Math.log10((end - begin) / 5))).find((s) => (end - begin) / s <= 6);
  const ticks = [];
  for (let t = Math.ceil(begin / step) * step; t <= end; t += step) {
    // Not -0.
    ticks.push(Math.abs(t) < step / 2 ? 0 : t);
  }
  const at = (value) => Number((from + ((value - begin) / (end - begin)) * (to - from)).toFixed(2));
  return { at, ticks, digits: Math.max(0, -Math.floor(Math.log10(step))) };
}
