import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { judgeScripts } from './scripts.ts';

const judge = (postinst: string, name = 'x') => judgeScripts(name, { postinst });

describe('scripts that do nothing for an image', () => {
  test.each([
    ['nothing at all', ''],
    ['a frame', '#!/bin/sh\nset -e\n\nexit 0\n'],
    [
      'an empty case',
      `#! /bin/sh
set -e
case "$1" in
    configure)
    ;;
    abort-upgrade|abort-remove|abort-deconfigure)
    ;;
    *)
        echo "postinst called with unknown argument \\\`$1'" >&2
        exit 1
    ;;
esac
exit 0
`,
    ],
    [
      'parts of packaging tools',
      `#!/bin/sh
set -e
# Automatically added by dh_installsystemd/13.11.4
if [ "$1" = "configure" ]; then
	deb-systemd-helper enable x.service >/dev/null || true
fi
# End automatically added section
# Automatically added by dh_installdeb/13.11.4
dpkg-maintscript-helper rm_conffile /etc/x 1.0\\~ -- "$@"
# End automatically added section
`,
    ],
    [
      'what is for upgrades',
      `#!/bin/sh
set -e
if [ "$1" = configure ] && dpkg --compare-versions "$2" lt-nl "2.12.3-0.2~"; then
    ln -s a b
    if test -e c; then
      rm c
    fi
fi
if [ -n "$2" ]; then rm -f /etc/old; fi
`,
    ],
    [
      'moves of /lib into /usr/lib',
      `set -e
if test "$1" = install -o "$1" = upgrade; then
	for lib in libx.so.8 libx.so.8.2; do
		dpkg-divert --package libx --no-rename --divert "/lib/x/$lib.usr-is-merged" \\
			--add "/lib/x/$lib"
	done
fi
update-alternatives --remove-all ruby 2>/dev/null || true
`,
    ],
  ])('%s', (_, text) => expect(judge(text)).toEqual({ unknown: [], alternatives: [] }));
});

describe('scripts that matter', () => {
  test('what is not known is told', () => {
    expect(judge('#!/bin/sh\nset -e\nadduser --system redis\n').unknown).toEqual(['adduser --system redis']);
    expect(judge('#!/usr/bin/perl\nprint "x";\n').unknown).toEqual(['print "x";']);
  });
  test('what a first installation does instead of an upgrade', () => {
    const text = 'if [ -n "$2" ]; then\n  upgrade\nelse\n  mkdir /srv/x\nfi\n';
    expect(judge(text).unknown).toEqual(['mkdir /srv/x']);
  });
  test('tools whose parts do something', () => {
    const section = (tool: string) =>
      `# Automatically added by ${tool}/13\nx\n# End automatically added section\n`;
    expect(judge(section('dh_installsysusers')).unknown).toEqual(['x']);
    expect(judge(section('dh_nginx')).unknown).toEqual(['x']);
  });
  test('before unpacking too', () => {
    expect(judgeScripts('x', { preinst: 'useradd x\n' }).unknown).toEqual(['useradd x']);
  });
  test('what is known is done here', () => {
    expect(judge('anything', 'tzdata')).toEqual({
      unknown: [],
      alternatives: [],
      known: '/etc/localtime is made',
    });
  });
});

describe('alternatives', () => {
  test('are links, manual pages apart', () => {
    const text = `if [ "$1" = "configure" ]; then
    update-alternatives --install /usr/bin/js js /usr/bin/nodejs 200 \\
                        --slave /usr/share/man/man1/js.1.gz js.1.gz /usr/share/man/man1/nodejs.1.gz
fi
`;
    expect(judge(text)).toEqual({
      unknown: [],
      alternatives: [{ link: 'usr/bin/js', name: 'js', target: '/usr/bin/nodejs', priority: 200 }],
    });
  });
  test('with variables, or other slaves, are not known', () => {
    const names = 'update-alternatives --install /usr/bin/${x} ${x} /usr/bin/${x}8 82';
    expect(judge(names).unknown).toEqual([names]);
    const slave = 'update-alternatives --install /usr/bin/a a /usr/bin/b 1 --slave /usr/bin/c c /usr/bin/d';
    expect(judge(slave).unknown).toEqual([slave]);
  });
});

test('any text is judged, and none with a command of its own passes', () => {
  const line = fc.constantFrom(
    'if [ -n "$2" ]; then',
    'fi',
    'else',
    '# x',
    '',
    'set -e',
    'exit 0',
    'case "$1" in',
    'esac',
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      expect(judge(lines.join('\n')).unknown).toEqual([]);
      expect(judge(`touch /x\n${lines.join('\n')}`).unknown).toEqual(['touch /x']);
    }),
  );
});
