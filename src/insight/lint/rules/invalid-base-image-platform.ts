import { imageKey } from '../../../build/graph/index.ts';
import type { Platform } from '../../../oci/image/index.ts';
import { formatPlatform } from '../../../oci/image/index.ts';
import type { Finding, Rule } from '../rule.ts';
import type { LintSubject } from '../subject.ts';

export const invalidBaseImagePlatform: Rule = {
  name: 'InvalidBaseImagePlatform',
  severity: 'warning',
  summary: 'images are for the platform they are used for',
  page: `A tag that has an image for one platform only gives that image, whatever was asked for, and its programs may not
start. Ask for the platform it has, with \`--platform\`, or use an image that has yours.`,
  examples: [
    {
      bad: 'FROM vendor/tool\nCMD ["tool"]',
      at: [1],
      good: 'FROM --platform=linux/arm64 vendor/tool AS on-arm64\nCMD ["tool"]',
      images: { 'vendor/tool': 'linux/arm64' },
    },
  ],
  check: (subject) =>
    subject.stages.flatMap(({ stage }) => [
      ...compare(subject, stage.base, { span: stage.from.base.span, at: stage.from.node }),
      ...stage.instructions.flatMap(({ instruction, trigger, sources }) =>
        sources.flatMap((source) =>
          compare(
            subject,
            source,
            trigger
              ? { span: stage.from.span, at: stage.from.node }
              : { span: instruction.span, at: instruction.node },
          ),
        ),
      ),
    ]),
};

type Source = LintSubject['stages'][number]['stage']['base'] | { readonly kind: 'build-context' };

function compare({ images }: LintSubject, source: Source, place: Pick<Finding, 'span' | 'at'>): Finding[] {
  if (source.kind !== 'image') return [];
  const image = images.get(imageKey(source))?.config;
  if (!image || isFor(image, source.platform)) return [];
  const { os, architecture, variant } = image;
  const actual = formatPlatform({ os, architecture, ...(variant ? { variant } : {}) });
  const wanted = formatPlatform(source.platform);
  return [{ message: `the image ${source.reference} is for ${actual}, not for ${wanted}`, ...place }];
}

/** Variants are not compared, as in BuildKit: an older one runs as well. */
function isFor(image: Platform, wanted: Platform): boolean {
  return image.os === wanted.os && image.architecture === wanted.architecture;
}
