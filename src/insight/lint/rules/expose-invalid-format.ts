import { exposedPorts } from '../exposed-ports.ts';
import { isPlain } from '../fix.ts';
import { buildkitPage, type Rule } from '../rule.ts';

export const exposeInvalidFormat: Rule = {
  name: 'ExposeInvalidFormat',
  severity: 'warning',
  summary: 'EXPOSE has ports of the container only',
  url: buildkitPage('expose-invalid-format'),
  page: `An image cannot say to which address or port of a host its ports are mapped: that is for \`docker run -p\`. What
stands before the last colon is passed over, and Docker has announced that it will be an error.`,
  examples: [
    { bad: 'FROM alpine\nEXPOSE 127.0.0.1:8080:80', at: [2], good: 'FROM alpine\nEXPOSE 80' },
    { bad: 'FROM alpine\nEXPOSE 53:53/udp 80', at: [2], good: 'FROM alpine\nEXPOSE 53/udp 80' },
  ],
  check: (subject) =>
    exposedPorts(subject).flatMap(({ text, host, container, word, trigger, at, span }) => {
      if (host === '') return [];
      const { start } = word.span;
      const edits = [{ start, end: start + text.length - container.length, text: '' }];
      return [
        {
          message: `EXPOSE takes no address and no port of the host: '${text}'`,
          span,
          at,
          ...(!trigger && isPlain(word) && word.text === text
            ? { fix: { title: `write ${container}`, edits } }
            : {}),
        },
      ];
    }),
};
