// Draws the figures of a page above their tables, in the admin's colours. Without it the tables stand alone.
"use strict";
(() => {
  const LONG_TABLE = 8;
  const numbers = {};
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const words = (value, drawn) => {
    const digits = drawn.digits;
    const language = document.documentElement.lang || undefined;
    numbers[digits] ||= new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    return value === null || value === undefined ? "–" : numbers[digits].format(value) + drawn.behind;
  };

  // The admin's own colours, as they are now: another theme is another set of the same names.
  const coloursOf = (figure) => {
    const style = getComputedStyle(figure);
    const read = (name) => style.getPropertyValue("--microseg-" + name).trim();
    return {
      text: read("text"), quiet: read("quiet"), line: read("line"), paper: read("paper"),
      tones: { this: read("this"), rest: read("rest") },
      palette: [1, 2, 3, 4, 5, 6].map((number) => read("colour-" + number)),
    };
  };
  const toneOf = (tone, at, colours) => colours.tones[tone] || colours.palette[at % colours.palette.length];
  const faint = (colour, part) => Chart.helpers.color(colour).alpha(part).rgbString();

  // Long names in lines, so that none is cut off on a phone.
  const inLines = (label, longest) => {
    const lines = [""];
    for (const word of label.split(" ")) {
      const last = lines.length - 1;
      if (!lines[last] || lines[last].length + word.length < longest) lines[last] = `${lines[last]} ${word}`.trim();
      else lines.push(word);
    }
    return lines;
  };

  const axis = (title, colours, more) => ({
    title: { display: !!title, text: title, color: colours.quiet },
    ticks: { color: colours.quiet, maxRotation: 0, autoSkipPadding: 12, ...(more && more.ticks) },
    grid: { color: colours.line, display: !(more && more.isPlain) },
    border: { color: colours.line },
    ...(more && more.scale),
  });

  const sure = (series, at, drawn) =>
    series.low.length && series.low[at] !== null && series.high[at] !== null
      ? ` (${words(series.low[at], drawn)} – ${words(series.high[at], drawn)})`
      : "";
  const said = (drawn) => ({
    filter: (item) => item.dataset.series !== undefined,
    callbacks: {
      title: (items) => (items.length ? drawn.labels[items[0].dataIndex] : ""),
      label: (item) => {
        const series = drawn.series[item.dataset.series];
        return `${series.name}: ${words(series.values[item.dataIndex], drawn)}${sure(series, item.dataIndex, drawn)}`;
      },
    },
  });
  const legend = (colours, isShown) => ({
    display: isShown,
    position: "bottom",
    labels: { color: colours.text, boxWidth: 14, boxHeight: 3, filter: (item, data) => data.datasets[item.datasetIndex].series !== undefined },
  });

  // Whiskers of lying bars, upright lines where something happened, figures in cells: Chart.js has none of them.
  const drawOver = (drawn, colours) => ({
    id: "microsegOver",
    afterDatasetsDraw(chart) {
      const { ctx, chartArea, scales } = chart;
      ctx.save();
      ctx.lineWidth = 1;
      if (drawn.kind === "line") {
        ctx.strokeStyle = colours.quiet;
        ctx.setLineDash([2, 3]);
        for (const label of drawn.marks) {
          const x = scales.x.getPixelForValue(drawn.labels.indexOf(label));
          ctx.strokeRect(x, chartArea.top, 0, chartArea.bottom - chartArea.top);
        }
      }
      if (drawn.kind === "bars") {
        ctx.strokeStyle = colours.text;
        drawn.series.forEach((series, number) => {
          chart.getDatasetMeta(number).data.forEach((bar, at) => {
            if (!series.low.length || series.low[at] === null || series.high[at] === null) return;
            const within = (value) => Math.min(chartArea.right, Math.max(chartArea.left, scales.x.getPixelForValue(value)));
            const [from, to] = [within(Math.max(series.low[at], drawn.isRatio ? 0.01 : -Infinity)), within(series.high[at])];
            ctx.beginPath();
            ctx.moveTo(from, bar.y);
            ctx.lineTo(to, bar.y);
            for (const x of [from, to]) {
              ctx.moveTo(x, bar.y - 3);
              ctx.lineTo(x, bar.y + 3);
            }
            ctx.stroke();
          });
        });
      }
      if (drawn.kind === "matrix") {
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        ctx.font = Chart.helpers.toFont({ size: 12 }).string;
        chart.getDatasetMeta(0).data.forEach((cell, at) => {
          const { v, part } = chart.data.datasets[0].data[at];
          const { x, y } = cell.getCenterPoint();
          ctx.fillStyle = colours.text;
          if (part > 0.55) ctx.fillStyle = colours.paper;
          ctx.fillText(words(v, drawn), x, y);
        });
      }
      ctx.restore();
    },
  });

  const kinds = {
    line(drawn, colours) {
      const datasets = [];
      drawn.series.forEach((series, at) => {
        const colour = toneOf(series.tone, at, colours);
        datasets.push({
          series: at, label: series.name, data: series.values, borderColor: colour, backgroundColor: colour, borderWidth: 2,
          pointRadius: drawn.labels.length > 1 ? 0 : 3, pointHitRadius: 12, pointHoverRadius: 4, spanGaps: false,
          segment: { borderDash: (part) => (series.dashed[part.p1DataIndex] ? [3, 5] : undefined) },
        });
        if (!series.low.length) return;
        const edge = { borderWidth: 0, pointRadius: 0, pointHitRadius: 0, backgroundColor: faint(colour, 0.18) };
        datasets.push({ ...edge, data: series.low, fill: false }, { ...edge, data: series.high, fill: "-1" });
      });
      const format = { ticks: { callback: (value) => words(value, drawn) }, scale: { beginAtZero: true } };
      return {
        type: "line",
        data: { labels: drawn.labels, datasets },
        options: {
          interaction: { mode: "index", intersect: false },
          scales: { x: axis(drawn.x, colours, { isPlain: true }), y: axis(drawn.y, colours, format) },
          plugins: { legend: legend(colours, drawn.series.length > 1), tooltip: said(drawn) },
        },
      };
    },

    bars(drawn, colours, isNarrow) {
      const labels = drawn.labels.map((label) => inLines(label, isNarrow ? 16 : 36));
      const lines = labels.reduce((sum, label) => sum + Math.max(2, label.length, drawn.series.length + 1), 0);
      // An index is a ratio: half as often lies as far to the left as twice as often lies to the right.
      const least = drawn.base / 8;
      const ratio = {
        type: "logarithmic",
        afterBuildTicks: (scale) => {
          scale.ticks = [-2, -1, 0, 1, 2, 3, 4, 5]
            .map((power) => ({ value: drawn.base * 2 ** power }))
            .filter((tick) => tick.value >= scale.min && tick.value <= scale.max);
        },
      };
      if (drawn.isRatio) {
        const all = drawn.series.flatMap((series) => series.values).filter((value) => value !== null);
        const furthest = Math.max(2, ...all.map((value) => Math.max(value, least) / drawn.base).map((part) => Math.max(part, 1 / part)));
        ratio.max = drawn.base * Math.min(furthest, 32) * 1.1;
        ratio.min = drawn.base / (Math.min(furthest, 8) * 1.1);
      }
      const scale = { ticks: { callback: (value) => words(value, drawn) }, scale: drawn.isRatio ? ratio : { beginAtZero: true } };
      return {
        type: "bar",
        height: 90 + 14 * lines,
        data: {
          labels,
          datasets: drawn.series.map((series, at) => ({
            series: at, label: series.name, base: drawn.base, maxBarThickness: 18,
            data: series.values.map((value) => (value !== null && drawn.isRatio ? Math.max(value, least) : value)),
            backgroundColor: toneOf(series.tone, at, colours),
          })),
        },
        options: {
          indexAxis: "y",
          scales: { x: axis(drawn.x, colours, scale), y: axis(drawn.y, colours, { isPlain: true, ticks: { autoSkip: false, color: colours.text } }) },
          plugins: { legend: legend(colours, drawn.series.length > 1), tooltip: said(drawn) },
        },
      };
    },

    matrix(drawn, colours) {
      const most = Math.max(...drawn.values.flat().map((value) => value || 0), Number.MIN_VALUE);
      const data = drawn.rows.flatMap((row, y) =>
        drawn.columns.map((column, x) => ({ x: column, y: row, v: drawn.values[y][x], part: (drawn.values[y][x] || 0) / most })),
      );
      const cells = (title, labels, more) => axis(title, colours, { isPlain: true, ticks: { color: colours.text, autoSkip: false, ...more.ticks }, scale: { type: "category", labels, offset: true, ...more.scale } });
      return {
        type: "matrix",
        height: 80 + drawn.rows.length * 36,
        data: {
          datasets: [{
            data,
            backgroundColor: (item) => faint(colours.tones.this, item.raw ? 0.06 + 0.84 * item.raw.part : 0),
            width: ({ chart }) => (chart.chartArea ? chart.chartArea.width / drawn.columns.length - 3 : 0),
            height: ({ chart }) => (chart.chartArea ? chart.chartArea.height / drawn.rows.length - 3 : 0),
          }],
        },
        options: {
          scales: {
            x: cells(drawn.x, drawn.columns, { ticks: { maxRotation: 60 }, scale: { position: "top" } }),
            y: cells(drawn.y, drawn.rows, { scale: { reverse: false } }),
          },
          plugins: {
            legend: { display: false },
            tooltip: { callbacks: { title: () => "", label: ({ raw }) => `${raw.y}, ${raw.x}: ${words(raw.v, drawn)}` } },
          },
        },
      };
    },

    sankey(drawn, colours) {
      const names = Object.fromEntries(drawn.nodes.map((node) => [node.key, node.name]));
      const known = [...new Set(drawn.nodes.filter((node) => !node.tone).map((node) => node.name))];
      const tone = Object.fromEntries(drawn.nodes.map((node) => [node.key, toneOf(node.tone, known.indexOf(node.name), colours)]));
      return {
        type: "sankey",
        height: 80 + drawn.nodes.length * 34,
        data: {
          datasets: [{
            data: drawn.links, labels: names, color: colours.text, borderWidth: 0, size: "max", nodePadding: 18,
            colorFrom: (item) => tone[item.dataset.data[item.dataIndex].from],
            colorTo: (item) => tone[item.dataset.data[item.dataIndex].to],
            colorMode: "gradient", alpha: 0.45,
          }],
        },
        options: {
          plugins: {
            legend: { display: false },
            tooltip: { callbacks: { title: () => "", label: ({ raw }) => `${names[raw.from]} → ${names[raw.to]}: ${words(raw.flow, drawn)}` } },
          },
        },
      };
    },
  };

  const shown = new Map();
  const draw = (figure) => {
    const drawn = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    const colours = coloursOf(figure);
    const chart = kinds[drawn.kind](drawn, colours, figure.clientWidth < 560);
    const box = figure.querySelector(".microseg-drawing");
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", drawn.label);
    if (shown.has(figure)) shown.get(figure).destroy();
    box.replaceChildren(canvas);
    box.hidden = false;
    if (chart.height) box.style.height = `${chart.height}px`;
    chart.options = { responsive: true, maintainAspectRatio: false, animation: still.matches ? false : { duration: shown.has(figure) ? 0 : 300 }, ...chart.options };
    Chart.defaults.font.family = getComputedStyle(figure).fontFamily;
    shown.set(figure, new Chart(canvas, { ...chart, plugins: [drawOver(drawn, colours)] }));
  };

  const begin = () => {
    const figures = document.querySelectorAll(".microseg-chart-figure");
    for (const figure of figures) {
      draw(figure);
      const table = figure.querySelector("details");
      if (table && table.querySelectorAll("tbody tr").length > LONG_TABLE) table.open = false;
    }
    const again = () => shown.forEach((chart, figure) => draw(figure));
    dark.addEventListener("change", again);
    const changes = new MutationObserver(again);
    changes.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "class"] });
  };
  if (window.Chart) begin();
})();
