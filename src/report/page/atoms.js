// The 3-D view of the atoms, coloured by any per-atom result. Uses page.js and 3Dmol.
(() => {
  "use strict";
  const {data, tools: {style, make, human, save, when_near}} = window.heteroglass;

  const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer;
  // Colour maps by a few stops: viridis (Smith, van der Walt) for sizes, blue to red through grey for signed values.
  const viridis = ["#472c7a", "#414487", "#3b518b", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6dcd59", "#b4de2c", "#fde725"];
  const signed = ["#2166ac", "#4393c3", "#92c5de", "#d1e5f0", "#f0f0f0", "#fddbc7", "#f4a582", "#d6604d", "#b2182b"];
  const species_colours = ["#e69f00", "#0072b2", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#7f7f7f"];
  const number_of = colour => parseInt(colour.slice(1), 16);
  const mixed = (stops, t) => {
    const at = Math.min(Math.max(t, 0), 1) * (stops.length - 1), i = Math.min(Math.floor(at), stops.length - 2), f = at - i;
    const a = number_of(stops[i]), b = number_of(stops[i + 1]);
    const part = shift => Math.round(((a >> shift) & 255) * (1 - f) + ((b >> shift) & 255) * f);
    return (part(16) << 16) | (part(8) << 8) | part(0);
  };
  const quantile = (sorted, p) => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(p * (sorted.length - 1))))];

  const unpack = scene => {
    if (scene.atomsList) return scene;
    const q = new Uint16Array(bytes(scene.position));
    scene.types = new Uint8Array(bytes(scene.type)), scene.ids = new Int32Array(bytes(scene.id));
    scene.atomsList = Array.from(scene.types, (t, i) => ({
      elem: "C", serial: scene.ids[i], index: i, kind: t, bonds: [], bondOrder: [], properties: {},
      x: scene.low[0] + scene.span[0] * q[3 * i] / 65535, y: scene.low[1] + scene.span[1] * q[3 * i + 1] / 65535, z: scene.low[2] + scene.span[2] * q[3 * i + 2] / 65535,
    }));
    const [a, b, c] = scene.cell;
    const volume = Math.abs(a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]));
    const known = scene.radius.every(r => r > 0);
    scene.sizes = scene.radius.map(r => known ? 0.8 * r : 0.48 * Math.cbrt(volume / scene.atoms));
    for (const p of scene.properties) p.values = new Float32Array(bytes(p.data));
    return scene;
  };

  const draw_box = (viewer, scene) => {
    const corner = k => [0, 1, 2].map(i => scene.origin[i] + (k & 1) * scene.cell[0][i] + ((k >> 1) & 1) * scene.cell[1][i] + ((k >> 2) & 1) * scene.cell[2][i]);
    const point = k => { const [x, y, z] = corner(k); return {x, y, z}; };
    for (let k = 0; k < 8; ++k)
      for (const bit of [1, 2, 4])
        if (!(k & bit)) viewer.addLine({start: point(k), end: point(k | bit), color: style("--soft")});
  };

  // A result, or its components and length ("Strain xx", "Displacement, length").
  const named = (p, column) => p.name === column || p.name.startsWith(column + " ") || p.name.startsWith(column + ",");
  // Shown first: what atoms did, if that is known, else the first property.
  const favourite = scene => Math.max(0, scene.properties.findIndex(p => /nonaffine|d2min/i.test(p.name)));

  class Viewer {
    constructor(panel, scene, property) {
      this.panel = panel, this.hidden = new Set();
      this.select = (label, options) => {
        const s = make("select", {}, ...options);
        s.addEventListener("change", () => this.update());
        this.controls.append(make("label", {}, label, s));
        return s;
      };
      this.controls = make("div", {className: "controls"});
      this.stage = make("div", {className: "stage"});
      this.legend = make("div"), this.said = make("p", {className: "said"});
      panel.append(this.controls, this.stage, this.legend, this.said);
      this.choose_scene = make("select", {}, ...data.scenes.map((s, i) => new Option(s.label, i)));
      this.choose_scene.addEventListener("change", () => this.load(Number(this.choose_scene.value)));
      if (data.scenes.length > 1) this.controls.append(make("label", {}, "Atoms of", this.choose_scene));
      this.choose = make("select");
      this.controls.append(make("label", {}, "Colour", this.choose));
      this.scale = this.select("Scale", [new Option("linear", "linear"), new Option("logarithmic", "log"), new Option("rank", "rank")]);
      this.choose.addEventListener("change", () => (this.fit_scale(), this.update()));
      this.range = this.select("Range", [new Option("1–99 %", 0.01), new Option("5–95 %", 0.05), new Option("all values", 0)]);
      this.only = this.select("Show", [new Option("all", ""), new Option("highest 10 %", "high"), new Option("lowest 10 %", "low")]);
      this.species = make("span");
      this.controls.append(this.species);
      const png = make("button", {type: "button", textContent: "save PNG"});
      png.addEventListener("click", () => save("atoms.png", this.viewer.pngURI()));
      this.controls.append(png);
      this.viewer = $3Dmol.createViewer(this.stage, {backgroundColor: style("--viewer"), antialias: true, disableFog: true});
      this.load(scene, property);
    }

    load(number, property) {
      const before = property ?? (this.scene ? this.property()?.name ?? "species" : "");
      this.scene = unpack(data.scenes[number]), this.choose_scene.value = number;
      this.choose.replaceChildren(new Option("species", "species"));
      const groups = new Map();
      this.scene.properties.forEach((p, i) => {
        if (!groups.has(p.source)) groups.set(p.source, make("optgroup", {label: p.source}));
        groups.get(p.source).append(new Option(p.unit ? `${p.name} (${p.unit})` : p.name, i));
      });
      this.choose.append(...groups.values());
      const wanted = this.scene.properties.findIndex(p => named(p, before));
      this.choose.value = wanted >= 0 ? wanted : before !== "species" && this.scene.properties.length ? favourite(this.scene) : "species";
      this.hidden.clear();
      this.species.replaceChildren(...this.scene.species.map((name, k) => {
        const box = make("input", {type: "checkbox", checked: true});
        box.addEventListener("change", () => (box.checked ? this.hidden.delete(k) : this.hidden.add(k), this.update()));
        return make("label", {}, box, name, " ");
      }));
      this.viewer.removeAllModels(), this.viewer.removeAllShapes();
      this.viewer.addModel().addAtoms(this.scene.atomsList.map(a => ({...a})));
      this.viewer.setClickable({}, true, atom => this.tell(atom.index));
      draw_box(this.viewer, this.scene);
      this.fit_scale();
      this.update();
      if (!this.turned) {
        this.turned = true;
        this.viewer.zoomTo();
        this.viewer.rotate(-72, "x"), this.viewer.rotate(-25, "z");
      }
      this.viewer.render();
    }

    // Positive values with a long tail are told apart only on a logarithmic scale.
    fit_scale() {
      const p = this.property();
      if (!p) return;
      const sorted = Float32Array.from(p.values).filter(isFinite).sort();
      const skewed = sorted.length && quantile(sorted, 0.01) > 0 && quantile(sorted, 0.99) > 12 * quantile(sorted, 0.5);
      this.scale.value = skewed ? "log" : "linear";
    }

    // Place of a value in the colour map, and the values at its start, middle and end.
    mapping(sorted) {
      const clip = Number(this.range.value), low = quantile(sorted, clip), high = quantile(sorted, 1 - clip), middle = quantile(sorted, 0.5);
      if (this.scale.value === "rank") {
        const rank = v => { let a = 0, b = sorted.length; while (a < b) { const m = (a + b) >> 1; sorted[m] < v ? (a = m + 1) : (b = m); } return a / Math.max(1, sorted.length - 1); };
        return {at: rank, ends: [sorted[0], middle, sorted[sorted.length - 1]], stops: viridis};
      }
      if (this.scale.value === "log" && high > 0) {
        const floor = Math.log(low > 0 ? low : sorted.find(v => v > 0)), ceiling = Math.log(high);
        return {at: v => v > 0 ? (Math.log(v) - floor) / (ceiling - floor || 1) : 0, ends: [floor, (floor + ceiling) / 2, ceiling].map(Math.exp), stops: viridis};
      }
      const far = Math.max(-low, high), both = low < 0 && high > 0;
      const [a, b] = both ? [-far, far] : [low, high];
      return {at: v => (v - a) / (b - a || 1), ends: [a, (a + b) / 2, b], stops: both ? signed : viridis};
    }

    property() { return this.choose.value === "species" ? null : this.scene.properties[this.choose.value]; }

    update() {
      const p = this.property(), s = this.scene;
      this.range.disabled = this.only.disabled = this.scale.disabled = !p;
      const shown = i => !this.hidden.has(s.types[i]);
      let colour, marked = shown;
      if (p) {
        const sorted = Float32Array.from(p.values).filter((v, i) => isFinite(v) && shown(i)).sort();
        const {at, ends, stops} = this.mapping(sorted.length ? sorted : new Float32Array([0, 1]));
        colour = i => isFinite(p.values[i]) ? mixed(stops, at(p.values[i])) : number_of("#888888");
        if (this.only.value) {
          const limit = quantile(sorted, this.only.value === "high" ? 0.9 : 0.1);
          marked = i => shown(i) && (this.only.value === "high" ? p.values[i] >= limit : p.values[i] <= limit);
        }
        this.show_bar(p, ends, stops);
      } else {
        colour = i => number_of(species_colours[s.types[i] % species_colours.length]);
        this.show_chips();
      }
      const ghost = number_of(style("--ghost"));
      this.viewer.setStyle({}, {});
      s.sizes.forEach((radius, kind) => {
        const is = (a, mark) => a.kind === kind && shown(a.index) && marked(a.index) === mark;
        this.viewer.setStyle({predicate: a => is(a, true)}, {sphere: {radius, colorfunc: a => colour(a.index)}});
        this.viewer.setStyle({predicate: a => is(a, false)}, {sphere: {radius: 0.22 * radius, colorfunc: () => ghost}});
      });
      this.viewer.render();
      let count = 0;
      for (let i = 0; i < s.types.length; ++i) count += marked(i);
      this.said.textContent = `${count} of ${s.atoms} atoms. ${s.note ? s.note + ". " : ""}Drag to turn, scroll to zoom, click an atom for its numbers.`;
    }

    show_bar(p, ends, stops) {
      const unit = p.unit ? ` (${p.unit})` : "", clipped = this.scale.value !== "rank" && Number(this.range.value) > 0;
      const scale = {linear: "", log: ", logarithmic", rank: ", by rank"}[this.scale.value];
      const title = `${p.name}${unit}${scale} · ${p.source}${p.help ? ": " + p.help : ""}${clipped ? "; values beyond the ends take the end colours" : ""}`;
      const bar = make("div", {className: "bar"}, make("span", {className: "title", textContent: title}), make("div", {className: "ramp"}),
        ...ends.map(v => make("span", {textContent: human(v, 3)})));
      bar.querySelector(".ramp").style.background = `linear-gradient(to right, ${stops.join(", ")})`;
      this.legend.replaceChildren(bar);
    }

    show_chips() {
      this.legend.replaceChildren(make("div", {className: "chips"}, ...this.scene.species.map((name, k) => {
        const dot = make("i");
        dot.style.background = species_colours[k % species_colours.length];
        return make("span", {className: "chip"}, dot, name);
      })));
    }

    tell(i) {
      const s = this.scene, p = this.property();
      this.said.textContent = `Atom ${s.ids[i]}, ${s.species[s.types[i]]}` + (p ? `: ${p.name} ${human(p.values[i])} ${p.unit}` : "");
    }
  }

  const start_atoms = root => {
    if (heteroglass.viewers.length) return;
    root.querySelector(".waiting")?.remove();
    const first = make("div", {className: "viewer"});
    root.append(first);
    const most = data.scenes.reduce((best, s, i) => s.properties.length > data.scenes[best].properties.length ? i : best, 0);
    const viewers = heteroglass.viewers;
    viewers.push(new Viewer(first, most));
    const compare = make("button", {type: "button", textContent: "compare side by side"});
    compare.setAttribute("aria-pressed", "false");
    compare.addEventListener("click", () => {
      const on = viewers.length < 2;
      compare.setAttribute("aria-pressed", String(on));
      if (on) {
        const second = make("div", {className: "viewer"});
        root.append(second);
        viewers.push(new Viewer(second, Number(viewers[0].choose_scene.value)));
        viewers[1].viewer.setView(viewers[0].viewer.getView());
        viewers[0].viewer.linkViewer(viewers[1].viewer), viewers[1].viewer.linkViewer(viewers[0].viewer);
      } else {
        viewers.pop().panel.remove();
        viewers[0].viewer.linkedViewers = [];
      }
      viewers.forEach(v => (v.viewer.resize(), v.viewer.render()));
    });
    viewers[0].controls.append(compare);
  };

  const atoms = document.querySelector("#atoms .viewers");
  if (atoms && window.$3Dmol) {
    when_near([atoms], start_atoms);
    for (const button of document.querySelectorAll(".show-atoms")) {
      button.addEventListener("click", () => {
        start_atoms(atoms);
        const column = button.dataset.column, matches = p => named(p, column);
        const source = button.dataset.source;
        let scene = data.scenes.findIndex(s => s.properties.some(p => matches(p) && p.source === source));
        if (scene < 0) scene = data.scenes.findIndex(s => s.properties.some(matches));
        if (scene < 0) return;
        heteroglass.viewers[0].load(scene, column);
        document.getElementById("atoms").scrollIntoView();
      });
    }
  }
})();
