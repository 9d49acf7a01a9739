'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const hidden = new Set();
  const plots = [];

  // A pointer near a mark is told what it is; the title of each mark says it without a script.
  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.hidden = true;
  document.body.append(tip);
  for (const chart of document.querySelectorAll('.view .armchart')) {
    const dots = [...chart.querySelectorAll('.dot')];
    chart.addEventListener('pointermove', event => {
      let nearest = null, best = 24;
      for (const dot of dots) {
        if (dot.parentNode.classList.contains('faded')) continue;
        const box = dot.getBoundingClientRect();
        const distance = Math.hypot(box.x + box.width / 2 - event.clientX, box.y + box.height / 2 - event.clientY);
        if (distance < best) { best = distance; nearest = dot; }
      }
      tip.hidden = nearest === null;
      if (nearest !== null) {
        tip.textContent = nearest.querySelector('title').textContent;
        tip.style.left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8) + 'px';
        tip.style.top = (event.clientY + 16) + 'px';
      }
    });
    chart.addEventListener('pointerleave', () => { tip.hidden = true; });
  }

  const draw = node => {
    const figure = data[node.dataset.figure];
    if (!figure || figure.arms.length === 0) return;
    const xs = [...new Set(figure.arms.flatMap(arm => arm.step))].sort((a, b) => a - b);
    const series = [{ label: 'step', value: (u, v) => v === null || v === undefined ? '' : v }];
    const columns = [xs];
    const bands = [];
    figure.arms.forEach(arm => {
      const at = new Map(arm.step.map((step, i) => [step, i]));
      const column = f => xs.map(x => at.has(x) ? f(at.get(x)) : null);
      const colour = style('--arm-' + arm.colour);
      const show = !hidden.has(arm.name);
      const first = series.length;
      const edge = { stroke: 'transparent', width: 0, points: { show: false }, spanGaps: true, show, label: '' };
      series.push({ label: arm.name, stroke: colour, width: 2, spanGaps: true, show,
        points: { show: true, size: 6, fill: style('--card'), width: 2 },
        value: (u, v) => v === null || v === undefined ? '' : v.toFixed(figure.decimals) },
        edge, { ...edge });
      columns.push(column(i => arm.mean[i]), column(i => arm.mean[i] + arm.error[i]), column(i => arm.mean[i] - arm.error[i]));
      bands.push({ series: [first + 1, first + 2], fill: colour + '22' });
    });
    const axis = { stroke: style('--soft'), font: '12px system-ui, sans-serif',
      grid: { stroke: style('--grid'), width: 1 }, ticks: { show: false } };
    const old = plots.findIndex(plot => plot.node === node);
    if (old >= 0) plots.splice(old, 1)[0].plot.destroy();
    node.replaceChildren();
    const plot = new uPlot({
      width: node.clientWidth, height: 220,
      cursor: { sync: { key: 'step' }, points: { size: 7 }, drag: { x: false, y: false } },
      scales: { x: { time: false } },
      axes: [{ ...axis, grid: { show: false }, size: 30, values: (u, s) => s.map(v => Number.isInteger(v) ? v : '') }, { ...axis, size: 52 }],
      series, bands,
    }, columns, node);
    // The edges of the bands have no entry of their own.
    node.querySelectorAll('.u-legend .u-series').forEach((row, i) => { if (i > 0 && (i - 1) % 3 > 0) row.style.display = 'none'; });
    plots.push({ node, plot });
  };
  const drawAll = () => document.querySelectorAll('.chart[data-figure]').forEach(draw);

  // The legend of the page hides arms, in the curves and in the front.
  const legend = document.getElementById('legend');
  if (legend) for (const item of legend.children) {
    const button = document.createElement('button');
    const name = item.textContent;
    button.type = 'button';
    button.append(...item.childNodes);
    button.setAttribute('aria-pressed', 'true');
    button.addEventListener('click', () => {
      if (hidden.has(name)) hidden.delete(name); else hidden.add(name);
      button.setAttribute('aria-pressed', String(!hidden.has(name)));
      document.querySelectorAll('.armchart [data-arm]').forEach(node => node.classList.toggle('faded', hidden.has(node.dataset.arm)));
      drawAll();
    });
    item.append(button);
  }
  drawAll();
  let width = innerWidth, pending = 0;
  addEventListener('resize', () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(pending);
    pending = setTimeout(drawAll, 120);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
})();
