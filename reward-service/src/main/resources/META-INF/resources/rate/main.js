// The page: asks for a request, shows it, says the answer, and again. Everything waits in one loop, `work`.

import * as api from './api.js';
import { byId, memory, ofTab, pause } from './dom.js';
import { listen } from './keys.js';
import { insist } from './outbox.js';
import { questionOf } from './questions.js';
import * as screen from './screen.js';
import { enter, keyInAddress, signedIn } from './session.js';

const SOON_MILLIS = 300;
const FIRST_LOOK_MILLIS = 1000;
const LONGEST_LOOK_MILLIS = 15_000;
// A request that was answered may be given out again until the service has heard of the answer.
const HEARD_MILLIS = 15_000;
const MOST_UNDONE = 20;
const UNSENT = 'unsent';

const answered = new Map();
const past = [];
const otherTabs = new BroadcastChannel('elastic-reset.rating');
let act = () => {};
let question = null;
let current = null;
let revision = 0;
let who = '';
// A comment to an answer that was not taken.
let draft = '';

async function start() {
  const key = keyInAddress();
  screen.quiet('Looking for the next question …', '');
  const wrong = key === null ? '' : await enter(key);
  if (wrong !== '') {
    await signedIn(wrong, key);
  }
  await welcome();
  await sendWhatWasKept();
  await work();
}

/** Waits until the rater may rate. */
async function welcome() {
  for (;;) {
    const { status, body } = await patiently(api.rater);
    who = String(body.rater ?? '');
    if (status === 200 && !body.muted && body.roles?.includes('rater')) {
      screen.progress(body);
      return;
    }
    await new Promise((resolve) => turnedAway(body, resolve));
  }
}

function turnedAway({ muted, roles }, lookAgain) {
  if (muted) {
    screen.quiet(
      'Your answers are not counted any more',
      'Too many of them differ from answers that are known to be right. If you think that this is wrong, ' +
        'speak to whoever gave you the key.',
      lookAgain,
    );
  } else {
    screen.quiet(
      'You are signed in, but not as a rater',
      `Your key has the roles: ${roles?.join(', ') || 'none'}. Ask for one with the role rater.`,
      lookAgain,
    );
  }
}

async function work() {
  let request = null;
  let again = null;
  for (;;) {
    request ??= again ? null : await upcomingOrUndo();
    again ??= request ? null : past.pop();
    const shownRequest = again?.request ?? request;
    const said = await ask(shownRequest, again?.rating ?? null);
    if (said.kind === 'undo') {
      const further = past.pop();
      if (again) {
        past.unshift(again);
      }
      again = further;
    } else if (said.kind === 'keep') {
      past.push(again);
      again = null;
    } else if (said.kind === 'gone') {
      request = null;
      again = null;
    } else if (await deliver(shownRequest, said)) {
      request = again ? request : null;
      again = null;
    }
  }
}

/** Shows a request until something is done with it: an answer, undo, keep, or gone. */
function ask(request, earlier) {
  const shownAt = performance.now();
  return new Promise((resolve) => {
    act = (done) => {
      act = () => {};
      current = null;
      resolve({ ...done, latencyMillis: Math.round(performance.now() - shownAt) });
    };
    const give = (answer, words, cards = []) => act({ kind: 'answer', answer, words, cards });
    question = questionOf(request, earlier, give);
    current = request;
    screen.guideline(request.guideline ?? '');
    screen.request(request, question, earlier !== null);
    const comment = draft || (earlier?.comment ?? '');
    screen.comment(comment, comment !== '');
    draft = '';
  });
}

/** Sends an answer; true if the request is dealt with, false if it has to be shown again. */
async function deliver(request, { answer, words, cards, latencyMillis }) {
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
  memory.put(ofTab, UNSENT, JSON.stringify({ who, rating }));
  const outcome = await patiently(() => api.rate(rating), 'Your answer is kept');
  memory.put(ofTab, UNSENT, null);
  screen.trouble('');
  return settle(request, rating, words, outcome);
}

