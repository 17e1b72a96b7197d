// The report's own script: draws the figures, sorts tables, shows atoms. Everything it needs stands in #report-data.
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("report-data").textContent);
  const palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f"];
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const make = (tag, attributes = {}, ...children) => {
    const e = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) key in e ? (e[key] = value) : e.setAttribute(key, value);
    e.append(...children);
    return e;
  };
  const translucent = (colour, alpha) => {
    const n = parseInt(colour.slice(1), 16);
    return `rgba(${n >> 16},${(n >> 8) & 255},${n & 255},${alpha})`;
  };
  const save = (name, href) => make("a", {href, download: name}).click();

  // ---- numbers
  const superscript = n => String(n).replace(/-/g, "⁻").replace(/\d/g, d => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d]);
  const human = (v, digits = 4) => {
    if (v === null || !isFinite(v)) return "–";
    if (v === 0) return "0";
    const e = Math.floor(Math.log10(Math.abs(v)));
    if (e >= 6 || e < -3) return `${human(v / 10 ** e, digits)} × 10${superscript(e)}`;
    return String(Number(v.toPrecision(digits))).replace("-", "−");
  };

  // ---- figures
  const band = (s, colour, group) => {
    const x = [], low = [], high = [];
    s.y.forEach((y, i) => {
      if (y === null || s.error[i] === null) return;
      x.push(s.x[i]), low.push(y - s.error[i]), high.push(y + s.error[i]);
    });
    const common = {x, mode: "lines", line: {width: 0}, hoverinfo: "skip", showlegend: false, legendgroup: group};
    return [{...common, y: low}, {...common, y: high, fill: "tonexty", fillcolor: translucent(colour, 0.22)}];
  };

  const traces = figure => figure.series.flatMap((s, i) => {
    const modelled = figure.kind === "points" && figure.series.some(t => t.kind === "line");
    const colour = s.colour || palette[i % palette.length], group = String(i), errors = s.error.length > 0;
    const x = figure.x.categories.length ? s.x.map(k => figure.x.categories[k]) : s.x;
    const base = {x, y: s.y, name: s.name, legendgroup: group, showlegend: s.name !== ""};
    const error_y = errors ? {type: "data", array: s.error, thickness: 1.3, width: 3} : undefined;
    if (s.kind === "points") return [{...base, mode: "markers", marker: {color: colour, size: s.y.length > 60 ? 4 : 7, opacity: modelled && s.y.length > 30 ? 0.45 : 1}, error_y}];
    if (s.kind === "bars") return [{...base, type: "bar", marker: {color: colour}, error_y}];
    if (s.kind === "histogram") return [{...base, type: "bar", width: figure.width, marker: {color: colour, line: {color: style("--paper"), width: 0.5}}}];
    return [...(errors ? band(s, colour, group) : []), {...base, mode: "lines", line: {color: colour, width: 1.8}}];
  });

  const axis = a => ({
    ...(a.range ? {range: a.range} : {}),
    title: {text: plain(a.title), standoff: 8}, type: a.categories.length ? "category" : a.log ? "log" : "linear", automargin: true,
    gridcolor: style("--line"), linecolor: style("--soft"), zerolinecolor: style("--soft"), ticks: "outside", tickcolor: style("--line"),
    exponentformat: "power", minexponent: 5, zerolinewidth: 1,
  });
  // Plotly reads a few tags in titles; names are text.
  const plain = text => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

  // Room for the tools and, below them, the rows of the legend.
  const top = figure => {
    const letters = figure.series.reduce((sum, s) => sum + (s.name ? s.name.length + 8 : 0), 0);
    return 34 + 20 * Math.ceil(letters / 55);
  };

  const layout = figure => ({
    autosize: true, height: figure.x.categories.length > 8 ? 430 : 350, margin: {l: 60, r: 14, t: top(figure), b: 50}, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: {family: "system-ui, sans-serif", size: 13, color: style("--ink")}, xaxis: {...axis(figure.x), zeroline: false}, yaxis: axis(figure.y), bargap: 0.2, hovermode: "closest",
    legend: {orientation: "h", x: 0, y: 1, yanchor: "bottom", font: {size: 12}}, hoverlabel: {namelength: -1},
    modebar: {bgcolor: "rgba(0,0,0,0)", color: style("--soft"), activecolor: style("--accent")},
  });

  const csv = figure => {
    const quote = t => `"${String(t).replace(/"/g, '""')}"`;
    const rows = [["series", figure.x.title, figure.y.title, "standard uncertainty"].map(quote).join(",")];
    for (const s of figure.series)
      s.y.forEach((y, i) => rows.push([quote(s.name || figure.name), figure.x.categories.length ? quote(figure.x.categories[s.x[i]]) : s.x[i], y ?? "", s.error[i] ?? ""].join(",")));
    return rows.join("\n") + "\n";
  };

  const draw = div => {
    const figure = data.figures[div.dataset.figure];
    if (figure.kind === "map") return;  // a picture already
    const escaped = {...figure, series: figure.series.map(s => ({...s, name: plain(s.name)})), x: {...figure.x, categories: figure.x.categories.map(plain)}};
    if (!div.dataset.drawn) div.replaceChildren();
    div.dataset.drawn = "yes";
    Plotly.react(div, traces(escaped), layout(figure), {
      responsive: true, displaylogo: false, plotlyServerURL: "", modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "sendChartToCloud"],
      toImageButtonOptions: {format: "svg", filename: figure.name},
      modeBarButtonsToAdd: [{name: "csv", title: "Save the numbers as CSV", icon: Plotly.Icons.disk,
        click: () => save(figure.name + ".csv", "data:text/csv;charset=utf-8," + encodeURIComponent(csv(figure)))}],
    });
  };

  const when_near = (elements, action) => {
    if (!("IntersectionObserver" in window)) return elements.forEach(action);
    const watch = new IntersectionObserver(seen => seen.forEach(s => {
      if (s.isIntersecting) watch.unobserve(s.target), action(s.target);
    }), {rootMargin: "400px"});
    elements.forEach(e => watch.observe(e));
  };

  // ---- tables and commands
  const sort_table = (table, column) => {
    const heads = [...table.tHead.rows[0].cells], head = heads[column], up = head.getAttribute("aria-sort") === "descending";
    heads.forEach(h => h.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const numeric = head.classList.contains("n");
    const key = row => {
      const cell = row.cells[column];
      return numeric ? (cell.dataset.v === "" ? -Infinity : Number(cell.dataset.v)) : cell.textContent;
    };
    const order = (a, b) => numeric ? a - b : a.localeCompare(b, "en", {numeric: true});
    const rows = [...table.tBodies[0].rows].sort((a, b) => (up ? 1 : -1) * (order(key(a), key(b)) || 0));
    table.tBodies[0].append(...rows);
  };

  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((head, i) => {
      head.tabIndex = 0, head.title = "sort";
      head.addEventListener("click", () => sort_table(table, i));
      head.addEventListener("keydown", e => e.key === "Enter" && sort_table(table, i));
    });
  }

  const copy = async (text, button) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = make("textarea", {value: text});
      document.body.append(area);
      area.select(), document.execCommand("copy"), area.remove();
    }
    button.textContent = "copied";
    setTimeout(() => (button.textContent = "copy"), 1500);
  };
  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button.previousElementSibling.textContent, button));
  }

  window.heteroglass = {data, viewers: [], tools: {style, make, human, save, when_near}};
  if (window.Plotly) {
    when_near([...document.querySelectorAll(".canvas")], draw);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.querySelectorAll(".canvas[data-drawn]").forEach(draw));
  }
})();
