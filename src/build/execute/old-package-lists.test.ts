import { expect, test } from 'bun:test';
import { refreshingCommand } from './old-package-lists.ts';

test.each([
  ['apt-get update', 'apt-get update'],
  ['apt-get -qq update && apt-get install -y curl', 'apt-get update'],
  ['set -eux; apt update', 'apt update'],
  ['apt-get -o Acquire::Retries=3 update', 'apt-get update'],
  ['DEBIAN_FRONTEND=noninteractive apt-get update', 'apt-get update'],
  ['if true; then apt-get update; fi', 'apt-get update'],
  ['rm -rf /x \\\n  && /usr/bin/apt-get update', 'apt-get update'],
  ['(apt-get update)', 'apt-get update'],
  ['apk update', 'apk update'],
  ['apk add --no-cache curl', 'apk add'],
  ['apk --no-cache add curl', 'apk add'],
  ['apk -U add curl', 'apk add'],
  ['apk add curl', undefined],
  ['dnf install -y gcc', 'dnf install'],
  ['dnf -y makecache', 'dnf makecache'],
  ['yum update -y', 'yum update'],
  ['microdnf install tar', 'microdnf install'],
  ['zypper --non-interactive refresh', 'zypper refresh'],
  ['pacman -Syu --noconfirm', 'pacman -Syu'],
  ['pacman -S curl', undefined],
  ['apt-get install -y curl', undefined],
  ['apt-get remove update-notifier', undefined],
  ['apt-get updates', undefined],
  ['echo apt-get update', undefined],
  ['./apt-get update', undefined],
  ['my-apt-get update', undefined],
  ['grep update /etc/apt', undefined],
  ['', undefined],
] as const)('%p', (text, command) => {
  expect(refreshingCommand(text)).toBe(command as string);
});

test('takes no longer for a long command', () => {
  const started = performance.now();
  refreshingCommand(`apt-get ${'-o a=b '.repeat(20_000)}`);
  refreshingCommand(`${'A=b '.repeat(20_000)}x`);
  refreshingCommand(' '.repeat(100_000));
  expect(performance.now() - started).toBeLessThan(500);
});
