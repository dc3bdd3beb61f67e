/* A mail of one column, as Handlebars reads it. Its colours are those of the pages' tokens; clients that know dark mode take the second ones. */

const FONT = `font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif`;
const text = (px: number, line: number, colour: string) =>
  `${FONT};font-size:${px}px;line-height:${line}px;color:${colour}`;
const [INK, INK_2, INK_3, LINE, DANGER] = ['#14191d', '#454f56', '#5f6a72', '#e2e7e9', '#a9261d'];
const TABLE = 'role="presentation" cellpadding="0" cellspacing="0" border="0"';

const DARK = `
  .ground { background: #0c1013 !important; }
  .sheet { background: #15191c !important; border-color: #2a3136 !important; }
  .facts { background: #1f2529 !important; }
  .ink { color: #eceff1 !important; }
  .ink2 { color: #b6bfc5 !important; }
  .ink3 { color: #929da4 !important; }
  .rule { border-color: #2a3136 !important; }
  .act { color: #ff9d92 !important; border-color: #ff9d92 !important; }`;

/** With every name of a `Letter`. */
export const TEMPLATE = `<!doctype html>
<html lang="{{language}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{{title}}</title>
<style>
  @media (max-width: 620px) { .sheet { width: 100% !important; } }
  @media (max-width: 480px) { .pad { padding-left: 20px !important; padding-right: 20px !important; } .out { padding: 0 !important; } }
  @media (prefers-color-scheme: dark) {${DARK} }
</style>
</head>
<body class="ground" style="margin:0;padding:0;background:#f5f7f7">
<table ${TABLE} class="ground" width="100%" style="background:#f5f7f7"><tr><td class="out" align="center" style="padding:32px 12px">
<table ${TABLE} class="sheet" width="600" style="width:600px;max-width:100%;background:#ffffff;border:1px solid ${LINE};border-radius:14px;border-collapse:separate">
<tr><td class="pad ink" style="padding:28px 40px 0;${text(16, 24, INK)};font-weight:600">{{organisation}}</td></tr>
<tr><td class="pad" style="padding:28px 40px 0"><h1 class="ink" style="margin:0;${text(24, 30, INK)};font-weight:600">{{title}}</h1></td></tr>
<tr><td class="pad ink2" style="padding:12px 40px 0;${text(16, 25, INK_2)}">{{lead}}</td></tr>
{{#if facts.length}}
<tr><td class="pad" style="padding:20px 40px 0"><table ${TABLE} class="facts" width="100%" style="background:#f1f4f5;border-radius:10px;border-collapse:separate"><tr><td style="padding:13px 20px"><table ${TABLE}>
{{#each facts}}
<tr><td class="ink3" width="96" valign="top" style="${text(14, 22, INK_3)};padding:3px 16px 3px 0">{{term}}</td><td class="ink" valign="top" style="${text(14, 22, INK)};padding:3px 0">{{fact}}</td></tr>
{{/each}}
</table></td></tr></table></td></tr>
{{/if}}
{{#each then}}
<tr><td class="pad ink2" style="padding:{{#if @first}}24{{else}}8{{/if}}px 40px 0;${text(16, 25, INK_2)}"><strong class="ink" style="font-weight:600;color:${INK}">{{strong}}</strong> {{rest}}</td></tr>
{{/each}}
{{#if link}}
<tr><td class="pad" style="padding:20px 40px 0"><a href="{{link.address}}" class="act" style="display:inline-block;padding:11px 20px;border:1px solid ${DANGER};border-radius:8px;${text(16, 22, DANGER)};font-weight:500;text-decoration:none">{{link.label}}</a></td></tr>
{{/if}}
{{#if foot}}
<tr><td class="pad" style="padding:32px 40px 0"><table ${TABLE} width="100%"><tr><td class="rule ink3" style="border-top:1px solid ${LINE};padding-top:16px;${text(13, 20, INK_3)}">{{foot}}</td></tr></table></td></tr>
{{/if}}
<tr><td style="padding:28px 0 0;font-size:0;line-height:0">&nbsp;</td></tr>
</table>
</td></tr></table>
</body>
</html>
`;
