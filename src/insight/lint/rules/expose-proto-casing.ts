import { exposedPorts } from '../exposed-ports.ts';
import { isPlain } from '../fix.ts';
import { buildkitPage, type Rule } from '../rule.ts';

export const exposeProtoCasing: Rule = {
  name: 'ExposeProtoCasing',
  severity: 'warning',
  summary: 'protocols of EXPOSE are in lower case',
  url: buildkitPage('expose-proto-casing'),
  page: 'The image says `tcp`, `udp` or `sctp` whatever was written; in lower case both are the same.',
  examples: [
    { bad: 'FROM alpine\nEXPOSE 80/TCP 53/Udp', at: [2, 2], good: 'FROM alpine\nEXPOSE 80/tcp 53/udp' },
  ],
  check: (subject) =>
    exposedPorts(subject).flatMap(({ text, protocol, word, trigger, at, span }) => {
      const lower = protocol.toLowerCase();
      if (protocol === lower) return [];
      const start = word.span.end - protocol.length;
      const edits = [{ start, end: word.span.end, text: lower }];
      return [
        {
          message: `the protocol of '${text}' should be in lower case`,
          span,
          at,
          ...(!trigger && isPlain(word) && word.text === text
            ? { fix: { title: `write ${lower}`, edits } }
            : {}),
        },
      ];
    }),
};
