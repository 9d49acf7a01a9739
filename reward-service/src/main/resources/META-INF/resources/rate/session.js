// Who rates: the key, from the form or from the address, and what the service says of them.

import * as api from './api.js';
import { byId } from './dom.js';
import * as screen from './screen.js';

let waiting = null;

/** Takes the key out of the address, where it would stay in the history; null if there is none. */
export function keyInAddress() {
  const { hash, pathname, search } = window.location;
  if (hash.length < 2) {
    return null;
  }
  window.history.replaceState(null, '', pathname + search);
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return hash.slice(1);
  }
}

/** Signs in by a key, and gives what to tell the rater if that fails; '' if it does not. */
export async function enter(key) {
  const { status, retryAfter } = await api.signIn(key);
  if (status === 200 || status === 204) {
    return '';
  }
  if (status === 0 || status >= 500) {
    return 'The service does not answer. Try again in a moment.';
  }
  if (status === 429) {
    return `Too many tries. Wait ${retryAfter || 60} seconds.`;
  }
  return 'This key is not known. Is all of it there?';
}

/** Shows the form until somebody has signed in; kept for whoever else waits for the same. */
export function signedIn(words = '', key = '') {
  waiting ??= new Promise((resolve) => ask(resolve, words, key)).finally(() => (waiting = null));
  return waiting;
}

function ask(resolve, words, typed) {
  const before = ['quiet', 'rating'].find((p) => !byId(p).hidden);
  const field = byId('key');
  const tell = (trouble) => {
    byId('key-trouble').textContent = trouble;
    field.setAttribute('aria-invalid', String(trouble !== ''));
    if (trouble !== '') {
      field.focus();
      field.select();
    }
  };
  screen.part('sign-in');
  document.title = 'Sign in · Rate';
  field.value = typed;
  field.focus();
  tell(words);
  const attempt = async (key) => {
    const trouble = await enter(key);
    tell(trouble);
    if (trouble === '') {
      field.value = '';
      byId('sign-in-form').onsubmit = null;
      screen.part(before ?? 'quiet');
      resolve();
    }
  };
  byId('sign-in-form').onsubmit = (event) => {
    event.preventDefault();
    attempt(field.value.trim());
  };
  window.onhashchange = () => {
    const key = keyInAddress();
    if (key && !byId('sign-in').hidden) {
      attempt(key);
    }
  };
}
