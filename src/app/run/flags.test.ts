import { describe, expect, test } from 'bun:test';
import { DEFAULT_CAPABILITIES } from '../../build/sandbox/index.ts';
import { capabilitiesOf } from './capabilities.ts';
import { tmpfsMount } from './tmpfs.ts';

describe('capabilities', () => {
  const held = [...DEFAULT_CAPABILITIES, 'CAP_NET_ADMIN', 'CAP_SYS_ADMIN'];
  const of = (add: string[], drop: string[]) => [...capabilitiesOf(add, drop, held)].sort();
  const usual = [...DEFAULT_CAPABILITIES].sort();

  test('the usual ones, more, fewer, all, none', () => {
    expect(of([], [])).toEqual(usual);
    expect(of(['net_admin'], [])).toEqual([...usual, 'CAP_NET_ADMIN'].sort());
    expect(of([], ['CAP_CHOWN', 'kill'])).toEqual(
      usual.filter((name) => name !== 'CAP_CHOWN' && name !== 'CAP_KILL'),
    );
    expect(of(['ALL'], [])).toEqual([...held].sort());
    expect(of(['all'], ['SYS_ADMIN'])).toEqual(held.filter((name) => name !== 'CAP_SYS_ADMIN').sort());
    expect(of([], ['ALL'])).toEqual([]);
    expect(of(['CHOWN'], ['ALL'])).toEqual(['CAP_CHOWN']);
    // As in Docker, what was added wins.
    expect(of(['CHOWN'], ['CHOWN'])).toEqual(usual);
  });

  test('what there is not, and what cannot be given', () => {
    expect(() => of(['NET_ADMN'], [])).toThrow('there is no such capability');
    expect(() => of([], ['X'])).toThrow('--cap-drop');
    expect(() => of(['BPF'], [])).toThrow('mille itself does not have it');
  });
});

describe('--tmpfs', () => {
  test('its options', () => {
    expect(tmpfsMount('/a//b/')).toEqual({
      type: 'tmpfs',
      target: '/a/b',
      options: ['nosuid', 'nodev', 'noexec'],
    });
    expect(tmpfsMount('/a:rw,size=64m,mode=1770,exec')).toEqual({
      type: 'tmpfs',
      target: '/a',
      options: ['nosuid', 'nodev', 'rw', 'exec'],
      size: 67_108_864,
      mode: 0o1770,
    });
  });

  test.each(['a', '/', '/../', '/a:size=x', '/a:mode=9', '/a:upperdir=/etc', '/a:bind'])(
    '%s is wrong',
    (text) => {
      expect(() => tmpfsMount(text)).toThrow("--tmpfs can't be");
    },
  );
});
