// The console: follows the run, shows what is known, and asks for what an operator wants.

import { drawCurves, redraw } from './charts.js';
import { byId } from './dom.js';
import { act, follow, putKey } from './feed.js';
import { drawPlane } from './plane.js';
import * as run from './run.js';
import { showFigures, showSamples, showStanding, showTables } from './view.js';

const DONE = {
  pause: 'The run pauses behind the next checkpointed step.', resume: 'The run goes on.',
  'request-reset': 'A reset is requested: it follows the next published update.', approve: 'Approved.', refuse: 'Refused.',
};

let status = null;
let pending = false;

/** Draws once for all that came since the last time. */
function show() {
  if (pending) {
    return;
  }
  pending = true;
  setTimeout(() => {
    pending = false;
    showFigures(status);
    if (status) {
      showStanding(status);
    }
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
  byId('key-trouble').textContent = trouble;
  byId('key').focus();
  return new Promise((resolve) => {
    byId('sign-in').addEventListener('submit', (event) => {
      event.preventDefault();
      putKey(byId('key').value.trim());
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
  const trouble = await act(action, byId('by').value, byId('reason').value);
  byId('done').textContent = trouble || DONE[action];
  if (!trouble) {
    byId('reason').value = '';
  }
});

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
    const changed = JSON.stringify(status) !== JSON.stringify(now);
    status = now;
    if (changed) {
      show();
    }
  },
  connection,
  askForKey,
});
