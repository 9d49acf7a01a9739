// What is asked, as something to press: the title, the choices, and what a key does. Each kind is made by
// (request, earlier, give): `earlier` is what the rater said before, or null; give(answer, words, cards) says it.

import { button, element } from './dom.js';
import { inOrderOfRequest, ranking } from './ranking.js';
import { keyed, marks } from './scale.js';

export function questionOf(request, earlier, give) {
  if (request.kind === 'scale') {
    return scale(request, earlier, give);
  }
  if (request.kind === 'thumbs') {
    return thumbs(request, earlier, give);
  }
  return request.candidates.length === 2 ? pair(request, earlier, give) : ranking(request, earlier, give);
}

/** Which of two: [1 is better] [Equal] [2 is better]. */
function pair(request, earlier, give) {
  const said = earlier?.ranks;
  const place = (i) => said?.[request.candidates[i].index];
  const options = [
    { words: '1 is better', key: '1', places: [1, 2], cards: [0] },
    { words: 'Equal', key: 'T', places: [1, 1], cards: [] },
    { words: '2 is better', key: '2', places: [2, 1], cards: [1] },
  ];
  const pressed = (o) => Boolean(said) && Math.sign(place(0) - place(1)) === Math.sign(o.places[0] - o.places[1]);
  const choose = (o) => give({ ranks: inOrderOfRequest(request, o.places) }, o.words, o.cards);
  return {
    title: 'Which answer is better?',
    choices: options.map((o) =>
      button(o.words, o.key, () => choose(o), { 'aria-pressed': String(pressed(o)), className: 'choice' }),
    ),
    press: (key) => {
      const option = options.find((o) => o.key === (key === '0' ? 'T' : key.toUpperCase()));
      if (option) {
        choose(option);
      }
      return Boolean(option);
    },
  };
}

function thumbs(request, earlier, give) {
  const options = [
    { words: 'Good', key: '1', up: true },
    { words: 'Not good', key: '2', up: false },
  ];
  const choose = (o) => give({ thumbUp: o.up }, o.words, [0]);
  return {
    title: 'Is this answer good?',
    choices: options.map((o) =>
      button(o.words, o.key, () => choose(o), {
        'aria-pressed': String(earlier?.thumbUp === o.up),
        className: 'choice',
      }),
    ),
    press: (key) => {
      const option = options.find((o) => o.key === key);
      if (option) {
        choose(option);
      }
      return Boolean(option);
    },
  };
}

/** A mark: radio buttons, so that arrows move among them, and a button that sends. */
function scale(request, earlier, give) {
  const options = keyed(marks(request.worst, request.best));
  const radios = options.map((o) =>
    element('input', { type: 'radio', name: 'mark', value: o.words, checked: earlier?.mark === o.value }),
  );
  const send = button('Send mark', 'Enter', () => sendChosen(), { className: 'main-button' });
  const chosen = () => options[radios.findIndex((r) => r.checked)];
  const ready = () => send.setAttribute('aria-disabled', String(!chosen()));
  const sendChosen = () => {
    if (chosen()) {
      give({ mark: chosen().value }, `Mark ${chosen().words}`, [0]);
    }
    return true;
  };
  const labels = options.map((o, i) => element('label', { className: 'mark' }, radios[i], element('span', {}, o.words)));
  const marksGroup = element(
    'fieldset',
    { className: 'marks' },
    element('legend', {}, `From ${request.worst}, the worst, to ${request.best}, the best`),
    element('div', { className: 'segments' }, ...labels),
  );
  marksGroup.addEventListener('change', ready);
  ready();
  return {
    title: 'How good is this answer?',
    choices: [marksGroup, send],
    press: (key) => {
      if (key === 'Enter') {
        return sendChosen();
      }
      const at = options.findIndex((o) => o.key === key);
      if (at >= 0) {
        radios[at].checked = true;
        ready();
        radios[at].focus();
      }
      return at >= 0;
    },
  };
}
