// What is on the page, and nothing about why. Parts are hidden and filled; live regions are always there.

import { byId, element, memory, ofBrowser } from './dom.js';
import { putText } from './text.js';

const PARTS = ['sign-in', 'quiet', 'rating'];

/** Shows one part and hides the others. */
export function part(name) {
  PARTS.forEach((p) => (byId(p).hidden = p !== name));
  byId('bar').hidden = name === 'sign-in';
  byId('choices').hidden = name !== 'rating';
  byId('rest').hidden = name === 'sign-in';
  byId('skip').hidden = name !== 'rating';
  byId('comment-open').hidden = name !== 'rating';
  byId('leave').hidden = name === 'sign-in';
  if (name !== 'rating') {
    byId('comment-box').hidden = true;
    byId('keep').hidden = true;
    byId('withdraw').hidden = true;
  }
}

/** A page without a question: why, and perhaps a button. */
export function quiet(title, text, lookAgain = null) {
  if (byId('quiet').hidden || byId('quiet-title').textContent !== title) {
    part('quiet');
    byId('quiet-title').textContent = title;
    byId('quiet-text').textContent = text;
    byId('quiet-title').focus({ preventScroll: true });
    document.title = `${title} · Rate`;
  }
  byId('look-again').hidden = lookAgain === null;
  byId('look-again').onclick = lookAgain;
}

/** Said politely, and seen beside the buttons. */
export const say = (words) => (byId('said').textContent = words);

/** Said at once; nothing if it is over. */
export function trouble(words, action = null) {
  const children = words ? [element('p', {}, words)] : [];
  if (action) {
    const go = element('button', { type: 'button' }, action.words);
    go.addEventListener('click', action.press);
    children.push(go);
  }
  byId('trouble').replaceChildren(...children);
}

export function progress({ done, waiting }) {
  const words = Number.isFinite(waiting) ? `${done} done · ${waiting} waiting` : `${done} done`;
  if (byId('progress').textContent !== words) {
    byId('progress').textContent = words;
  }
}

/** Shows a request with its question, and moves the focus to its prompt. */
export function request(asked, question, again) {
  part('rating');
  byId('question').textContent = question.title;
  byId('again').hidden = !again;
  byId('keep').hidden = !again;
  byId('withdraw').hidden = !again;
  byId('skip').hidden = false;
  putText(byId('prompt'), asked.prompt);
  byId('answers').replaceChildren(...asked.candidates.map((c, i) => card(asked, c, question, i)));
  byId('answers').dataset.count = asked.candidates.length;
  byId('choices').replaceChildren(...question.choices);
  byId('choices').dataset.kind = asked.kind === 'order' && asked.candidates.length === 2 ? 'pair' : asked.kind;
  comment('', false);
  busy(false);
  document.title = `${question.title} · Rate`;
  window.scrollTo(0, 0);
  byId('prompt').focus({ preventScroll: true });
}

function card(asked, candidate, question, i) {
  const name = asked.candidates.length === 1 ? 'Answer' : `Answer ${i + 1}`;
  const text = element('div', {
    className: 'text',
    dir: 'auto',
    lang: '',
    role: 'region',
    'aria-labelledby': `answer-${i + 1}`,
    tabIndex: 0,
  });
  putText(text, candidate.text);
  return element(
    'article',
    { className: 'card', 'aria-labelledby': `answer-${i + 1}` },
    element('h2', { id: `answer-${i + 1}` }, name),
    text,
    ...(question.onCard ? [question.onCard(i)] : []),
  );
}

/** Marks what was chosen; while the service has not said that it has it, nothing else can be. */
export function chosen(cards) {
  [...byId('answers').children].forEach((c, i) => c.classList.toggle('chosen', cards.includes(i)));
  busy(true);
}

export function busy(is) {
  byId('bar').classList.toggle('busy', is);
  byId('bar').setAttribute('aria-busy', String(is));
}

export function comment(text, open) {
  byId('comment').value = text;
  byId('comment-box').hidden = !open;
  byId('comment-open').setAttribute('aria-expanded', String(open));
}

/** Open the first time that it is seen in this browser, then where the rater leaves it. */
export function guideline(text) {
  const panel = byId('guideline');
  panel.hidden = !text;
  if (!text || panel.dataset.text === text) {
    return;
  }
  panel.dataset.text = text;
  putText(byId('guideline-text'), text);
  const name = `guideline-${digest(text)}`;
  panel.open = memory.get(ofBrowser, name) !== 'closed';
  panel.ontoggle = () => memory.put(ofBrowser, name, 'closed');
}

/** Of FNV-1a: tells guidelines apart, no more. */
function digest(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return hash.toString(16);
}
