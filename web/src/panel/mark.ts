function drawn(tag: string, attributes: Readonly<Record<string, string>>, ...children: readonly SVGElement[]): SVGElement {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag) as SVGElement;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const line = '#f0b429';
const stop = (x: string, y: string, fill: string): SVGElement => drawn('circle', { cx: x, cy: y, r: '2.6', fill, stroke: line, 'stroke-width': '1.6' });

/** A line with three stops, the middle one taken: what the engine draws through a visitor's days. */
export function mark(): SVGElement {
  return drawn(
    'svg',
    { width: '26', height: '14', viewBox: '0 0 26 14', 'aria-hidden': 'true' },
    drawn('path', { d: 'M3 11h6l8-8h6', fill: 'none', stroke: line, 'stroke-width': '2' }),
    stop('3', '11', '#12161f'),
    stop('13', '7', line),
    stop('23', '3', '#12161f'),
  );
}
