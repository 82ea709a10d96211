// A page of its own: nothing is loaded from elsewhere, and nothing runs in it.

import { html, type Markup } from './html.ts';

/** Puts a page together. @param page its title as markup, its style as text, and what stands in it */
export function htmlPage(page: {
  readonly title: Markup;
  readonly style: string;
  readonly main: Markup;
}): string {
  const { title, style, main } = page;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${{ html: style }}</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`.html;
}
