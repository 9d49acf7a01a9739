import { button, element } from './dom.js';

/** Several answers, each with its place: 1 is best, those that are equal share one. */
export function ranking(request, earlier, give) {
  const count = request.candidates.length;
  const places = request.candidates.map((c) => earlier?.ranks?.[c.index] ?? 0);
  let last = 0;
  let shared = false;
  const radios = request.candidates.map((_, i) => placesOf(i, count));
  const send = button('Send ranking', 'Enter', () => sendAll(), { className: 'main-button' });
  const clear = button('Clear', null, () => clearAll());
  const hint = element('p', { className: 'hint', role: 'status' });

  function show() {
    places.forEach((place, i) => radios[i].inputs.forEach((input, p) => (input.checked = place === p + 1)));
    const open = places.filter((p) => p === 0).length;
    send.setAttribute('aria-disabled', String(open > 0));
    hint.textContent = open > 0 ? hintFor(open) : `Ranking: ${inWords(places)}.`;
  }
  function hintFor(open) {
    const next = shared && last > 0 ? last : nextPlace();
    return `Press the number of the answer at place ${next}; ${open} of ${count} to go.`;
  }
  const nextPlace = () => Math.min(count, Math.max(0, ...places) + 1);
  function put(i, place) {
    places[i] = place;
    last = place;
    shared = false;
    show();
  }
  function sendAll() {
    if (!places.includes(0)) {
      const dense = [...new Set(places)].sort((a, b) => a - b);
      const ranks = places.map((p) => dense.indexOf(p) + 1);
      give({ ranks: inOrderOfRequest(request, ranks) }, inWords(ranks), ranks.flatMap((r, i) => (r === 1 ? [i] : [])));
    }
    return true;
  }
  function clearAll() {
    places.fill(0);
    last = 0;
    shared = false;
    show();
    return true;
  }

  radios.forEach(({ inputs }, i) => inputs.forEach((input, p) => input.addEventListener('change', () => put(i, p + 1))));
  show();
  return {
    title: 'Put the answers in order, the best first',
    choices: [hint, send, clear],
    onCard: (i) => radios[i].group,
    press: (key) => {
      if (key === 'Enter') {
        return sendAll();
      }
      if (key === 'Backspace') {
        return clearAll();
      }
      if (key === 't' || key === '0') {
        shared = last > 0;
        show();
        return true;
      }
      const i = Number(key) - 1;
      if (!Number.isInteger(i) || i < 0 || i >= count) {
        return false;
      }
      const place = shared && last > 0 ? last : nextPlace();
      if (places[i] === 0) {
        put(i, place);
      }
      return true;
    },
  };
}

function placesOf(i, count) {
  const inputs = Array.from({ length: count }, (_, p) =>
    element('input', { type: 'radio', name: `place-${i}`, value: String(p + 1) }),
  );
  const labels = inputs.map((input, p) => element('label', { className: 'mark' }, input, element('span', {}, String(p + 1))));
  const group = element(
    'fieldset',
    { className: 'marks' },
    element('legend', {}, `Place of answer ${i + 1}`),
    element('div', { className: 'segments' }, ...labels),
  );
  return { group, inputs };
}

/** "2, then 1 and 3": answers by place. */
function inWords(places) {
  return [...new Set(places)]
    .sort((a, b) => a - b)
    .map((place) => places.flatMap((p, i) => (p === place ? [i + 1] : [])).join(' and '))
    .join(', then ');
}

/** Places in the order shown, put into the order of the request. */
export function inOrderOfRequest(request, places) {
  const ranks = [];
  request.candidates.forEach((candidate, i) => {
    ranks[candidate.index] = places[i];
  });
  return ranks;
}
