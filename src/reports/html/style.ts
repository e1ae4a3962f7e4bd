/** The style sheet of the HTML report: calm on a screen, light or dark, and plain on paper. */

export const style = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1c2430;--soft:#5a6573;--line:#dde2e8;--link:#1f5fae;--focus:#1f5fae;--stripe:#f9fafb;
--good:#2a7554;--wait:#8f5f0c;--bad:#b3372f;--aside:#b05423;--twice:#5c618d;--lost:#8e3a80;--rest:#66717d;--fine:#2f6b87;--warn-bg:#fdf6e7;--error-bg:#fcf0ee;--info-bg:#eef4f8}
@media (prefers-color-scheme:dark){:root{--page:#14181d;--card:#1c2229;--ink:#e4e8ec;--soft:#a1abb6;--line:#323a44;--link:#8ab8ec;--focus:#8ab8ec;--stripe:#20262e;
--good:#63b891;--wait:#d8a745;--bad:#e5837b;--aside:#e29a6c;--twice:#a5abd8;--lost:#cf8fc4;--rest:#9aa5b1;--fine:#7db9d4;--warn-bg:#2b2618;--error-bg:#272021;--info-bg:#1c2730}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif}
main,header,footer{max-width:1120px;margin:0 auto;padding:0 20px}
header{padding-top:32px}
h1{font-size:24px;line-height:1.3;margin:0 0 4px;font-weight:650}
h2{font-size:17px;margin:0 0 12px;font-weight:650}
h3{font-size:14px;margin:0 0 6px;color:var(--soft);font-weight:600}
.lead{margin:0;color:var(--soft);overflow-wrap:anywhere}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:20px;margin:20px 0}
.skip{position:absolute;left:-999px;background:var(--card);color:var(--link);padding:8px 12px;z-index:2}
.skip:focus{left:12px;top:12px}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:3px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:start;color:var(--soft);font-size:13px;padding-bottom:6px}
th,td{text-align:start;vertical-align:top;padding:7px 12px 7px 0;border-bottom:1px solid var(--line)}
thead th{font-size:13px;color:var(--soft);font-weight:600;white-space:nowrap}
tbody th{font-weight:500}
td.n,th.n{text-align:end}
td.bar{width:26%;vertical-align:middle}
.tight th,.tight td{padding-top:5px;padding-bottom:5px}
.tight code{display:block;font-size:12px;line-height:1.3}
.tight+details{margin-top:8px}
svg[role=img]{margin-bottom:14px}
.quiet{color:var(--soft);font-size:13px}
time{white-space:nowrap}
code{font:13px/1.4 ui-monospace,"SF Mono",Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
svg{display:block;max-width:100%}
svg text{fill:var(--soft);font-size:12px}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(400px,1fr));gap:28px}
.dot{display:inline-block;width:10px;height:10px;border-radius:3px;margin-inline-end:8px;background:currentColor}
.badge{display:inline-block;border:1px solid currentColor;border-radius:99px;padding:0 10px;font-size:13px;font-weight:600;white-space:nowrap}
.o-accepted,.s-accepted,.s-registered{color:var(--good)}.o-pending,.s-held{color:var(--wait)}.o-rejected,.s-rejected,.severity-error{color:var(--bad)}
.o-set-aside{color:var(--aside)}.o-duplicate,.s-cancelled{color:var(--twice)}.o-unknown,.s-unknown{color:var(--lost)}
.o-not-sent,.s-other,.s-received{color:var(--rest)}.o-valid,.s-released,.s-cleared,.s-exited,.severity-info{color:var(--fine)}.severity-warning{color:var(--wait)}
.s-registered{opacity:.55}
svg .fill{fill:currentColor}
.scroll{overflow-x:auto}
.list td,.list th{padding-top:9px;padding-bottom:9px}
.list tbody tr:first-child>*{border-bottom:0}
.list tbody{border-bottom:1px solid var(--line)}
.list .key{overflow-wrap:anywhere;min-width:9em}
.list tr.more td{padding-top:0;border-bottom:0}
.found{list-style:none;margin:0;padding:0;display:grid;gap:8px}
.found li{border-inline-start:3px solid;border-radius:4px;padding:8px 12px}
.found li>*{color:var(--ink)}
.found .severity-error{background:var(--error-bg)}.found .severity-warning{background:var(--warn-bg)}.found .severity-info{background:var(--info-bg)}
.found p{margin:2px 0 0;overflow-wrap:anywhere}
.found .where{font-weight:650;margin-inline-end:.5em}
.found mark{background:none;color:inherit;border-bottom:2px solid var(--bad);overflow-wrap:anywhere}
.found dl{display:grid;grid-template-columns:max-content 1fr;gap:0 10px;margin:4px 0 0}
.found dt{color:var(--soft)}.found dd{margin:0;overflow-wrap:anywhere}
details{margin:0}summary{cursor:pointer;color:var(--link);font-size:13px;width:max-content}
details ol{margin:6px 0 0;padding-inline-start:20px;font-size:13px}
.controls{display:flex;flex-wrap:wrap;gap:12px 16px;align-items:end;margin-bottom:14px}
.controls[hidden],.pages[hidden]{display:none}
.controls label{display:grid;gap:3px;font-size:13px;color:var(--soft)}
.controls label.tick{display:flex;align-items:center;gap:6px;padding-bottom:7px;color:var(--ink)}
input[type=search],select,.controls button,.pages button{font:inherit;color:var(--ink);background:var(--page);border:1px solid var(--line);border-radius:6px;padding:5px 10px;min-height:34px}
input[type=search]{width:22em;max-width:80vw}
.controls button:hover,.pages button:not(:disabled):hover{border-color:var(--focus)}
.pages{display:flex;gap:12px;align-items:center;margin-top:14px}
button.find{all:unset;text-align:start}
button.find:enabled{cursor:pointer;color:var(--link);text-decoration:underline;text-decoration-color:var(--line);text-underline-offset:3px}
button.find:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
[role=status]{margin:0;color:var(--soft);font-size:13px;padding-bottom:7px}
footer{color:var(--soft);font-size:13px;padding-bottom:40px}
footer dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 14px;margin:0}
footer dd{margin:0;overflow-wrap:anywhere}
ul.plain{margin:0;padding-inline-start:18px}
@media screen{.off-page{display:none}}
@media (max-width:560px){.two{grid-template-columns:1fr}th,td{padding-inline-end:8px}}
@media print{:root{color-scheme:light;--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--link:#000;--stripe:#fff;
--good:#2e7d5b;--wait:#8f5f0c;--bad:#b3372f;--aside:#b05423;--twice:#565b86;--lost:#8e3a80;--rest:#666;--fine:#2f6b87;--warn-bg:#fff;--error-bg:#fff;--info-bg:#fff}
@page{margin:14mm}
body{font-size:10pt}main,header,footer{max-width:none;padding:0}section{border:0;border-radius:0;padding:0;margin:14pt 0}
.controls,.pages,.skip,td.bar{display:none}.scroll{overflow:visible}
.list tbody,.found li,tr{break-inside:avoid}h2,h3,caption{break-after:avoid}thead{display:table-header-group}
svg,.badge,.dot,.found li{-webkit-print-color-adjust:exact;print-color-adjust:exact}
summary,details .tight caption,details .tight thead{display:none}.two{grid-template-columns:1fr 1fr;gap:10mm}button.find{text-decoration:none!important;color:inherit!important}details::details-content{content-visibility:visible;display:block}}
`;
