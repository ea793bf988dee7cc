/** A line with three stops, the middle one taken: what the engine draws through a visitor's days. */
export function mark(): SVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('width', '26');
  svg.setAttribute('height', '14');
  svg.setAttribute('viewBox', '0 0 26 14');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(namespace, 'path');
  path.setAttribute('d', 'M3 11h6l8-8h6');
  path.setAttribute('fill', 'none');
  path.setAttribute('stroke', '#f0b429');
  path.setAttribute('stroke-width', '2');
  svg.append(path);
  for (const [x, y] of [[3, 11], [13, 7], [23, 3]] as const) {
    const stop = document.createElementNS(namespace, 'circle');
    stop.setAttribute('cx', String(x));
    stop.setAttribute('cy', String(y));
    stop.setAttribute('r', '2.6');
    stop.setAttribute('fill', x === 13 ? '#f0b429' : '#12161f');
    stop.setAttribute('stroke', '#f0b429');
    stop.setAttribute('stroke-width', '1.6');
    svg.append(stop);
  }
  return svg;
}
