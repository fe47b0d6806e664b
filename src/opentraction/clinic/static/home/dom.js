// Building a page by hand: elements, groups of choices, pictures. Words are always text, never markup.

/** An element with attributes (`onclick` and the like are listeners, `text` its words) and children. */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === 'text') node.textContent = value;
    else if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ''));
  return node;
}

export const button = (text, onclick, kind = '') => el('button', { type: 'button', class: kind || null, text, onclick });

/** A list of sentences; nothing for none. */
export function sentences(heading, list, kind = '') {
  if (!list.length) return '';
  return el('section', { class: kind || null },
    el('h2', { text: heading }), el('ul', {}, ...list.map((one) => el('li', { text: one }))));
}

/** One question with its choices, each [value, words]; `name` is the field's. */
export function choices(name, question, options, hint = '', kind = '') {
  return el('fieldset', { class: `choices ${kind}` },
    el('legend', { text: question }),
    hint ? el('p', { class: 'muted', text: hint }) : '',
    el('div', { class: 'options' }, ...options.map(([value, words]) => el('label', {},
      el('input', { type: 'radio', name, value }), el('span', { text: words })))));
}

/** Several things that may be so. */
export function ticks(name, question, options) {
  return el('fieldset', { class: 'choices ticks' },
    el('legend', { text: question }),
    el('div', { class: 'options' }, ...options.map(([value, words]) => el('label', {},
      el('input', { type: 'checkbox', name, value }), el('span', { text: words })))));
}

/** Pain from 0 to 10, or untold. */
export function pain(name, question, strings) {
  const scores = Array.from({ length: 11 }, (_, n) => [String(n), String(n)]);
  return choices(name, question, [...scores, ['', strings.skip]], strings.pain_ends, 'scores');
}

/** The picture of a step. It comes from our own page's data; scripts in it would not run all the same. */
export function picture(svg) {
  const parsed = new DOMParser().parseFromString(svg || '', 'image/svg+xml').documentElement;
  const holder = el('div', { class: 'picture' });
  if (parsed.nodeName === 'svg') holder.append(document.importNode(parsed, true));
  return holder;
}

/** `Step {n} of {all}` filled in. */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
