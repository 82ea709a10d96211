import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { Environment, setVariable, type Variable } from './environment.ts';

const set = (name: string, value: string): Variable => ({ name, value, origin: 'environment' });

describe('Environment', () => {
  test('an earlier one does not see what was set later, on whichever branch', () => {
    const a = new Environment([set('A', '1')]);
    const b = a.with(set('A', '2'), set('B', 'b'));
    const c = a.with(set('C', 'c'));
    expect([a.get('A'), b.get('A'), c.get('A')]).toEqual(['1', '2', '1']);
    expect([a.get('B'), b.get('B'), c.get('B')]).toEqual([undefined, 'b', undefined]);
    expect(c.variables().map(({ name }) => name)).toEqual(['A', 'C']);
  });

  test('what was ever set in some of them is told once for those of one history, also what was set anew', () => {
    const a = new Environment([set('A', '1')]);
    const b = a.with(set('A', '2'), set('B', 'b'));
    const c = a.with(set('C', 'c'));
    const values = (...some: Environment[]) => Environment.everSet(some).map(({ value }) => value);
    expect(values(a, b)).toEqual(['1', '2', 'b']);
    expect(values(a)).toEqual(['1']);
    expect(values(b, a, c)).toEqual(['1', '2', 'b', '1', 'c']);
    expect(values()).toEqual([]);
  });

  test('the same as a list that is copied each time', () => {
    const step = fc.record({ from: fc.nat(), name: fc.constantFrom('A', 'B', 'C'), value: fc.string() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const made: [Environment, readonly Variable[]][] = [[new Environment(), []]];
        for (const { from, name, value } of steps) {
          const [environment, list] = made[from % made.length] as [Environment, readonly Variable[]];
          const rest = list.filter((variable) => variable.name !== name);
          made.push([environment.with(set(name, value)), [...rest, set(name, value)]]);
        }
        for (const [environment, list] of made) {
          expect(environment.variables()).toEqual(list);
          for (const name of ['A', 'B', 'C'])
            expect(environment.get(name)).toBe(list.find((variable) => variable.name === name)?.value);
        }
      }),
    );
  });
});

test('a variable of the config keeps its place', () => {
  expect(setVariable(['A=1', 'AB=2', 'C'], 'A', '3')).toEqual(['A=3', 'AB=2', 'C']);
  expect(setVariable(['AB=2', 'C'], 'C', '3')).toEqual(['AB=2', 'C=3']);
  expect(setVariable(['AB=2'], 'A', '')).toEqual(['AB=2', 'A=']);
});
