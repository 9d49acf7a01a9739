// Calls of the service. Each gives { status, body, retryAfter }, with status 0 if nothing came back.

const PATIENCE_MILLIS = 20_000;
// The service gives it with what is read, and again when it has expired.
const TOKEN = 'csrf-token';

/** How far the service's clock is ahead of ours, in milliseconds; its clock is that of revisions and deadlines. */
let ahead = 0;

export const serviceMillis = () => Date.now() + ahead;

export const rater = () => call('GET', '/api/rater');
export const requests = (max) => call('GET', `/api/rating-requests?max=${max}`);
export const rate = (rating) => withToken(() => call('POST', '/api/ratings', rating));
export const signIn = (key) => call('POST', '/api/session', { key });
export const signOut = () => withToken(() => call('DELETE', '/api/session'));

async function withToken(change) {
  if (!cookie(TOKEN)) {
    await rater();
  }
  return change();
}

async function call(method, path, content) {
  const headers = { accept: 'application/json' };
  if (content !== undefined) {
    headers['content-type'] = 'application/json';
  }
  if (method !== 'GET' && cookie(TOKEN)) {
    headers['x-csrf-token'] = cookie(TOKEN);
  }
  try {
    const response = await fetch(path, {
      method,
      headers,
      body: content === undefined ? undefined : JSON.stringify(content),
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MILLIS),
    });
    hear(response.headers.get('date'));
    const text = await response.text();
    return { status: response.status, body: parsed(text), retryAfter: seconds(response) };
  } catch {
    return { status: 0, body: {}, retryAfter: 0 };
  }
}

/** The header has whole seconds, so a smaller difference is none. */
function hear(date) {
  const difference = Date.parse(date ?? '') - Date.now();
  if (Number.isFinite(difference)) {
    ahead = Math.abs(difference) > 2000 ? difference : 0;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return { error: text.slice(0, 300) };
  }
}

function seconds(response) {
  const asked = Number(response.headers.get('retry-after'));
  return Number.isFinite(asked) && asked > 0 ? Math.min(asked, 600) : 0;
}

function cookie(name) {
  const found = document.cookie.split('; ').find((c) => c.startsWith(`${name}=`));
  return found ? found.slice(name.length + 1) : '';
}
