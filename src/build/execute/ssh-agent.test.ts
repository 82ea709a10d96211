import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { agentFilter } from './ssh-agent.ts';

function message(type: number, length = 0): Uint8Array {
  const bytes = new Uint8Array(5 + length).fill(7);
  new DataView(bytes.buffer).setUint32(0, 1 + length);
  bytes[4] = type;
  return bytes;
}

const UNKNOWN = message(255);

test('only listing and signing get through, however the bytes are cut', () => {
  const type = fc.oneof(fc.constantFrom(11, 13, 17, 18, 19, 22, 27), fc.integer({ min: 0, max: 254 }));
  const messages = fc.array(fc.tuple(type, fc.integer({ min: 0, max: 300 })), { maxLength: 8 });
  fc.assert(
    fc.property(messages, fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 20 }), (given, cuts) => {
      const all = Buffer.concat(given.map(([kind, length]) => message(kind, length)));
      const wanted = given.map(([kind, length]) =>
        kind === 11 || kind === 13 ? message(kind, length) : UNKNOWN,
      );
      const filter = agentFilter();
      const out: Uint8Array[] = [];
      let at = 0;
      for (const cut of [...cuts, all.length]) {
        out.push(filter(all.subarray(at, at + cut)).slice());
        at = Math.min(all.length, at + cut);
      }
      expect(Buffer.concat(out)).toEqual(Buffer.concat(wanted));
    }),
  );
});

test('a length that no agent takes ends the connection', () => {
  expect(() => agentFilter()(Uint8Array.of(0, 0, 0, 0))).toThrow();
  expect(() => agentFilter()(Uint8Array.of(255, 0, 0, 0))).toThrow();
});
