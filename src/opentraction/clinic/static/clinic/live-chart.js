// The last two minutes and the next few seconds: prescribed, measured, spine as modelled with its band, phases along the top.
import { inUnit, known } from "./units.js";

const PAST_S = 120, AHEAD_S = 20, STEP_S = 0.1, LANE = 20, NARROW = 480;
const NAMES = { measured: "measured", prescribed: "prescribed", spine: "spine, modelled" };
const STRONG = new Set(["hold"]);
const TREATING = new Set(["pretension", "rise", "hold", "fall", "rest"]);

export class LiveChart {
  constructor(room, plan, unit) {
    Object.assign(this, { room, plan, unit, rows: [], now: null });
    this.fit();
    this.paint();
    this.plot = new uPlot(this.options(), this.data(), room);
    new ResizeObserver(() => this.resize()).observe(room);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { this.paint(); this.plot.redraw(); });
  }

  // The upper edge fits the plan, also after it was changed.
  fit() { this.top = Math.ceil(inUnit(this.plan.peak, this.unit) * 1.15 / 10) * 10; }

  paint() {
    const style = getComputedStyle(document.documentElement);
    this.colours = Object.fromEntries(["ink", "muted", "hairline", "prescribed", "measured", "spine", "spine-band", "phase", "phase-strong", "ground"]
      .map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    this.font = `14px ${getComputedStyle(document.body).fontFamily}`;
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.room;
    if (width && height) this.plot.setSize({ width, height });
  }

  // One telemetry message; kept ten times a second.
  add(row) {
    if (!known(row.t)) return;
    const last = this.rows.at(-1);
    if (last && row.t < last.t) this.rows = [];
    else if (last && row.t - last.t < STEP_S * 0.9) { this.now = row; return; }
    this.rows.push(row);
    this.now = row;
    while (this.rows.length && this.rows[0].t < row.t - PAST_S - 1) this.rows.shift();
  }

  // A phone has no room for two words; the number above its chart says that the spine's force is modelled.
  name(of) { return this.room.clientWidth < NARROW ? NAMES[of].split(",")[0] : NAMES[of]; }

  // As wide as the widest name in the type that is really there, so that none is cut.
  labelRoom() {
    this.pen ??= document.createElement("canvas").getContext("2d");
    this.pen.font = `600 ${this.font}`;
    return 12 + Math.ceil(Math.max(...Object.keys(NAMES).map((one) => this.pen.measureText(this.name(one)).width)));
  }

  draw() { this.plot.setData(this.data(), false); this.plot.redraw(true, true); }

  planAt(tau) {
    const { forces, total } = this.plan;
    if (tau < 0 || tau > total) return null;
    const place = tau / total * (forces.length - 1), at = Math.min(forces.length - 2, Math.floor(place));
    return forces[at] + (forces[at + 1] - forces[at]) * (place - at);
  }

  data() {
    const x = [], prescribed = [], measured = [], low = [], spine = [], high = [], ahead = [];
    const show = (newtons) => known(newtons) ? inUnit(newtons, this.unit) : null;
    const now = this.now ? this.now.t : 0;
    for (const row of this.rows) {
      x.push(row.t - now);
      prescribed.push(show(row.prescribed_n)); measured.push(show(row.measured_n));
      low.push(show(row.spine_low_n)); spine.push(show(row.spine_n)); high.push(show(row.spine_high_n)); ahead.push(null);
    }
    const begun = this.now && TREATING.has(this.now.phase) && known(this.now.treatment_s);
    for (let s = 0; begun && s <= AHEAD_S; s += 0.2) {
      const planned = this.planAt(this.now.treatment_s + s);
      const capped = planned === null ? null : Math.min(planned, this.now.limit_n ?? Infinity);
      x.push(s + 1e-6); ahead.push(show(capped));
      for (const line of [prescribed, measured, low, spine, high]) line.push(null);
    }
    return [x, high, low, spine, prescribed, ahead, measured];
  }

  options() {
    const colour = (name) => () => this.colours[name];
    const line = (name, width, dash) => ({ stroke: colour(name), width, dash, points: { show: false }, spanGaps: false });
    return {
      width: this.room.clientWidth || 300, height: Math.max(200, this.room.clientHeight),
      padding: [LANE + 8, () => this.labelRoom(), 0, 0], cursor: { show: false }, legend: { show: false },
      scales: { x: { time: false, range: [-PAST_S, AHEAD_S] }, y: { range: (plot, low, high) => [0, Math.max(this.top, (high || 0) * 1.05)] } },
      bands: [{ series: [1, 2], fill: colour("spine-band") }],
      series: [{}, { ...line("spine-band", 0) }, { ...line("spine-band", 0) }, line("spine", 1), line("prescribed", 2), line("prescribed", 2, [4, 4]), line("measured", 2.5)],
      axes: [
        { stroke: colour("muted"), font: this.font, grid: { show: false }, ticks: { stroke: colour("hairline"), width: 1, size: 4 }, size: 32,
          splits: () => [-120, -90, -60, -30, 0], values: (plot) => plot.width < NARROW ? ["2 min ago", "", "60 s", "", "now"] : ["2 min ago", "90 s", "60 s", "30 s", "now"] },
        { stroke: colour("muted"), font: this.font, grid: { stroke: colour("hairline"), width: 0.5 }, ticks: { show: false }, size: 64,
          values: (plot, splits) => splits.map((v, i) => i === splits.length - 1 ? `${v} ${this.unit}` : `${v}`) },
      ],
      hooks: { drawClear: [(plot) => this.drawPhases(plot)], draw: [(plot) => this.drawNow(plot)] },
    };
  }

  // Past phases as they were, coming ones as planned: [from s, to s, name].
  phases() {
    const now = this.now ? this.now.t : 0, out = [];
    for (const row of this.rows) {
      const last = out.at(-1);
      if (last && last[2] === row.phase && last[3] === row.cycle) last[1] = row.t - now;
      else { if (last) last[1] = row.t - now; out.push([row.t - now, row.t - now, row.phase, row.cycle]); }
    }
    if (!this.now || !TREATING.has(this.now.phase) || !known(this.now.treatment_s)) return out;
    for (const [from, to, name, cycle] of this.plan.phases) {
      const start = from - this.now.treatment_s, end = Math.min(to - this.now.treatment_s, AHEAD_S);
      if (end <= 0 || start >= AHEAD_S) continue;
      const last = out.at(-1);
      if (last && start <= 0 && last[2] === name && last[3] === cycle) last[1] = end;
      else out.push([Math.max(start, 0), end, name, cycle]);
    }
    return out;
  }

  drawPhases(plot) {
    const { ctx, bbox } = plot, ratio = devicePixelRatio || 1, lane = LANE * ratio;
    const px = (s) => Math.max(bbox.left, Math.min(bbox.left + bbox.width, plot.valToPos(s, "x", true)));
    ctx.save();
    ctx.font = `${13 * ratio}px ${getComputedStyle(document.body).fontFamily}`;
    ctx.textAlign = "center"; ctx.textBaseline = "middle";
    for (const [from, to, name] of this.phases()) {
      const left = px(from), width = px(to) - left - ratio;
      if (width <= 0) continue;
      ctx.fillStyle = this.colours[STRONG.has(name) ? "phase-strong" : "phase"];
      ctx.fillRect(left, bbox.top - lane - 4 * ratio, width, lane);
      ctx.fillStyle = this.colours.muted;
      if (ctx.measureText(name).width + 8 * ratio < width) ctx.fillText(name, left + width / 2, bbox.top - lane / 2 - 4 * ratio);
    }
    ctx.restore();
  }

  drawNow(plot) {
    const { ctx, bbox } = plot, ratio = devicePixelRatio || 1, x = plot.valToPos(0, "x", true);
    ctx.save();
    ctx.strokeStyle = this.colours.ink; ctx.lineWidth = ratio;
    ctx.beginPath(); ctx.moveTo(x, bbox.top - 4 * ratio); ctx.lineTo(x, bbox.top + bbox.height); ctx.stroke();
    ctx.restore();
    this.drawLabels(plot, ratio);
  }

  // Names at the right edge, each in its line's colour, moved apart where they would touch.
  drawLabels(plot, ratio) {
    const { ctx, bbox } = plot, now = this.now || {};
    const planned = known(now.treatment_s) && TREATING.has(now.phase) ? this.planAt(now.treatment_s + AHEAD_S) ?? now.prescribed_n : now.prescribed_n;
    const labels = [["measured", now.measured_n, "600 "], ["prescribed", Math.min(planned ?? NaN, now.limit_n ?? Infinity), ""], ["spine", now.spine_n, ""]]
      .filter(([, newtons]) => known(newtons))
      .map(([name, newtons, weight]) => ({ name, weight, y: plot.valToPos(inUnit(newtons, this.unit), "y", true) }))
      .sort((one, other) => one.y - other.y);
    const least = 18 * ratio, bottom = bbox.top + bbox.height - 8 * ratio;
    labels.forEach((label, i) => { if (i && label.y < labels[i - 1].y + least) label.y = labels[i - 1].y + least; });
    const over = labels.length ? labels.at(-1).y - bottom : 0;
    ctx.save();
    ctx.textBaseline = "middle"; ctx.textAlign = "left";
    labels.forEach((label) => {
      ctx.font = `${label.weight}${14 * ratio}px ${getComputedStyle(document.body).fontFamily}`;
      ctx.fillStyle = this.colours[label.name];
      ctx.fillText(this.name(label.name), bbox.left + bbox.width + 8 * ratio, label.y - Math.max(0, over));
    });
    ctx.restore();
  }
}
