// Text of a policy is hostile: it is shown as text only, and what cannot be seen is shown by its number.

const LONGEST = 200_000;
const LONGEST_RUN = 8;

// Control characters, but for tab and line feed.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f]/g;
// Not seen, or changing the direction of what follows: soft hyphen, bidirectional marks, embeddings, overrides and
// isolates, zero-width spaces, joiners of words, line separators, tags and the selectors that are none of emoji.
// Joiners of letters (U+200C, U+200D) stay: Persian, Hindi and emoji are written with them.
const UNSEEN =
  /[\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]+/gu;
// Marks heaped on one letter reach over the lines around it.
const HEAPED = /(\p{M}{8})(\p{M}+)/gu;

/** What can be shown of a text: one string, with everything in it to be seen. */
export function shown(text) {
  const cut = text.length > LONGEST;
  const seen = (cut ? text.slice(0, LONGEST) : text)
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replace(CONTROLS, (c) => String.fromCodePoint(0x2400 + c.codePointAt(0)))
    .replace(UNSEEN, numbers)
    .replace(HEAPED, (_, kept, heap) => `${kept}⟨+${heap.length} marks⟩`);
  return cut ? `${seen}\n⟨${text.length - LONGEST} more characters are not shown⟩` : seen;
}

function numbers(run) {
  const points = [...run];
  if (points.length > LONGEST_RUN) {
    return `⟨${points.length} unseen characters⟩`;
  }
  return points.map((c) => `⟨U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`).join('');
}

/** Puts a text into an element, as text. */
export function putText(element, text) {
  element.textContent = shown(text);
  element.classList.toggle('empty', text.trim() === '');
}
