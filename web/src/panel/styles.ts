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
  position: fixed; z-index: 2147483001; inset: 0 0 0 auto; width: min(460px, 100vw); display: flex; flex-direction: column;
  background: var(--ground); border-left: 1px solid var(--edge); box-shadow: -8px 0 32px rgb(0 0 0 / 0.3);
}
.head { display: flex; align-items: center; gap: 10px; padding: 12px 16px; border-bottom: 1px solid var(--edge); }
.head svg { flex: none; }
.head h2 { font-size: 16px; font-weight: 600; }
.site { color: var(--soft); }
.close { width: 44px; height: 44px; margin: -6px -8px -6px auto; border: 0; border-radius: 8px; background: none; font-size: 22px; line-height: 1; }
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
.predicate { display: block; margin-top: 4px; padding: 6px 8px; border-radius: 6px; background: var(--ground); color: var(--text); }
.saw { color: var(--line); }
.group { margin: 18px 0 8px; font-size: 14px; font-weight: 600; }
.group:first-child { margin-top: 0; }
.empty { color: var(--soft); }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 12px; }

.map { display: flex; margin-top: 12px; }
.stop { position: relative; flex: 1 1 0; min-width: 0; padding: 20px 3px 0; overflow: hidden; text-align: center; text-overflow: ellipsis; white-space: nowrap; font-size: 12px; color: var(--soft); }
.stop.here { overflow: visible; color: var(--line); }
.stop.ended { color: var(--on); }
.stop::before { content: ""; position: absolute; left: 0; right: 0; top: 7px; height: 2px; background: var(--edge); }
.stop:first-child::before { left: 50%; }
.stop:last-child::before { right: 50%; }
.stop::after { content: ""; position: absolute; left: 50%; top: 2px; width: 12px; height: 12px; margin-left: -6px; border: 2px solid var(--off); border-radius: 50%; background: var(--raised); }
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
.switches { display: flex; flex-wrap: wrap; gap: 0 20px; }
.small:disabled, .bar-step:disabled { opacity: 0.4; cursor: default; }
.strong { border-color: var(--line); color: var(--line); }

.past { display: flex; align-items: center; justify-content: space-between; gap: 12px; margin: -4px 0 14px; padding: 8px 8px 8px 12px; border: 1px solid var(--line); border-radius: 8px; overflow-wrap: anywhere; }
.past .small { flex: none; }

.foot { border-top: 1px solid var(--edge); }
.bar { padding: 12px 16px 10px; }
.bar-line { position: relative; height: 20px; margin: 0 7px; }
.bar-line::before { content: ""; position: absolute; inset: 9px -7px auto; height: 2px; border-radius: 1px; background: var(--edge); }
.bar-stop { position: absolute; top: 7px; width: 6px; height: 6px; margin-left: -3px; border-radius: 50%; background: var(--off); }
.bar-stop.is-page { top: 5px; width: 10px; height: 10px; margin-left: -5px; border: 2px solid var(--off); background: var(--ground); }
.bar-stop.is-identify, .bar-stop.is-consent { border-radius: 1px; transform: rotate(45deg) scale(1.15); }
.bar-stop.ahead { opacity: 0.45; }
.bar-range { position: absolute; inset: 0 -7px; width: calc(100% + 14px); height: 20px; margin: 0; appearance: none; background: none; cursor: pointer; }
.bar-range::-webkit-slider-thumb { appearance: none; width: 14px; height: 14px; border: 2px solid var(--line); border-radius: 50%; background: var(--line); box-shadow: 0 0 0 4px rgb(240 180 41 / 0.22); }
.bar-range::-moz-range-thumb { width: 10px; height: 10px; border: 2px solid var(--line); border-radius: 50%; background: var(--line); box-shadow: 0 0 0 4px rgb(240 180 41 / 0.22); }
.bar-row { display: flex; align-items: center; gap: 4px; min-height: 36px; margin-top: 4px; }
.bar-step { width: 36px; height: 36px; border: 0; border-radius: 6px; background: none; font-size: 20px; line-height: 1; }
.bar-step:hover:enabled { background: var(--raised); }
.bar-step:first-child { margin-left: -10px; }
.bar-title { flex: 1; min-width: 0; margin-left: 6px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; color: var(--soft); font-variant-numeric: tabular-nums; }
.bar-title b { color: var(--text); font-weight: 600; }

.moments { margin-top: 14px; }
.moment { position: relative; padding: 0 0 14px 26px; }
.moment::before { content: ""; position: absolute; left: 6px; top: 0; bottom: 0; width: 2px; background: var(--edge); }
.moment:first-child::before { top: 10px; }
.moment:last-child::before { bottom: auto; height: 12px; }
.moment::after { content: ""; position: absolute; left: 3px; top: 7px; width: 8px; height: 8px; border-radius: 50%; background: var(--off); box-shadow: 0 0 0 3px var(--ground); }
.moment.is-page::after { left: 1px; top: 5px; width: 12px; height: 12px; border: 2px solid var(--off); background: var(--ground); }
.moment.is-identify::after, .moment.is-consent::after { border-radius: 1px; transform: rotate(45deg); }
.moment.here::after { border-color: var(--line); background: var(--line); }
.moment .row { flex-wrap: nowrap; }
.moment .push { flex: none; font-variant-numeric: tabular-nums; }
.moment-title { min-height: 24px; padding: 0; border: 0; background: none; text-align: left; overflow-wrap: anywhere; }
.moment.is-page .moment-title { font-weight: 600; }
.moment-title:hover { text-decoration: underline; text-underline-offset: 3px; }
.here .moment-title { color: var(--line); }
.changes { margin-top: 2px; font-size: 13px; overflow-wrap: anywhere; }
.changes b { font-weight: 400; color: var(--on); }

.save { display: grid; gap: 8px; margin-top: 12px; }
.field, .story { width: 100%; padding: 8px 10px; border: 1px solid var(--edge); border-radius: 6px; background: var(--ground); color: var(--text); }
.field { font: inherit; }
.story { font: 12px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre; resize: vertical; }
.notes { padding-left: 18px; list-style: disc; color: var(--soft); }
[hidden] { display: none !important; }

@media (max-width: 600px) {
  .drawer { inset: 18vh 0 0; width: 100vw; border-left: 0; border-top: 1px solid var(--edge); border-radius: 14px 14px 0 0; }
}
@media (prefers-reduced-motion: no-preference) {
  .drawer { animation: arrive 180ms cubic-bezier(0.2, 0.8, 0.2, 1); }
  @keyframes arrive { from { transform: translateX(24px); opacity: 0; } }
}
`;
