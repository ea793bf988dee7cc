// The time of a page view over the number of rules, both on logarithmic scales, as an SVG for the README.
import { contestants } from './contestants/names.mjs';

const size = { width: 760, height: 440 };
const plot = { left: 70, top: 40, right: 600, bottom: 380 };
const colours = { wayline: '#c2410c', closures: '#0f766e', 'json-logic-engine': '#4338ca', 'json-logic-js': '#7e22ce', growthbook: '#64748b' };
/** Labels at the ends of the lines stay that far apart. */
const labelPitch = 16;

/** `rows`: of one host, as in rules.json. */
export function picture(rows) {
  const timesOf = (name) => rows.map(({ rules, times }) => [rules, times.find((time) => time.name === name).median]);
  const all = contestants.flatMap((name) => timesOf(name).map(([, time]) => time));
  const x = scale(rows[0].rules, rows.at(-1).rules, plot.left, plot.right);
  const low = 10 ** Math.floor(Math.log10(Math.min(...all))), high = 10 ** Math.ceil(Math.log10(Math.max(...all)));
  const y = scale(low, high, plot.bottom, plot.top);
  const lines = contestants.map((name) => line(name, timesOf(name).map(([rules, time]) => [x(rules), y(time)])));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="system-ui, sans-serif" font-size="13" fill="#334155">
<title>Time to decide a page view over the number of page rules</title>
<rect width="${size.width}" height="${size.height}" fill="#fff"/>
<text x="${plot.left}" y="22" font-weight="600">Time to decide one page view</text>
${decades(low, high).map((time) => `<path d="M${plot.left} ${y(time)}H${plot.right}" stroke="#e2e8f0"/><text x="${plot.left - 8}" y="${y(time) + 4}" text-anchor="end">${duration(time)}</text>`).join('\n')}
${rows.map(({ rules }) => `<text x="${x(rules)}" y="${plot.bottom + 22}" text-anchor="middle">${rules.toLocaleString('en')}</text>`).join('\n')}
<text x="${(plot.left + plot.right) / 2}" y="${plot.bottom + 46}" text-anchor="middle">page rules</text>
${lines.join('\n')}
${labels(contestants.map((name) => [name, y(timesOf(name).at(-1)[1])])).join('\n')}
</svg>
`;
}

function scale(low, high, from, to) {
  const slope = (to - from) / (Math.log10(high) - Math.log10(low) || 1);
  return (value) => Number((from + (Math.log10(value) - Math.log10(low)) * slope).toFixed(1));
}

function decades(low, high) {
  const list = [];
  for (let value = low; value <= high * 1.01; value *= 10) list.push(value);
  return list;
}

function line(name, points) {
  const width = name === 'wayline' ? 3.5 : 2;
  const dots = points.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="${width}"/>`).join('');
  return `<g fill="${colours[name]}"><path d="M${points.map((point) => point.join(' ')).join('L')}" fill="none" stroke="${colours[name]}" stroke-width="${width}"/>${dots}</g>`;
}

/** Beside the ends of the lines, moved up where two would overlap. */
function labels(ends) {
  let last = Infinity;
  return [...ends].sort((a, b) => b[1] - a[1]).map(([name, end]) => {
    last = Math.min(end + 4, last - labelPitch);
    return `<text x="${plot.right + 12}" y="${last.toFixed(1)}" fill="${colours[name]}" font-weight="${name === 'wayline' ? 700 : 400}">${name === 'wayline' ? 'Wayline' : name}</text>`;
  });
}

function duration(micros) {
  if (micros >= 1e6) return `${micros / 1e6} s`;
  return micros >= 1000 ? `${micros / 1000} ms` : `${Number(micros.toPrecision(1))} µs`;
}
