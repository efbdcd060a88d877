import { expect, test } from 'vitest';
import { lexParts } from '../../../engine/lexer/lex.ts';
import { regionAt } from '../../../engine/lexer/spans.ts';
import { Tables } from '../../../engine/lexer/tables/index.ts';

test('a string that is open at the end of a part does not reach into the next', () => {
  const parts = ['a = """b\n', 'eval(c)  # d\n', 'e = """f"""\n'];
  const text = parts.join('');
  const starts = parts.map((_, index) => parts.slice(0, index).join('').length);
  const spans = lexParts(new TextEncoder().encode(text), starts, 'python', new Tables());
  expect(regionAt(spans, text.indexOf('b'))).toBe('string');
  expect(regionAt(spans, text.indexOf('eval'))).toBe('code');
  expect(regionAt(spans, text.indexOf('d\n'))).toBe('comment');
  expect(regionAt(spans, text.indexOf('e ='))).toBe('code');
  expect(regionAt(spans, text.indexOf('f"""'))).toBe('string');
});

test('a table is compiled once, and shared by languages that have the same', () => {
  const tables = new Tables();
  expect(tables.of('go')).toBe(tables.of('go'));
  expect(tables.of('jsx')).toBe(tables.of('javascript'));
  expect(new Tables().of('go')).not.toBe(tables.of('go'));
});
