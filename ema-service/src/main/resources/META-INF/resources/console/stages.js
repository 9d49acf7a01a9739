// Where the run waits: queues and rates of each stage, what the learner's time goes to, and who has which version.

import { ago, byId, element, figure } from './dom.js';
import { ended } from './run.js';
import { shown } from './text.js';

const PHASES = ['waiting', 'evaluating', 'optimising', 'uploading', 'checkpointing'];
const percent = (share) => `${figure(100 * share)} %`;
const row = (...cells) => element('tr', {}, ...cells.map((cell) => element('td', {}, cell)));

export function showQueues(queues, status) {
  if (queues === null) {
    return;
  }
  byId('waits').textContent = `Where it waits: ${standsStill(status) || queues.words}.`;
  byId('queues-trouble').textContent = queues.trouble ? `Not all is known. ${shown(queues.trouble)}.` : '';
  const waited = queues.learner.waiting;
  byId('stages-rows').replaceChildren(
    ...queues.stages.map((s) => row(
      s.stage,
      `${figure(s.waiting)} (average ${figure(s.waitingMean, 1)})`,
      `${figure(s.perSecond, 1)} ${s.done} / s`,
      s.servers ?? '–',
    )),
    row('learning', Number.isFinite(waited) ? `waited ${percent(waited)}` : '–', `${figure(queues.secondsPerStep, 1)} s a step`, '1 learner'),
  );
  showPhases(queues.learner);
}

/** What the queues do not know of. */
function standsStill(status) {
  if (ended) {
    return 'nowhere, the run has ended';
  }
  return status?.pausedBy ? `for somebody to resume it, as it is paused by ${shown(status.pausedBy)}` : '';
}

/** A bar of the learner's time; its words say the same. */
function showPhases(shares) {
  const known = PHASES.filter((phase) => shares[phase] >= 0.005);
  byId('phases').hidden = known.length === 0;
  byId('phases-bar').replaceChildren(...known.map((phase) =>
    element('span', { class: `phase ${phase}`, 'data-share': Math.round(100 * shares[phase]) })));
  for (const part of byId('phases-bar').children) {
    part.style.flexGrow = part.dataset.share;
  }
  byId('phases-words').replaceChildren(...known.map((phase) =>
    element('li', {}, element('span', { class: `key ${phase}`, 'aria-hidden': 'true' }), `${phase} ${percent(shares[phase])}`)));
}

export function showWorkers(status) {
  byId('workers-none').hidden = status.workers.length > 0;
  byId('workers-rows').replaceChildren(...status.workers.map((worker) => {
    const behind = Math.max(0, status.version - worker.version);
    const made = row(shown(worker.name), figure(worker.version), figure(worker.epoch), behind === 0 ? 'newest' : figure(behind), ago(worker.time));
    made.classList.toggle('late', behind > 1);
    return made;
  }));
}
