import { describe, expect, test } from 'bun:test';
import { parseAgents, parseSecrets } from './secrets.ts';

const file = (id: string, path: string) => ({ id, source: { kind: 'file', path } });
const variable = (id: string, name: string) => ({ id, source: { kind: 'variable', name } });

describe('--secret', () => {
  const cases: [string, ReturnType<typeof file> | ReturnType<typeof variable>][] = [
    ['id=a,src=b', file('a', 'b')],
    ['id=a,source=/b c', file('a', '/b c')],
    ['ID=a,type=file,src=b', file('a', 'b')],
    ['id=a,env=B', variable('a', 'B')],
    ['id=a,type=env,src=B', variable('a', 'B')],
    ['type=env,id=a,env=B', variable('a', 'B')],
    ['id=SET', variable('SET', 'SET')],
    ['id=unset', file('unset', 'unset')],
    ['id=SET,type=file', file('SET', 'SET')],
    ['id=a,"src=b,c"', file('a', 'b,c')],
  ];
  for (const [text, wanted] of cases)
    test(text, () => expect(parseSecrets([text], { SET: '' })).toEqual([wanted as never]));

  test.each(['src=b', 'id=', 'id=a,type=memory', 'id=a,path=b', 'hunter2'])('%s is refused', (text) => {
    expect(() => parseSecrets([text], {})).toThrow('--secret');
  });

  test('what may be a secret itself is not repeated', () => {
    expect(() => parseSecrets(['hunter2'], {})).not.toThrow('hunter2');
  });
});

describe('--ssh', () => {
  test('the agent of the environment, or the socket named', () => {
    const env = { SSH_AUTH_SOCK: '/agent' };
    expect(parseAgents(['default', 'other=/o=1', 'third='], env)).toEqual([
      { id: 'default', paths: ['/agent'] },
      { id: 'other', paths: ['/o=1'] },
      { id: 'third', paths: ['/agent'] },
    ]);
    expect(parseAgents(['keys=a,b'], {})).toEqual([{ id: 'keys', paths: ['a', 'b'] }]);
    expect(() => parseAgents(['keys=a,'], {})).toThrow('empty path');
    expect(() => parseAgents(['default'], {})).toThrow('SSH_AUTH_SOCK is not set');
    expect(() => parseAgents(['=x'], env)).toThrow('no id');
  });
});
