// The results as text.
import { contestants, peers } from './contestants/names.mjs';

export function hostTable(host, rows) {
  const head = ['rules', 'slots filled', 'wayline µs', ...peers.map((name) => `${name} µs`), ...peers.map((name) => `× ${name}`)];
  const body = rows.map(({ rules, filled, times, ratios }) => [
    rules, filled.toFixed(1), ...contestants.map((name) => micros(times.find((time) => time.name === name).median)), ...peers.map((name) => ratios[name]),
  ]);
  return `One page view in ${host}: microseconds, and how many times Wayline's\n${table(head, body)}`;
}

export const memoryTable = (rows) => `Memory that a pack takes under Node, in kB\n${table(['rules', ...contestants], rows.map((row) => [row.rules, ...contestants.map((name) => kilobytes(row[name]))]))}`;

export const coldTable = (rows) =>
  `From the files to a visitor's first decisions in a fresh Chromium, in ms\n${table(['rules', ...contestants], rows.map((row) => [row.rules, ...contestants.map((name) => row[name].toFixed(1))]))}`;

export function loadingTable(rows) {
  const steps = ['engine', 'program', 'visitor', 'view'];
  const body = rows.map((row) => [row.rules, ...steps.map((step) => row[step].toFixed(2)), kilobytes(row.brotli), kilobytes(row.memory)]);
  return `Loading in a fresh Chromium: ms for each step, kB\n${table(['rules', ...steps, 'program, brotli', 'wasm memory'], body)}`;
}

const micros = (time) => (time < 100 ? time.toFixed(2) : time.toFixed(0));

const kilobytes = (bytes) => Math.round(bytes / 1000);

function table(head, body) {
  const rows = [head, ...body].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => `${row.map((cell, column) => cell.padStart(widths[column])).join('  ')}\n`).join('');
}
