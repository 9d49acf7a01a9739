// What the rater has said: sent until the service has it, and kept to be said otherwise.

import * as api from './api.js';
import { byId, memory, ofTab } from './dom.js';
import { name, patiently, welcome } from './rater.js';
import * as screen from './screen.js';

// A request that was answered may be given out again until the service has heard of the answer.
const HEARD_MILLIS = 15_000;
const MOST_UNDONE = 20;
const UNSENT = 'unsent';

/** The newest answers, the last one last: { request, rating }. */
export const past = [];

const answered = new Map();
const otherTabs = new BroadcastChannel('elastic-reset.rating');
let revision = 0;
// A comment to an answer that was not taken.
let draft = '';

/** Whether the request was answered just now, here or in another tab. */
export const isAnswered = (requestId) => Date.now() - (answered.get(requestId) ?? -HEARD_MILLIS) < HEARD_MILLIS;

/** Tells of each request that is answered in another tab. */
export function onAnsweredElsewhere(tell) {
  otherTabs.onmessage = ({ data }) => {
    answered.set(data, Date.now());
    tell(data);
  };
}

/** The comment that is to be said again; once. */
export function takeDraft() {
  const taken = draft;
  draft = '';
  return taken;
}

/** Sends an answer; true if the request is dealt with, false if it has to be shown again. */
export async function deliver(request, { answer, words, cards, latencyMillis }) {
  revision = Math.max(Math.round(api.serviceMillis()), revision + 1);
  const comment = byId('comment').value.trim();
  const rating = {
    requestId: request.requestId,
    ...answer,
    shown: request.candidates.map((c) => c.index),
    latencyMillis,
    ...(comment ? { comment } : {}),
    revision,
  };
  screen.chosen(cards);
  screen.say(`${words}: sending …`);
  memory.put(ofTab, UNSENT, JSON.stringify({ who: name(), rating }));
  const outcome = await patiently(() => api.rate(rating), 'Your answer is kept');
  memory.put(ofTab, UNSENT, null);
  screen.trouble('');
  return settle(request, rating, words, outcome);
}

async function settle(request, rating, words, { status, body }) {
  if (status === 200 || status === 202) {
    revision = Math.max(revision, Number(body.revision) || 0);
    remember(request, rating);
    screen.say(`${words}: taken.`);
    return true;
  }
  if (status === 404 || status === 409 || status === 410) {
    screen.say('That question had ended before your answer came. Here is the next.');
    answered.set(request.requestId, Date.now());
    return true;
  }
  screen.say('');
  draft = rating.comment ?? '';
  if (status === 403) {
    await welcome();
  }
  screen.trouble(`Your answer was not taken: ${String(body.error ?? `status ${status}`).slice(0, 300)}`);
  return false;
}

function remember(request, rating) {
  const before = past.findIndex((p) => p.request.requestId === request.requestId);
  if (before >= 0) {
    past.splice(before, 1);
  }
  if (rating.withdrawn) {
    answered.delete(request.requestId);
    return;
  }
  past.push({ request, rating });
  past.splice(0, past.length - MOST_UNDONE);
  answered.set(request.requestId, Date.now());
  otherTabs.postMessage(request.requestId);
}

/** An answer that this tab had not got rid of when it was closed or loaded again. */
export async function sendWhatWasKept() {
  const kept = JSON.parse(memory.get(ofTab, UNSENT) ?? 'null');
  if (kept && kept.who === name()) {
    revision = kept.rating.revision;
    const { status } = await patiently(() => api.rate(kept.rating), 'Your answer is kept');
    if (status === 202) {
      answered.set(kept.rating.requestId, Date.now());
      screen.say('The answer from before: taken.');
    }
  }
  memory.put(ofTab, UNSENT, null);
}

/** Nothing is kept of somebody who has left. */
export const forgetUnsent = () => memory.put(ofTab, UNSENT, null);
