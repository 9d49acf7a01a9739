/** The element with this id, which index.html has. */
export const byId = (id) => document.getElementById(id);

/** An element with properties, attributes (of names with a dash, and role) and children. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) {
      made[name] = value;
    } else {
      made.setAttribute(name, value);
    }
  }
  made.append(...children);
  return made;
}

/** A button that can be pressed by a key as well, which it shows. */
export function button(words, key, press, properties = {}) {
  const kbd = key ? [' ', element('kbd', {}, key)] : [];
  const made = element('button', { type: 'button', ...properties }, element('span', {}, words), ...kbd);
  made.addEventListener('click', press);
  return made;
}

/** A promise that is kept after so long, or at once when somebody calls `hurry`. */
export function pause(millis) {
  let hurry;
  const over = new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    hurry = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  return { over, hurry };
}

/** Something small that this browser remembers; nothing where it may not. */
export const memory = {
  get(store, name) {
    try {
      return store().getItem(`elastic-reset.rating.${name}`);
    } catch {
      return null;
    }
  },
  put(store, name, value) {
    try {
      if (value === null) {
        store().removeItem(`elastic-reset.rating.${name}`);
      } else {
        store().setItem(`elastic-reset.rating.${name}`, value);
      }
    } catch {
      // Not remembered, then.
    }
  },
};

/** Of the browser, and of this tab. */
export const ofBrowser = () => window.localStorage;
export const ofTab = () => window.sessionStorage;
