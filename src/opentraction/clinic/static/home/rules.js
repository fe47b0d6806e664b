// What an entry means at once, by the same rules that the clinic applies later. It can only stop, never let on.

const GRAVE = ['lower', 'call', 'emergency'];

export function fires(rule, entry) {
  if (rule.test === 'sign') return entry.signs.includes(rule.wanted);
  if (rule.test === 'leg') return entry.leg === rule.wanted;
  if (rule.test === 'dizzy') return entry.dizzy === true;
  if (entry.nrs_after === null) return false;
  if (rule.test === 'nrs_after') return entry.nrs_after >= rule.wanted;
  return entry.nrs_before !== null && entry.nrs_after - entry.nrs_before >= rule.wanted;
}

/** The gravest rule that fires, or null. */
export function gravest(rules, entry) {
  const fired = rules.filter((rule) => fires(rule, entry));
  return fired.reduce((worst, rule) => (!worst || GRAVE.indexOf(rule.then) > GRAVE.indexOf(worst.then) ? rule : worst), null);
}
