/** The panel's own styles: adopted by its shadow root, so the page's policy needs no `unsafe-inline`. */
export const styles = `
:host { all: initial; }
* { box-sizing: border-box; margin: 0; padding: 0; }
.root {
  --ground: #12161f; --raised: #1b212d; --edge: #343d4f; --text: #eef1f6; --soft: #a9b4c6; --line: #f0b429; --on: #63d3a6; --off: #8f9bb0; --bad: #ff8f7d;
  font: 400 14px/1.45 ui-sans-serif, system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; color: var(--text); text-align: left; letter-spacing: 0;
}
button { font: inherit; color: inherit; cursor: pointer; }
:focus-visible { outline: 2px solid var(--line); outline-offset: 2px; }
ul, ol { list-style: none; }
code { font: 12.5px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }

.opener {
  position: fixed; z-index: 2147483000; right: 16px; bottom: 16px; display: flex; align-items: center; gap: 8px; min-height: 44px; padding: 8px 14px 8px 12px;
  border: 1px solid var(--edge); border-radius: 22px; background: var(--ground); box-shadow: 0 4px 16px rgb(0 0 0 / 0.25);
}
.opener svg { display: block; }
.opener-count { min-width: 20px; padding: 0 6px; border-radius: 10px; background: var(--line); color: #1c1503; font-weight: 600; font-size: 12px; line-height: 20px; text-align: center; }

.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.drawer {
  position: fixed; z-index: 2147483001; inset: 0 0 0 auto; width: min(430px, 100vw); display: flex; flex-direction: column;
  background: var(--ground); border-left: 1px solid var(--edge); box-shadow: -8px 0 32px rgb(0 0 0 / 0.3);
}
.head { display: flex; align-items: center; gap: 10px; padding: 12px 16px; border-bottom: 1px solid var(--edge); }
.head h2 { flex: 1; font-size: 16px; font-weight: 600; }
.close { width: 44px; height: 44px; margin: -6px -8px -6px 0; border: 0; border-radius: 8px; background: none; font-size: 22px; line-height: 1; }
.close:hover, .small:hover, .tab:hover { background: var(--raised); }
.tabs { display: flex; gap: 2px; padding: 6px 10px 0; border-bottom: 1px solid var(--edge); overflow-x: auto; }
.tab { min-height: 40px; padding: 6px 10px; border: 0; border-bottom: 2px solid transparent; border-radius: 6px 6px 0 0; background: none; color: var(--soft); white-space: nowrap; }
.tab[aria-selected=true] { color: var(--text); border-bottom-color: var(--line); }
.body { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 14px 16px 32px; }

.card { padding: 12px; border: 1px solid var(--edge); border-radius: 8px; background: var(--raised); }
.card + .card { margin-top: 10px; }
.row { display: flex; align-items: baseline; gap: 8px; flex-wrap: wrap; }
.name { font-weight: 600; overflow-wrap: anywhere; }
.push { margin-left: auto; }
.soft { color: var(--soft); }
.chip { padding: 0 8px; border: 1px solid currentColor; border-radius: 10px; font-size: 12px; line-height: 19px; white-space: nowrap; color: var(--soft); }
.chip.on { color: var(--on); }
.chip.held { color: var(--line); }
.chip.bad { color: var(--bad); }
.small { min-height: 32px; padding: 3px 10px; border: 1px solid var(--edge); border-radius: 6px; background: none; font-size: 13px; }
.why { margin-top: 6px; color: var(--soft); }
details { margin-top: 8px; }
summary { min-height: 28px; color: var(--soft); cursor: pointer; }
summary:hover { color: var(--text); }
.candidate { margin-top: 8px; padding-left: 10px; border-left: 2px solid var(--edge); }
.candidate.won { border-left-color: var(--on); }
.predicate { display: block; margin-top: 4px; padding: 6px 8px; border-radius: 6px; background: var(--ground); color: var(--text); }
.saw { color: var(--line); }
.group { margin: 18px 0 8px; font-size: 14px; font-weight: 600; }
.group:first-child { margin-top: 0; }
.empty { color: var(--soft); }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 12px; }

.track { display: flex; align-items: center; margin-top: 12px; }
.stop { position: relative; flex: 1; height: 16px; }
.stop:last-child { flex: 0 0 16px; }
.stop::before { content: ""; position: absolute; left: 0; right: 0; top: 7px; height: 2px; background: var(--edge); }
.stop:last-child::before { right: auto; width: 8px; }
.stop::after { content: ""; position: absolute; left: 0; top: 2px; width: 12px; height: 12px; border: 2px solid var(--off); border-radius: 50%; background: var(--raised); }
.stop.truth::after { border-radius: 2px; transform: rotate(45deg) scale(0.9); }
.stop.here::after { border-color: var(--line); background: var(--line); box-shadow: 0 0 0 4px rgb(240 180 41 / 0.22); }
.stop.ended::after { border-color: var(--on); background: var(--on); box-shadow: none; }
.stages { margin-top: 6px; }
.stage { position: relative; padding: 4px 0 4px 24px; }
.stage::before { content: ""; position: absolute; left: 6px; top: 0; bottom: 0; width: 2px; background: var(--edge); }
.stage:first-child::before { top: 12px; }
.stage:last-child::before { bottom: auto; height: 12px; }
.stage::after { content: ""; position: absolute; left: 1px; top: 8px; width: 12px; height: 12px; border: 2px solid var(--off); border-radius: 50%; background: var(--raised); }
.stage.truth::after { border-radius: 2px; transform: rotate(45deg) scale(0.9); }
.stage.here::after { border-color: var(--line); background: var(--line); }
.stage.ended::after { border-color: var(--on); background: var(--on); }

.facts { display: grid; grid-template-columns: minmax(96px, auto) 1fr; gap: 6px 14px; }
.facts dt { color: var(--soft); }
.facts dd { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.meter { height: 4px; margin-top: 4px; border-radius: 2px; background: var(--ground); overflow: hidden; }
.meter span { display: block; height: 100%; background: var(--line); }
.switch { display: flex; align-items: center; gap: 10px; min-height: 44px; cursor: pointer; }
.switch input { width: 18px; height: 18px; accent-color: var(--on); }
.frame { position: fixed; z-index: 2147482999; border: 3px solid var(--line); border-radius: 4px; pointer-events: none; box-shadow: 0 0 0 100vmax rgb(18 22 31 / 0.35); }
[hidden] { display: none !important; }

@media (max-width: 600px) {
  .drawer { inset: 18vh 0 0; width: 100vw; border-left: 0; border-top: 1px solid var(--edge); border-radius: 14px 14px 0 0; }
}
@media (prefers-reduced-motion: no-preference) {
  .drawer { animation: arrive 180ms cubic-bezier(0.2, 0.8, 0.2, 1); }
  @keyframes arrive { from { transform: translateX(24px); opacity: 0; } }
}
`;