async function settle(request, rating, words, { status, body }) {
  if (status === 200 || status === 202) {
    revision = Math.max(revision, Number(body.revision) || 0);
    past.push({ request, rating });
    past.splice(0, past.length - MOST_UNDONE);
    if (rating.withdrawn) {
      answered.delete(request.requestId);
    } else {
      answered.set(request.requestId, Date.now());
      otherTabs.postMessage(request.requestId);
    }
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

/** The next request; null if the rater would rather have the last answer again. */
async function upcomingOrUndo() {
  const looking = new AbortController();
  const undone = new Promise((resolve) => {
    act = (done) => done.kind === 'undo' && resolve(null);
  });
  const found = await Promise.race([upcoming(looking.signal), undone]);
  looking.abort();
  act = () => {};
  return found;
}

/** The next request, asked for gently until there is one. */
async function upcoming(looking) {
  for (let looks = 0; !looking.aborted; looks++) {
    const { status, body } = await patiently(() => api.requests(1));
    if (looking.aborted) {
      break;
    }
    if (status !== 200) {
      await welcome();
      continue;
    }
    screen.progress(body);
    const request = (body.requests ?? []).find((r) => !heardOf(r.requestId));
    if (request) {
      screen.trouble('');
      return { guideline: body.guideline, ...request };
    }
    const waitsForUs = (body.requests ?? []).length > 0;
    if (!waitsForUs) {
      screen.quiet('Nothing to rate right now', 'The next question comes up here by itself.');
    }
    const millis = waitsForUs ? SOON_MILLIS : Math.min(LONGEST_LOOK_MILLIS, FIRST_LOOK_MILLIS * 1.5 ** looks);
    await Promise.all([pause(millis).over, visible()]);
  }
  return null;
}

const heardOf = (requestId) => Date.now() - (answered.get(requestId) ?? -HEARD_MILLIS) < HEARD_MILLIS;

/** A page that nobody looks at does not ask: whoever asks counts as somebody who is there. */
async function visible() {
  if (document.hidden) {
    await new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }));
  }
}

/** Calls until the service has an answer, and tells the rater meanwhile. */
function patiently(call, kept = '') {
  const wait = ({ status, seconds, hurry }) => {
    const why = status === 429 ? 'The service asks to wait.' : 'The service does not answer.';
    const what = kept ? `${kept} and is sent again` : 'Trying again';
    screen.trouble(`${why} ${what} in ${seconds} s.`, { words: 'Try now', press: hurry });
  };
  const once = async () => {
    const answer = await call();
    if (answer.status > 0 && answer.status < 500 && answer.status !== 429) {
      screen.trouble('');
    }
    return answer;
  };
  const words = kept ? `You were signed out. ${kept} and is sent when you are back.` : '';
  return insist(once, wait, () => signedIn(words).then(sameRater));
}

/** What somebody said is not sent as somebody else's: the page begins anew for another rater. */
async function sameRater() {
  const { body } = await api.rater();
  if (who !== '' && body.rater && body.rater !== who) {
    window.location.reload();
    await new Promise(() => {});
  }
}

/** An answer that this tab had not got rid of when it was closed or loaded again. */
async function sendWhatWasKept() {
  const kept = JSON.parse(memory.get(ofTab, UNSENT) ?? 'null');
  if (kept && kept.who === who) {
    revision = kept.rating.revision;
    const { status } = await patiently(() => api.rate(kept.rating), 'Your answer is kept');
    if (status === 202) {
      answered.set(kept.rating.requestId, Date.now());
      screen.say('The answer from before: taken.');
    }
  }
  memory.put(ofTab, UNSENT, null);
}

const doing = {
  skip: () => act({ kind: 'answer', answer: { skip: true }, words: 'Skipped', cards: [] }),
  withdraw: () => act({ kind: 'answer', answer: { withdrawn: true }, words: 'Withdrawn', cards: [] }),
  keep: () => act({ kind: 'keep' }),
  undo: () => {
    if (past.length > 0) {
      act({ kind: 'undo' });
    } else {
      screen.say('There is nothing to undo.');
    }
  },
  comment: () => {
    screen.comment(byId('comment').value, true);
    byId('comment').focus();
  },
  leave: async () => {
    await api.signOut();
    memory.put(ofTab, UNSENT, null);
    window.location.reload();
  },
  press: (key) => question?.press(key) ?? false,
};

otherTabs.onmessage = ({ data }) => {
  answered.set(data, Date.now());
  if (current?.requestId === data) {
    screen.say('You have answered that one in another tab.');
    act({ kind: 'gone' });
  }
};

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && current?.deadlineMillis < api.serviceMillis()) {
    screen.say('That question ended meanwhile.');
    act({ kind: 'gone' });
  }
});

listen(doing);
start();
