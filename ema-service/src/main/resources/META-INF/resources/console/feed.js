// The stream of events, read so that a key can be shown with it. A connection that is lost is made again, from the event
// that came last: nothing is missed, nothing comes twice.

const SILENCE_MILLIS = 15_000;
const RETRY_MILLIS = 1_000;

let key = sessionStorage.getItem('elastic-reset.console.key') ?? '';
export const currentKey = () => key;

export function putKey(said) {
  key = said;
  sessionStorage.setItem('elastic-reset.console.key', said);
}

/** Forgets the key, here and in this tab's storage. */
export function forgetKey() {
  key = '';
  sessionStorage.removeItem('elastic-reset.console.key');
}

const withKey = () => (key ? { Authorization: `Bearer ${key}` } : {});

/** Follows the run for ever; `askForKey` is waited for when the service asks for one. */
export async function follow({ training, status, queues, connection, askForKey }) {
  const take = { training, status, queues };
  let last = '';
  for (;;) {
    const cut = new AbortController();
    const hear = silence(cut);
    addEventListener('offline', () => cut.abort(), { signal: cut.signal });
    try {
      const answer = await fetch('/api/console/events', {
        headers: { Accept: 'text/event-stream', ...(last === '' ? {} : { 'Last-Event-ID': last }), ...withKey() },
        cache: 'no-store', signal: cut.signal,
      });
      if (answer.status === 401 || answer.status === 429) {
        hear(false);
        const { error } = await answer.json();
        const why = answer.status === 429 ? error : 'This key is not known here, or counts no more.';
        await askForKey(key === '' ? '' : why);
        continue;
      }
      if (!answer.ok) {
        throw new Error(`answer ${answer.status}`);
      }
      connection(true);
      for await (const { name, id, data } of events(answer.body, hear)) {
        take[name]?.(JSON.parse(data));
        last = id === '' ? last : id;
      }
    } catch {
      // Lost: again below.
    } finally {
      hear(false);
      cut.abort();
    }
    connection(false);
    await new Promise((resolve) => {
      setTimeout(resolve, RETRY_MILLIS);
    });
  }
}

/** Cuts a connection on which nothing is heard; the service says something every three seconds. */
function silence(cut) {
  let timer = setTimeout(() => cut.abort(), SILENCE_MILLIS);
  return (more = true) => {
    clearTimeout(timer);
    timer = more ? setTimeout(() => cut.abort(), SILENCE_MILLIS) : 0;
  };
}

async function* events(body, hear) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    hear();
    const blocks = (text + value).split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const event = { name: '', id: '', data: '' };
      for (const line of block.split('\n')) {
        const [, field, rest] = /^(event|id|data): ?(.*)$/s.exec(line) ?? [];
        if (field) {
          event[field === 'event' ? 'name' : field] += rest;
        }
      }
      if (event.data !== '') {
        yield event;
      }
    }
  }
}

/** Asks for something to be done; what went wrong, in words, or nothing. */
export async function act(action, by, reason) {
  try {
    const answer = await fetch('/api/console/actions', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Elastic-Reset-Console': '1', ...withKey() },
      body: JSON.stringify({ action, by, reason }),
    });
    return answer.ok ? '' : ((await answer.json()).error ?? `The service answers ${answer.status}.`);
  } catch {
    return 'The service does not answer. Nothing is known to have been done; look at the audit trail.';
  }
}
