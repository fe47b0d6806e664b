// Changing the prescription under way: shows what would happen, asks for it, and redraws the page when it has been taken over.
const $ = (id) => document.getElementById(id);
const AGAIN_MS = 1000;

export class Change {
  constructor(live, chart, token, say) {
    Object.assign(this, { live, chart, token, say, shown: null, asked: 0 });
    if (!$("change")) return;
    this.url = $("change").dataset.url;
    $("change").addEventListener("click", () => this.look());
    $("change-no").addEventListener("click", () => this.close());
    $("change-yes").addEventListener("click", () => this.make());
  }

  async fetch(url, options) {
    const answer = await fetch(url, { credentials: "same-origin", ...options }).catch(() => null);
    if (!answer || answer.redirected) return { ok: false, why: "The console did not answer." };
    return answer.json().catch(() => ({ ok: false, why: "The console refused this." }));
  }

  async look() {
    const said = await this.fetch(this.url);
    if (!said.ok) { this.close(); return this.say(said.why, true); }
    this.say("");
    this.shown = said.sha256;
    $("change-words").replaceChildren(...said.sentences.map((words) => Object.assign(document.createElement("p"), { textContent: words })));
    $("change-strip").innerHTML = said.strip;
    $("change-room").hidden = false;
    $("change-yes").focus();
  }

  async make() {
    const said = await this.fetch(this.url, { method: "POST", body: new URLSearchParams({ sha256: this.shown }), headers: { "X-CSRFToken": this.token } });
    this.close();
    this.say(said.ok ? `Prescription changes ${said.words}.` : said.why, !said.ok);
  }

  close() { $("change-room").hidden = true; this.shown = null; }

  // Every telemetry message: may it be changed, what is coming, and is this page drawn with the plan that is pulled?
  heard(m, mine, moving) {
    if ($("change")) {
      $("change").disabled = !mine || !moving;
      if ((!mine || !moving) && !$("change-room").hidden) this.close();
    }
    const coming = mine && moving ? m.change : null;
    if (this.coming && !coming) this.say("");  // it has come: "changes from ..." is no longer so
    this.coming = coming;
    $("coming").hidden = !coming;
    $("coming-line").hidden = !coming;
    if (coming) {
      $("coming").textContent = `${coming.name} ${coming.words}`;
      $("coming-line").style.left = `${100 * Math.min(1, coming.at_s / this.live.plan.total)}%`;
    }
    const pulled = mine && m.bound ? m.bound.plan_sha256 : null;
    if (pulled && pulled !== this.live.plan.sha256 && performance.now() - this.asked > AGAIN_MS) this.redraw();
  }

  async redraw() {
    this.asked = performance.now();
    const said = await this.fetch(this.live.plan_url);
    if (!said.plan || said.plan.sha256 === this.live.plan.sha256) return;
    Object.assign(this.live.plan, said.plan);
    this.chart.fit();
    $("strip").innerHTML = said.strip;
    $("length").textContent = said.length;
  }
}
