// Pushing and pulling, with Debian's docker-registry on loopback: a new layer of 500 MB, compressed and sent, with its
// build and without; an image of 1 GB fetched and unpacked; then another one that shares all of its layers but a small one.
// The images to be pulled are compressed by skopeo, where it is installed: by none of those that are measured, and in one
// piece as most images are.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { realRegistry } from '../../test/support/registry.ts';
import type { Builder } from '../builder.ts';
import { Context, noise, settle, unique } from '../context-files.ts';
import { run, type Sample } from '../measure.ts';
import { alternate, type Bench, type Measured, type Scenario } from '../scenario.ts';

const MIB = 1 << 20;
const FILES = 500;
/** More would take longer than anybody waits. */
const MOST_ROUNDS = 3;

export const transfers: Scenario = {
  name: 'transfers',
  title: 'A registry on this machine',
  run: measure,
};

async function measure(bench: Bench): Promise<Measured[]> {
  const registry = await realRegistry();
  if (!registry) return [];
  try {
    return measureWith(bench, registry.host);
  } finally {
    await registry.stop();
  }
}

function measureWith(bench: Bench, host: string): Measured[] {
  const context = contextOf(join(bench.directory, 'image'), 2, bench.base);
  const [mille] = bench.builders as [Builder];
  const rounds = Math.min(bench.rounds, MOST_ROUNDS);
  const image = `${host}/mille-bench/image:1`;
  const next = `${host}/mille-bench/image:2`;
  mille.build({ context: context.path, tag: image });
  publish(mille, image, bench.directory);
  context.write('Dockerfile', `FROM ${image}\nCOPY small /small\n`);
  context.write('small', 'one more\n');
  mille.build({ context: context.path, tag: next });
  publish(mille, next, bench.directory);
  const added = contextOf(join(bench.directory, 'added'), 1, bench.base);
  settle();
  const name = (builder: Builder) => `${host}/mille-bench/pushed-by-${builder.name}:1`;
  // Docker compresses when it builds, the others when they push: together it is the same work.
  const both = alternate(bench, {
    title: 'build and push of a new layer of 500 MB, with gzip',
    target: 'two thirds of the best peer, under 300 MB',
    ...{ memory: true, cpu: true, rounds },
    prepare: () => {
      added.write('part-0/new', String(unique()));
      Bun.spawnSync(['sync']);
    },
    measure: (builder) =>
      joined(
        builder.build({ context: added.path, tag: name(builder), noCache: true }),
        builder.push(name(builder)),
      ),
  });
  const push = alternate(bench, {
    title: 'push of a new layer of 500 MB, with gzip',
    target: 'two thirds of the best peer, under 300 MB',
    ...{ memory: true, cpu: true, rounds },
    prepare: (builder) => {
      // Nobody has seen these bytes, and no registry has them.
      added.write('part-0/new', String(unique()));
      builder.build({ context: added.path, tag: name(builder), noCache: true });
      Bun.spawnSync(['sync']);
    },
    measure: (builder) => builder.push(name(builder)),
  });
  const forget = (builder: Builder, tags: readonly string[]) => {
    for (const tag of tags) {
      try {
        builder.remove(tag);
      } catch {
        // Not there the first time.
      }
    }
    Bun.spawnSync(['sync']);
  };
  const pull = alternate(bench, {
    title: 'pull of an image of 1 GB, unpacked',
    target: 'two thirds of the best peer, under 300 MB',
    ...{ memory: true, cpu: true, rounds },
    prepare: (builder) => forget(builder, [image, next]),
    measure: (builder) => builder.pull(image),
  });
  const second = alternate(bench, {
    title: 'pull of another one that shares its layers',
    target: 'two thirds of the best peer, under 300 MB',
    ...{ memory: true, cpu: true, rounds },
    prepare: (builder) => forget(builder, [next]),
    measure: (builder) => builder.pull(next),
  });
  for (const builder of bench.builders) forget(builder, [image, next, name(builder)]);
  return [both, push, pull, second];
}

/** One after the other. */
function joined(first: Sample, second: Sample): Sample {
  return {
    seconds: first.seconds + second.seconds,
    cpu: first.cpu + second.cpu,
    peak: Math.max(first.peak, second.peak),
  };
}

/** Brings an image to the registry, compressed as others do it. */
function publish(mille: Builder, image: string, directory: string): void {
  const skopeo = Bun.which('skopeo');
  if (!skopeo) {
    mille.push(image);
    return;
  }
  const archive = join(directory, 'image.tar');
  mille.save(image, archive);
  run([skopeo, 'copy', '-q', '--dest-tls-verify=false', `docker-archive:${archive}`, `docker://${image}`]);
  rmSync(archive);
}

/** Layers of 500 MB: half of it text, half what does not compress, in files of a megabyte and some hundreds of small ones. */
function contextOf(directory: string, layers: number, base: string): Context {
  const context = new Context(directory);
  const parts = Array.from({ length: layers }, (_, i) => `part-${i}`);
  context.write('Dockerfile', `FROM ${base}\n${parts.map((part) => `COPY ${part} /${part}\n`).join('')}`);
  for (const [layer, part] of parts.entries()) {
    for (let i = 0; i < FILES; i++) {
      const seed = layer * 10_000 + i;
      context.write(`${part}/files/${i}`, i % 2 ? noise(seed, MIB) : text(seed, MIB));
      context.write(`${part}/small/${i % 20}/${i}`, text(seed, 2000));
    }
  }
  return context;
}

const WORDS =
  'layer the of image and to a manifest with blob that is registry in for it by digest on as'.split(' ');

function text(seed: number, length: number): Uint8Array {
  const picks = noise(seed, length);
  const words: string[] = [];
  for (let at = 0, i = 0; at < length; i++) {
    const pick = picks[i]!;
    const word = `${pick < 200 ? WORDS[pick % WORDS.length]! : (pick * (i % 977)).toString(36)} `;
    words.push(word);
    at += word.length;
  }
  return Buffer.from(words.join('').slice(0, length), 'latin1');
}
