import { pause } from './dom.js';

const FIRST_WAIT_MILLIS = 1000;
const LONGEST_WAIT_MILLIS = 30_000;
const PASSING = new Set([0, 408, 425, 429, 500, 502, 503, 504]);

/**
 * Calls until there is an answer that will not change by calling again. What is called is the same each time, so
 * that one which arrived although nobody said so does no harm.
 *
 * @param call gives { status, body, retryAfter }
 * @param wait told before each pause: ({ status, seconds, hurry }); hurry ends the pause
 * @param signedIn awaited when the service no longer knows who we are
 */
export async function insist(call, wait, signedIn) {
  for (let tries = 0; ; ) {
    const answer = await call();
    if (answer.status === 401) {
      await signedIn();
    } else if (PASSING.has(answer.status)) {
      const millis = answer.retryAfter > 0 ? answer.retryAfter * 1000 : backOff(tries++);
      const { over, hurry } = pause(millis);
      wait({ status: answer.status, seconds: Math.ceil(millis / 1000), hurry });
      if (answer.status === 0) {
        window.addEventListener('online', hurry, { once: true });
      }
      await over;
      window.removeEventListener('online', hurry);
    } else {
      return answer;
    }
  }
}

/** 1, 2, 4, … 30 s, each a little less, so that many pages do not come back at the same moment. */
function backOff(tries) {
  return Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS * 2 ** tries) * (0.75 + Math.random() / 4);
}
