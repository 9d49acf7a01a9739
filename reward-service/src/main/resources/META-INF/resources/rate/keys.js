// Buttons and keys, and what they do.

import { byId, memory, ofBrowser } from './dom.js';

const KEYS_OFF = 'keys-off';

/** @param doing { skip, withdraw, keep, undo, comment, leave, press(key) } */
export function listen(doing) {
  const buttons = {
    skip: doing.skip,
    withdraw: doing.withdraw,
    keep: doing.keep,
    undo: doing.undo,
    'comment-open': doing.comment,
    leave: doing.leave,
    'help-open': () => byId('help').showModal(),
    'help-close': () => byId('help').close(),
  };
  for (const [id, press] of Object.entries(buttons)) {
    byId(id).addEventListener('click', press);
  }
  const keysOn = byId('keys-on');
  keysOn.checked = memory.get(ofBrowser, KEYS_OFF) === null;
  keysOn.addEventListener('change', () => memory.put(ofBrowser, KEYS_OFF, keysOn.checked ? null : 'off'));
  document.addEventListener('keydown', (event) => {
    if (keysOn.checked && pressed(event, doing)) {
      event.preventDefault();
    }
  });
}

/** True if the key meant something. */
function pressed(event, doing) {
  const { key, target } = event;
  const elsewhere = byId('help').open || event.ctrlKey || event.metaKey || event.altKey || event.repeat;
  if (elsewhere) {
    return false;
  }
  if (target.id === 'comment') {
    if (key === 'Escape') {
      byId('prompt').focus();
    }
    return key === 'Escape';
  }
  if (target.id === 'key') {
    return false;
  }
  if (key === '?') {
    byId('help').showModal();
    return true;
  }
  if (byId('rating').hidden) {
    if (key === 'u' && byId('sign-in').hidden) {
      doing.undo();
    }
    return false;
  }
  // A button that has the focus is pressed by Enter itself.
  if (key === 'Enter' && ['BUTTON', 'SUMMARY'].includes(target.tagName)) {
    return false;
  }
  const withLetters = { s: doing.skip, u: doing.undo, c: doing.comment };
  if (!byId('keep').hidden) {
    withLetters.w = doing.withdraw;
    withLetters.Escape = doing.keep;
  }
  const plain = key.length === 1 ? key.toLowerCase() : key;
  const does = withLetters[plain];
  if (does) {
    does();
    return true;
  }
  return doing.press(plain);
}
