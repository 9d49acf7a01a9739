// Who rates, whether they may, and calls of theirs that are made until the service has an answer.

import * as api from './api.js';
import { insist } from './outbox.js';
import * as screen from './screen.js';
import { signedIn } from './session.js';

let who = '';

/** The name by which the service knows the rater; '' before it was asked. */
export const name = () => who;

/** Waits until the rater may rate, and says why they may not. */
export async function welcome() {
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

/** Calls until the service has an answer, and tells the rater meanwhile. */
export function patiently(call, kept = '') {
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
