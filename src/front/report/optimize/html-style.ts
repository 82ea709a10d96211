// The style of the page: calm, one column, light or dark as the reader's system is.

/** CSS. */
export const PAGE_STYLE = `
:root {
  --paper: #fcfcfb; --panel: #f4f4f1; --ink: #1d1f21; --soft: #63686d; --line: #e2e2dd;
  --good: #1a7f4b; --bad: #b3372b; --warn: #94620b; --accent: #2f5fb3;
  --base: #a9adb3; --run: #4c74c9; --copy: #2e9e8a; --add: #d18f2c; --workdir: #c9a3cf;
  --hot: #d4572a; --cold: #e6e5df; --added: #e4f5ea; --removed: #fbe9e6;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181a; --panel: #1f2225; --ink: #e5e6e4; --soft: #9a9fa5; --line: #33373b;
    --good: #5cc98d; --bad: #ee8577; --warn: #dcae5a; --accent: #8db1f2;
    --base: #5f656c; --run: #5f86d8; --copy: #35a894; --add: #cf9338; --workdir: #8f6a97;
    --hot: #e06a3c; --cold: #303438; --added: #173527; --removed: #3f2220;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.5rem 3rem; }
h1 { font-size: 1.65rem; line-height: 1.3; font-weight: 650; margin: .2rem 0 1.6rem; text-wrap: balance; }
h2 { font-size: 1.1rem; font-weight: 650; margin: 2.8rem 0 .8rem; }
h3 { font: 600 .9rem/1.4 ui-monospace, "SF Mono", Menlo, Consolas, monospace; margin: 1.2rem 0 .6rem; }
p { margin: .5rem 0; }
code, pre { font: .84rem/1.55 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
s { text-decoration: none; color: var(--soft); }
.place { margin: 0; color: var(--soft); }
.place span { color: var(--ink); font-weight: 600; }
.note, .legend, .basis, .notes { color: var(--soft); font-size: .9rem; }
.notes { margin-top: 2.4rem; border-top: 1px solid var(--line); padding-top: 1rem; }
footer { margin-top: 3rem; color: var(--soft); font-size: .85rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.8rem, 1fr)); gap: .8rem; margin: 0; }
.card { background: var(--panel); border-radius: .6rem; padding: .8rem .9rem; min-width: 0; }
.card dt { color: var(--soft); font-size: .85rem; }
.card dd { margin: 0; }
.card .values { font-size: .92rem; }
.card .values s, .card .values b { white-space: nowrap; }
.card .values b { font-size: 1.12rem; font-weight: 650; }
.card .values s::after { content: " →"; }
.good { color: var(--good); } .worse { color: var(--warn); } .even { color: var(--soft); }
.card .basis { font-size: .78rem; line-height: 1.35; margin-top: .2rem; }
.bars { display: grid; gap: .5rem; }
.side { display: grid; grid-template-columns: 3.6rem 1fr 8.6rem; gap: .8rem; align-items: center; }
.side .name { color: var(--soft); font-size: .9rem; }
.side .end { font-weight: 600; font-size: .95rem; white-space: nowrap; }
.track { min-width: 0; }
.bar { display: flex; gap: 2px; height: 2.5rem; border-radius: .35rem; overflow: hidden; min-width: 2px; }
.seg { min-width: 3px; overflow: hidden; display: flex; align-items: center; background: var(--base); container-type: inline-size; }
.seg > span { color: #fff; font-size: .76rem; padding: 0 .5rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
@container (max-width: 3.2rem) { .seg > span { display: none; } }
.seg:hover { filter: brightness(1.12); }
.run { background: var(--run); } .copy { background: var(--copy); } .add { background: var(--add); } .workdir { background: var(--workdir); } .base { background: var(--base); }
.share { background: color-mix(in srgb, var(--hot) var(--share), var(--cold)); }
.share > span { color: var(--ink); }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; margin: .7rem 0; }
.legend i { display: inline-block; width: .75rem; height: .75rem; border-radius: .2rem; margin-right: .4rem; vertical-align: -.05rem; }
.legend i.dot { border-radius: 50%; } .dot.before { background: var(--soft); } .dot.after { background: var(--good); }
.legend i.dot.limit { border-radius: 0; height: 2px; vertical-align: .25rem; background: var(--accent); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th { text-align: left; font-weight: 500; color: var(--soft); font-size: .84rem; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
td { padding: .45rem .6rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.number { text-align: right; white-space: nowrap; }
th.number:last-child, td.number:last-child { padding-right: 0; }
.rewrite { color: var(--accent); white-space: nowrap; }
.badge { font-size: .8rem; border-radius: 1rem; padding: .1rem .6rem; background: var(--panel); color: var(--soft); white-space: nowrap; }
.badge.proved { background: var(--added); color: var(--good); }
.badge.refused { background: var(--removed); color: var(--bad); }
.badge.unproved { color: var(--warn); }
details { margin: .9rem 0; }
summary { cursor: pointer; color: var(--soft); font-size: .92rem; }
summary:hover { color: var(--ink); }
.refused summary { color: var(--ink); }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(25rem, 1fr)); gap: 0 2.2rem; margin-top: .4rem; }
.step { max-width: 16rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.chip { display: inline-block; width: .6rem; height: .6rem; border-radius: .15rem; margin-right: .5rem; }
.stage, .aside { color: var(--soft); font-size: .82rem; }
.aside::before { content: "("; } .aside::after { content: ")"; }
.meter { display: inline-block; min-width: 3.4rem; padding: 0 .35rem; border-radius: .25rem; background: color-mix(in srgb, var(--hot) calc(var(--share) * .6), transparent); }
.meter.none { background: none; }
.plot { width: 100%; min-width: 42rem; height: auto; display: block; margin-bottom: .8rem; }
.changes td:nth-child(2) { min-width: 15rem; }
.grid { stroke: var(--line); } .tick { fill: var(--soft); font-size: 11px; }
.stem { stroke: var(--line); stroke-width: 2; }
circle.before { fill: var(--soft); } circle.after { fill: var(--good); }
line.limit { stroke: var(--accent); stroke-width: 2; }
.hunk { border: 1px solid var(--line); border-radius: .6rem; margin: 0 0 1rem; overflow: hidden; }
.reasons { margin: 0; padding: .8rem 1.2rem .8rem 2.6rem; background: var(--panel); font-size: .92rem; border-bottom: 1px solid var(--line); }
.reasons li + li { margin-top: .6rem; }
.reasons p { margin: .15rem 0 0; color: var(--soft); }
.reasons .risk { color: var(--warn); }
pre { margin: 0; padding: .5rem 0; overflow-x: auto; }
pre > span { display: block; min-width: max-content; padding: 0 1rem; }
pre i { font-style: normal; display: inline-block; width: 1.1rem; color: var(--soft); }
.range { color: var(--soft); }
.added { background: var(--added); } .removed { background: var(--removed); }
.proof { list-style: none; padding: 0; margin: 0; }
.proof > li { padding-left: 1.6rem; position: relative; margin: .5rem 0; }
.proof > li::before { content: "✓"; color: var(--good); position: absolute; left: 0; }
.left { padding-left: 1.1rem; }
.left p { margin: .2rem 0 .6rem; color: var(--soft); font-size: .92rem; overflow-wrap: anywhere; }
.proof ul, .refused ul { margin: .2rem 0 0; padding-left: 1.1rem; color: var(--soft); font-size: .92rem; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  main { padding: 1.4rem 1rem 2rem; }
  h1 { font-size: 1.3rem; }
  .cards { grid-template-columns: repeat(auto-fit, minmax(9.4rem, 1fr)); }
  .side { grid-template-columns: 1fr auto; gap: .1rem .8rem; }
  .side .track { grid-row: 2; grid-column: 1 / -1; }
  .sides { grid-template-columns: 1fr; }
}
@media print { details > * { display: block; } .hunk, .card { break-inside: avoid; } }
`;
