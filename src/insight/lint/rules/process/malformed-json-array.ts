import type { Clause, InstructionNode } from '../../../../lang/dockerfile/index.ts';
import { isPlain, unsafeFix } from '../../fix.ts';
import type { Finding, Rule } from '../../rule.ts';

/** An item in quotes of any kind, those of word processors among them. */
const ITEM = /"[^"]*"|'[^']*'|[“”„‘’][^“”„‘’]*[“”‘’]/g;
const ARRAY = new RegExp(`^\\[\\s*(?:${ITEM.source})(?:[\\s,]*(?:${ITEM.source}))*[\\s,]*\\]$`);
/** Instructions that take an array, and what they do with a text that is none. Of CMD and ENTRYPOINT JSONArgsRecommended says it. */
const TAKEN: Readonly<Record<string, string>> = {
  healthcheck: 'the shell is given it as it stands',
  run: 'the shell is given it as it stands',
  copy: 'its words are taken for paths, brackets and all',
  add: 'its words are taken for paths, brackets and all',
  volume: 'its words are taken for paths, brackets and all',
};

export const malformedJsonArray: Rule = {
  name: 'MalformedJsonArray',
  severity: 'error',
  summary: 'what looks like a JSON array is one',
  page: `An array in JSON has double quotes around each item, commas between them, none behind the last, and each backslash
twice. What is otherwise is no error to the builder: \`RUN ['app', 'serve']\` is a command line for the shell, which looks for
a program called \`[app,\`; \`VOLUME ['/data']\` makes a volume of the name \`['/data']\`. Of CMD and ENTRYPOINT
JSONArgsRecommended says the same.`,
  examples: [
    {
      bad: "FROM alpine:3.22\nVOLUME ['/data', '/etc/app']",
      at: [2],
      good: 'FROM alpine:3.22\nVOLUME ["/data", "/etc/app"]',
    },
    {
      bad: 'FROM alpine:3.22\nHEALTHCHECK CMD ["app" "check",]',
      at: [2],
      good: 'FROM alpine:3.22\nHEALTHCHECK CMD ["app", "check"]',
    },
  ],
  check: ({ dockerfile }) =>
    dockerfile.instructions.flatMap(({ node }) => findingOf(node, node.clause.trigger ?? node.clause)),
};

function findingOf(node: InstructionNode, { keyword, rest, json }: Clause): readonly Finding[] {
  const kind = keyword.text.toLowerCase();
  const text = kind === 'healthcheck' ? /^cmd\s+([\s\S]*)$/i.exec(rest.text)?.[1] : rest.text;
  const taken = TAKEN[kind];
  if (taken === undefined || text === undefined || !ARRAY.test(text) || json || isArray(text)) return [];
  const items = [...text.matchAll(ITEM)].map(([item]) => item.slice(1, -1));
  const array = `[${items.map((item) => JSON.stringify(item)).join(', ')}]`;
  const start = rest.span.end - text.length;
  const fixable = isPlain(rest) && !text.includes('\\');
  const edits = [{ start, end: rest.span.end, text: array }];
  return [
    {
      message: `this is no array in JSON, though it looks like one: ${taken}`,
      span: { ...rest.span, start },
      at: node,
      ...(fixable ? { fix: unsafeFix(`write ${array}`, edits) } : {}),
    },
  ];
}

function isArray(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
