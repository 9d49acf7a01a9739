// Curves over steps, with resets marked. uPlot draws; the tables of the page say the same in words.

import uPlot from '/webjars/uplot/1.6.30/dist/uPlot.esm.js';
import { byId, figure } from './dom.js';
import * as run from './run.js';

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const plots = new Map();
const CLOSEST_LINES = 12;
const MOST_DOTS = 60;
const WHOLE = [1, 10, 100, 1e3, 1e4, 1e5, 1e6].flatMap((n) => [n, 2 * n, 5 * n]);

/** A line for each reset; of many, a mark at the foot, so that the curves stay seen. */
function resetLines(plot) {
  const { ctx, bbox } = plot;
  const { resets } = run.shown();
  const many = resets.length * CLOSEST_LINES * devicePixelRatio > bbox.width;
  ctx.save();
  ctx.strokeStyle = style('--reset');
  ctx.lineWidth = (many ? 1 : 1.5) * devicePixelRatio;
  ctx.setLineDash(many ? [] : [5 * devicePixelRatio, 4 * devicePixelRatio]);
  for (const reset of resets) {
    const x = plot.valToPos(reset.step, 'x', true);
    if (x >= bbox.left && x <= bbox.left + bbox.width) {
      ctx.beginPath();
      ctx.moveTo(x, bbox.top + (many ? bbox.height - 8 * devicePixelRatio : 0));
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
  }
  ctx.restore();
}

function options(id, digits, names) {
  const axis = { stroke: style('--soft'), grid: { stroke: style('--line'), width: 1 }, ticks: { show: false }, font: '12px system-ui' };
  const line = (label, colour, more) => ({
    label, stroke: style(colour), width: 2, spanGaps: true, points: { show: false },
    value: (_, v) => figure(v ?? NaN, digits), ...more,
  });
  return {
    width: Math.max(200, byId(id).clientWidth), height: 220, scales: { x: { time: false } },
    axes: [{ ...axis, size: 32, incrs: WHOLE }, { ...axis, size: 52 }],
    series: [
      { label: 'step', value: (_, v) => figure(v ?? NaN) },
      line(names[0], '--train', { width: 1.5 }),
      line(names[1], '--held-out', { points: { show: () => run.shown().evaluations.length <= MOST_DOTS, size: 7, fill: style('--card'), width: 2 } }),
    ],
    hooks: { drawAxes: [resetLines] },
  };
}

function data(field) {
  const { steps, evaluations } = run.shown();
  const trained = new Map(steps.map((s) => [s.step, s[field]]));
  const evaluated = new Map(evaluations.filter((e) => !e.ofAverage).map((e) => [e.step, e[field]]));
  const xs = [...new Set([...trained.keys(), ...evaluated.keys()])].sort((a, b) => a - b);
  const of = (known) => xs.map((x) => (Number.isFinite(known.get(x)) ? known.get(x) : null));
  return [xs, of(trained), of(evaluated)];
}

function draw(id, field, digits, names) {
  const values = data(field);
  if (!plots.has(id)) {
    byId(id).replaceChildren();
    plots.set(id, new uPlot(options(id, digits, names), values, byId(id)));
  } else {
    plots.get(id).setData(values);
  }
  const newest = run.steps.at(-1);
  const said = newest ? `${figure(newest[field], digits)} at step ${newest.step}; ${resetsInWords()}` : 'nothing yet';
  byId(id).setAttribute('aria-label', `${names[0]}: ${said}. The table below has all figures.`);
}

function resetsInWords() {
  const at = run.resets.map((r) => r.step);
  if (at.length === 0) {
    return 'no resets';
  }
  return at.length <= 12 ? `resets at ${at.join(', ')}` : `${at.length} resets, the last at ${at.slice(-5).join(', ')}`;
}

export function drawCurves() {
  draw('reward', 'reward', 3, ['reward, training', 'reward, held out']);
  draw('drift', 'kl', 2, ['KL, training', 'KL, held out']);
}

/** Draws anew, in other colours or another width. */
export function redraw() {
  plots.forEach((plot) => plot.destroy());
  plots.clear();
  drawCurves();
}
