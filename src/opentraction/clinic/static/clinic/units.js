// Newtons inside, the reader's unit at the glass. What is not known is a dash, never a zero.
export const DASH = "–";
const IN_NEWTONS = { N: 1, lb: 0.45359237 * 9.80665, kgf: 9.80665 };
const DECIMALS = { N: 0, lb: 0, kgf: 1 };
const SLACK_N = 3;  // a slack strap on the load cell reads a little below nothing
const OTHER = { N: "lb", lb: "N", kgf: "N" };

export const known = (value) => typeof value === "number" && Number.isFinite(value);
export const inUnit = (newtons, unit) => newtons / IN_NEWTONS[unit];
export const otherUnit = (unit) => OTHER[unit];

export function digits(newtons, unit) {
  if (!known(newtons)) return DASH;
  const text = inUnit(newtons < 0 && newtons > -SLACK_N ? 0 : newtons, unit).toFixed(DECIMALS[unit]);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

export const force = (newtons, unit) => known(newtons) ? `${digits(newtons, unit)} ${unit}` : DASH;

// A limit is never shown higher than it is; one that misses a round number by rounding alone still shows it.
const CUT = 0.002;
export function limit(newtons, unit) {
  if (!known(newtons)) return DASH;
  const shift = 10 ** DECIMALS[unit];
  return `${(Math.floor(inUnit(newtons, unit) * shift + CUT) / shift).toFixed(DECIMALS[unit])} ${unit}`;
}

// Time gone by, in whole seconds; how long a whole session takes counts the last second begun, as the rehearsal does.
const HAIR_S = 1e-6;
export const lasting = (seconds) => known(seconds) ? clock(Math.ceil(seconds - HAIR_S)) : DASH;
export function clock(seconds) {
  if (!known(seconds)) return DASH;
  const whole = Math.max(0, Math.floor(seconds + HAIR_S));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
