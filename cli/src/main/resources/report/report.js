'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const narrow = () => innerWidth <= 700;
  const charts = [];

  // One x axis for everything: every step that has a figure, evaluations and training steps alike.
  const xs = [...new Set([...data.steps.step, ...data.evaluations.step])].sort((a, b) => a - b);
  const onto = (table, field) => {
    const at = new Map(table.step.map((step, i) => [step, table[field][i]]));
    return xs.map(x => at.has(x) ? at.get(x) : null);
  };
  const known = values => values.some(value => value !== null);

  const resetLines = plot => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = style('--reset');
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    for (const step of data.resets.step) {
      const x = Math.round(plot.valToPos(step, 'x', true)) + .5;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  };

  const draw = chart => {
    const node = document.getElementById(chart.id);
    const series = chart.series
      .map(line => ({ ...line, values: onto(data[line.from], line.field) }))
      .filter(line => known(line.values));
    if (chart.plot) chart.plot.destroy();
    chart.plot = null;
    if (series.length === 0) {
      node.innerHTML = '<p class="empty">Nothing was measured.</p>';
      return;
    }
    const axis = {
      stroke: style('--soft'), font: '12px system-ui, sans-serif',
      grid: { stroke: style('--grid'), width: 1 }, ticks: { show: false },
    };
    const digits = chart.digits;
    chart.plot = new uPlot({
      width: node.clientWidth,
      height: chart.tall ? (narrow() ? 230 : 290) : 165,
      cursor: { sync: { key: 'step' }, points: { size: 7 }, drag: { x: false, y: false } },
      scales: { x: { time: false }, y: { range: (u, low, high) => {
        const least = chart.least, span = Math.max(high - low, least);
        const middle = (high + low) / 2;
        let from = high - low < least ? middle - least / 2 : low - .08 * span;
        if (chart.floor !== undefined && low >= chart.floor) from = Math.max(chart.floor, from);
        return [from, Math.max(high + .08 * span, from + span)];
      } } },
      axes: [
        { ...axis, grid: { show: false }, size: 30, values: (u, splits) => splits.map(v => Number.isInteger(v) ? v : '') },
        { ...axis, size: 48 },
      ],
      series: [
        { label: 'step', value: (u, v) => v === null || v === undefined ? '' : v },
        ...series.map(line => ({
          label: line.label, stroke: style(line.color), width: line.width || 2, spanGaps: true,
          points: { show: line.points === true, size: 6, fill: style('--card'), width: 2 },
          value: (u, v) => v === null || v === undefined ? '' : v.toFixed(digits),
        })),
      ],
      hooks: { drawAxes: [resetLines] },
    }, [xs, ...series.map(line => line.values)], node);
  };

  const evaluation = (field, label, color) => ({ from: 'evaluations', field, label, color, points: true });
  const training = (field, label, color) => ({ from: 'steps', field, label, color, width: 1.5 });
  charts.push(
    { id: 'reward', tall: true, digits: 3, least: .1, series: [
      training('reward_mean', 'reward in training', '--train'),
      evaluation('reward_mean', 'reward, held-out prompts', '--reward'),
      evaluation('judge_mean', 'judge, held-out prompts', '--judge')] },
    { id: 'drift', digits: 2, least: .5, floor: 0, series: [
      training('kl_to_initial_nats', 'in training', '--third'),
      evaluation('kl_to_initial_nats', 'held-out prompts', '--drift')] },
    { id: 'perplexity', digits: 2, least: 1, floor: 0, series: [
      evaluation('perplexity_human_text', 'perplexity', '--judge')] },
    { id: 'entropy', digits: 3, least: .2, floor: 0, series: [
      training('entropy_nats', 'in training', '--third'),
      evaluation('entropy_nats', 'held-out prompts', '--drift')] },
    { id: 'distinct', digits: 3, least: .1, floor: 0, series: [
      evaluation('distinct_1', 'distinct-1', '--third'),
      evaluation('distinct_2', 'distinct-2', '--reward')] });

  const drawAll = () => charts.forEach(draw);
  drawAll();
  let width = innerWidth;
  let pending = 0;
  addEventListener('resize', () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(pending);
    pending = setTimeout(drawAll, 120);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
})();
