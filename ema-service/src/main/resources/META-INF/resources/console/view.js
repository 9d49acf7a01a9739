// Figures, tables, samples and the audit trail, in words.

import { ago, byId, element, figure, moment } from './dom.js';
import * as run from './run.js';
import { putText, shown } from './text.js';

const MOST_ROWS = 500;
const SLOW = 10;
let drawnSamples = null;

export function showFigures(status) {
  const newest = run.steps.at(-1);
  const dropped = run.dropped();
  const facts = [
    ['Step', figure(newest?.step ?? status?.step)],
    ['Last step', newest ? ago(newest.time) : '–'],
    ['Policy version', figure(status?.version)],
    ['Reset epoch', figure(status?.epoch)],
    ['Reward', figure(newest?.reward, 3)],
    ['Drift, nats', figure(newest?.kl, 2)],
    ['Staleness, updates', figure(newest?.staleness)],
    ['Tokens a second', figure(newest?.tokensPerSecond)],
    ['Seconds a step', figure(run.secondsPerStep(), 1)],
    ['Updates since reset', figure(status?.updatesSinceReset)],
    ['Still initial', status ? `${figure(100 * status.initialShare, 1)} %` : '–'],
    ['Dropped rollouts', dropped.length === 0 ? '0' : dropped.map(([why, n]) => `${shown(why)} ${n}`).join(', ')],
    ['Updates discarded', figure(run.discarded)],
  ];
  byId('figures').replaceChildren(...facts.map(([name, value]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, value))));
}

export function showStanding(status) {
  byId('run').textContent = shown(status.run);
  const words = [];
  if (run.ended) {
    words.push(`The run has ended: ${figure(run.ended.trained)} rollouts trained on.`);
  }
  if (status.pausedBy) {
    words.push(`Paused by ${shown(status.pausedBy)}.`);
  }
  if (status.proposedReset) {
    words.push(`A reset waits for approval: ${shown(status.proposedReset)}. Approved by ${status.approvedBy.length} of ${status.approvalsNeeded}${status.approvedBy.length > 0 ? ` (${status.approvedBy.map(shown).join(', ')})` : ''}.`);
  }
  if (status.resetRequested) {
    words.push('A reset is requested: it follows the next published update.');
  }
  const still = silence();
  if (still && !run.ended && !status.pausedBy) {
    words.push(`No step for ${still} min; one took ${figure(run.secondsPerStep(), 1)} s.`);
  }
  words.push(`Trigger of resets: ${shown(status.trigger)}.`);
  const said = words.join(' ');
  if (byId('standing').textContent !== said) {
    byId('standing').textContent = said;
  }
  byId('pause').hidden = Boolean(status.pausedBy);
  byId('resume').hidden = !status.pausedBy;
  byId('request-reset').hidden = Boolean(status.resetRequested);
  byId('approve').hidden = byId('refuse').hidden = !status.proposedReset;
  byId('by-field').hidden = status.keys;
  byId('operate').hidden = !status.mayAct;
  byId('looks-only').hidden = status.mayAct;
  byId('you').textContent = status.you ? `as ${shown(status.you)}` : '';
  byId('standing').classList.toggle('calls', Boolean(status.pausedBy || status.proposedReset || (still && !run.ended)));
  document.title = `${shown(status.run)}, step ${figure(run.steps.at(-1)?.step ?? status.step)} – Elastic Reset`;
}

/** Minutes without a step, if that is far longer than one takes; 0 if not. */
function silence() {
  const millis = Date.now() - (run.steps.at(-1)?.time ?? NaN);
  return millis > Math.max(60_000, SLOW * 1000 * run.secondsPerStep()) ? Math.floor(millis / 60_000) : 0;
}

const row = (...cells) => element('tr', {}, ...cells.map((cell) => element('td', {}, cell)));

export function showTables() {
  byId('steps-rows').replaceChildren(...run.steps.slice(-MOST_ROWS).reverse().map((s) =>
    row(figure(s.step), figure(s.version), figure(s.epoch), figure(s.reward, 3), figure(s.kl, 2), figure(s.entropy, 2), figure(s.staleness), figure(s.tokensPerSecond))));
  byId('evaluations-rows').replaceChildren(...run.evaluations.slice(-MOST_ROWS).reverse().map((e) =>
    row(figure(e.step), e.ofAverage ? 'average' : 'policy', figure(e.reward, 3), figure(e.judge, 3), figure(e.kl, 2), figure(e.perplexity, 1))));
  byId('resets-rows').replaceChildren(...run.resets.slice(-MOST_ROWS).reverse().map((r) =>
    row(figure(r.step), figure(r.epoch), shown(r.reason), figure(r.updates), `${figure(100 * r.initialShare, 1)} %`)));
  byId('audit-rows').replaceChildren(...run.audit.slice(-MOST_ROWS).reverse().map((a) =>
    row(moment(a.time), figure(a.step), shown(a.action), shown(a.who), shown(a.proof), shown(a.why))));
}

export function showSamples() {
  if (run.latest === drawnSamples || run.latest === null) {
    return;
  }
  drawnSamples = run.latest;
  byId('samples-of').textContent = `Evaluation behind step ${figure(run.latest.step)}, version ${figure(run.latest.version)}.`;
  byId('samples').replaceChildren(...run.latest.samples.map((sample) => {
    const text = element('p', { class: 'text', dir: 'auto', lang: '', tabindex: '0' });
    const prompt = element('span', { class: 'prompt' });
    const response = element('span', {});
    putText(prompt, sample.prompt);
    putText(response, sample.response + (sample.continuation ?? ''));
    text.append(prompt, response);
    const judge = Number.isFinite(sample.judge) ? `, judge ${figure(sample.judge, 3)}` : '';
    return element('li', { class: 'card' }, element('p', { class: 'score' }, `reward ${figure(sample.reward, 3)}${judge}`), text);
  }));
}
