// The page: asks for a request, shows it, says the answer, and again. Everything waits in one loop, `work`.

import {
  deliver,
  forgetUnsent,
  isAnswered,
  onAnsweredElsewhere,
  past,
  sendWhatWasKept,
  takeDraft,
} from './answers.js';
import * as api from './api.js';
import { byId, pause } from './dom.js';
import { listen } from './keys.js';
import { questionOf } from './questions.js';
import { patiently, welcome } from './rater.js';
import * as screen from './screen.js';
import { enter, keyInAddress, signedIn } from './session.js';

const SOON_MILLIS = 300;
const FIRST_LOOK_MILLIS = 1000;
const LONGEST_LOOK_MILLIS = 15_000;
const LONGEST_LATENCY_MILLIS = 86_400_000;

let act = () => {};
let question = null;
let current = null;

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
      resolve({ ...done, latencyMillis: Math.min(LONGEST_LATENCY_MILLIS, Math.round(performance.now() - shownAt)) });
    };
    const give = (answer, words, cards = []) => act({ kind: 'answer', answer, words, cards });
    question = questionOf(request, earlier, give);
    current = request;
    screen.guideline(request.guideline ?? '');
    screen.request(request, question, earlier !== null);
    const comment = takeDraft() || (earlier?.comment ?? '');
    screen.comment(comment, comment !== '');
  });
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
      await pause(FIRST_LOOK_MILLIS).over;
      continue;
    }
    screen.progress(body);
    const request = (body.requests ?? []).find((r) => !isAnswered(r.requestId));
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

/** A page that nobody looks at does not ask: whoever asks counts as somebody who is there. */
async function visible() {
  if (document.hidden) {
    await new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }));
  }
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
    const { status } = await api.signOut();
    if (status === 0) {
      screen.trouble('The service does not answer: you are still signed in.');
      return;
    }
    forgetUnsent();
    window.location.reload();
  },
  press: (key) => question?.press(key) ?? false,
};

onAnsweredElsewhere((requestId) => {
  if (current?.requestId === requestId) {
    screen.say('You have answered that one in another tab.');
    act({ kind: 'gone' });
  }
});

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && current?.deadlineMillis < api.serviceMillis()) {
    screen.say('That question ended meanwhile.');
    act({ kind: 'gone' });
  }
});

listen(doing);
start();
