// The console: follows the run, shows what is known, and asks for what an operator wants.

import { drawCurves, redraw } from './charts.js';
import { byId } from './dom.js';
import { act, follow, forgetKey, putKey } from './feed.js';
import { drawPlane } from './plane.js';
import * as run from './run.js';
import { showQueues, showWorkers } from './stages.js';
import { showFigures, showSamples, showStanding, showTables } from './view.js';

const DONE = {
  pause: 'The run pauses behind the next checkpointed step.', resume: 'The run goes on.',
  'request-reset': 'A reset is requested: it follows the next published update.', approve: 'Approved.', refuse: 'Refused.',
};

const LONG = 1_500;

let status = null;
let queues = null;
let pending = false;

/** Draws once for all that came since the last time. */
function show() {
  if (pending) {
    return;
  }
  pending = true;
  setTimeout(() => {
    pending = false;
    chooseRange();
    showFigures(status);
    if (status) {
      showStanding(status);
      showWorkers(status);
    }
    showQueues(queues, status);
    showTables();
    showSamples();
    drawCurves();
    drawPlane();
  }, 100);
}

function connection(there) {
  byId('connection').textContent = there ? 'live' : 'connection lost, trying again';
  byId('connection').dataset.state = there ? 'live' : 'lost';
}

function askForKey(trouble) {
  byId('sign-in').hidden = false;
  byId('sign-out').hidden = true;
  byId('connection').textContent = 'signed out';
  byId('connection').dataset.state = 'lost';
  byId('key-trouble').textContent = trouble;
  byId('key').focus();
  return new Promise((resolve) => {
    byId('sign-in').addEventListener('submit', (event) => {
      event.preventDefault();
      putKey(byId('key').value.trim());
      byId('key').value = '';
      byId('sign-in').hidden = true;
      resolve();
    }, { once: true });
  });
}

byId('operate').addEventListener('submit', async (event) => {
  event.preventDefault();
  const action = event.submitter?.value ?? '';
  const named = status?.keys || byId('by').value.trim() !== '';
  if (!named || byId('reason').value.trim() === '') {
    byId('done').textContent = named ? 'Say why: the audit trail keeps it.' : 'Say who you are: the audit trail keeps it.';
    byId(named ? 'reason' : 'by').focus();
    return;
  }
  byId('done').textContent = 'Asking …';
  byId('operate').inert = true;
  const trouble = await act(action, byId('by').value, byId('reason').value);
  byId('operate').inert = false;
  byId('done').focus();
  byId('done').textContent = trouble || DONE[action];
  if (!trouble) {
    byId('reason').value = '';
  }
});

byId('sign-out').addEventListener('click', () => {
  forgetKey();
  location.reload();
});

// How long ago is another answer as time goes by.
setInterval(show, 5_000);

let chosen = false;
const showRange = () => run.showNewest(Number(byId('range').value) || Infinity);
byId('range').addEventListener('change', () => {
  chosen = true;
  showRange();
  show();
});

/** All of a long run is a blur: it begins with the newest of it, unless somebody wants another part. */
function chooseRange() {
  byId('range-field').hidden = run.steps.length <= 100;
  if (!chosen && byId('range').value === '' && run.steps.length > LONG) {
    byId('range').value = '500';
    showRange();
  }
}

let width = innerWidth;
addEventListener('resize', () => {
  if (innerWidth !== width) {
    width = innerWidth;
    redraw();
  }
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);

follow({
  training: (event) => {
    run.take(event);
    show();
  },
  status: (now) => {
    if (status && status.run !== now.run) {
      location.reload();
    }
    byId('sign-out').hidden = !now.keys;
    const changed = JSON.stringify(status) !== JSON.stringify(now);
    status = now;
    if (changed) {
      show();
    }
  },
  queues: (now) => {
    queues = now;
    show();
  },
  connection,
  askForKey,
});
