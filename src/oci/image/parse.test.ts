import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { MilleError } from '../../core/index.ts';
import { parseConfig, parseIndex, parseManifest } from './index.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const descriptor = { mediaType: 'x', digest: DIGEST, size: 1 };
const config = (fields: object) =>
  JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { diff_ids: [DIGEST] }, ...fields });

test.each<[object, string]>([
  [{ config: 'x' }, "'config' is not an object"],
  [{ config: { Env: 'PATH=/bin' } }, "'Env' is not a list of texts"],
  [{ config: { Env: [1] } }, "'Env' is not a list of texts"],
  [{ config: { Labels: { a: 1 } } }, "'Labels' is not an object of texts"],
  [{ config: { Cmd: 'sh' } }, "'Cmd' is not a list of texts"],
  [{ config: { OnBuild: {} } }, "'OnBuild' is not a list of texts"],
  [{ config: { ExposedPorts: ['80'] } }, "'ExposedPorts' is not an object"],
  [{ config: { WorkingDir: 5 } }, "'WorkingDir' is not a text"],
  [{ config: { Healthcheck: { Test: 'x' } } }, "'Test' is not a list of texts"],
  [{ history: {} }, 'history is not a list'],
  [{ history: [null] }, 'history is not an object'],
  [{ history: [{ empty_layer: 1 }] }, "'empty_layer' is not true or false"],
  [{ created: 5 }, "'created' is not a text"],
])('a config with %j is refused', (fields, message) => {
  expect(() => parseConfig(config(fields))).toThrow(message);
});

test('what Go writes for nothing is absent; what nobody here reads stays', () => {
  const nulls = { Env: null, Cmd: null, Labels: null, OnBuild: null, Volumes: null, Shell: null };
  const parsed = parseConfig(
    config({ created: null, history: [{ comment: null }], config: { ...nulls, User: 'me', Tty: false } }),
  );
  expect(parsed.config as object).toEqual({ User: 'me', Tty: false });
  expect(parsed.history).toEqual([{}]);
  expect('created' in parsed).toBe(false);
  expect('config' in parseConfig(config({ config: null }))).toBe(false);
});

test('platforms and annotations are what they are called, or nothing', () => {
  const manifest = (fields: object) => JSON.stringify({ schemaVersion: 2, config: descriptor, ...fields });
  const index = (fields: object) => JSON.stringify({ manifests: [{ ...descriptor, ...fields }] });
  expect(() => parseIndex(index({ platform: 'linux' }))).toThrow('platform');
  expect(() => parseIndex(index({ platform: { os: 1, architecture: 'amd64' } }))).toThrow('platform');
  expect(() => parseIndex(index({ annotations: { a: {} } }))).toThrow('annotations');
  expect(() => parseManifest(manifest({ layers: [], annotations: [] }))).toThrow('annotations');
  expect(parseIndex(index({ platform: null, annotations: null })).manifests).toHaveLength(1);
});

test('anything is parsed or refused in words', () => {
  const names = ['config', 'history', 'rootfs', 'os', 'created', 'Env', 'Healthcheck', 'Labels', '__proto__'];
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, 1, 'x'),
      fc.array(tie('tree'), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), tree), (fields) => {
      try {
        parseConfig(config(fields));
      } catch (error) {
        expect(error).toBeInstanceOf(MilleError);
      }
    }),
  );
});
