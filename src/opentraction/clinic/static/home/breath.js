// The breathing cue: a word, and how full the shape is (0 to 1); null where there is nothing to follow.

const ease = (share) => 0.5 - 0.5 * Math.cos(Math.PI * Math.min(Math.max(share, 0), 1));

export function breath(step, elapsed) {
  if (step.breathing === 'in') return { word: 'breathe_in', full: ease(elapsed / step.seconds) };
  if (step.breathing === 'out') return { word: 'breathe_out', full: 1 - ease(elapsed / step.seconds) };
  if (step.breathing !== 'slow' && step.breathing !== 'once') return { word: 'breathe_free', full: null };
  const whole = step.in_s + step.out_s;
  const at = step.breathing === 'slow' ? elapsed % whole : Math.min(elapsed, whole);
  if (at < step.in_s) return { word: 'breathe_in', full: ease(at / step.in_s) };
  return { word: 'breathe_out', full: 1 - ease((at - step.in_s) / step.out_s) };
}
