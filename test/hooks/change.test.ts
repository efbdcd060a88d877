import { describe, expect, it } from 'vitest';
import { changeOf } from '../../hooks/change.ts';
import { decodePayload } from '../../hooks/input.ts';
import { cellsOf } from '../../hooks/notebook.ts';
import { edit, multiEdit, notebook, notebookFile } from './payloads.ts';
import type { Payload } from './payloads.ts';
import { cpuMs } from '../support/cpu-time.ts';

function textsOf(sent: Payload): { before: string; after: string }[] {
  const decoded = decodePayload(sent);
  if (decoded.kind !== 'edit') throw new Error(decoded.kind);
  return changeOf(decoded).map(({ before, after }) => ({ before, after }));
}

describe('changeOf', () => {
  it.each([
    ['$& is text', ['x', '$&$1$$'] as const, 'axb', false, 'a$&$1$$b'],
    ['a regex is text', ['.*', 'y'] as const, 'a.*b', false, 'ayb'],
    ['the first only', ['x', 'y'] as const, 'x x', false, 'y x'],
    ['all', ['x', 'xx'] as const, 'x x', true, 'xx xx'],
    ['a removal', ['x\n', ''] as const, 'a\nx\nb', false, 'a\nb'],
    ['lone surrogates', ['\ud83d', 'y'] as const, 'a\ud83d', false, 'ay'],
  ])('repeats the edit: %s', (_name, pair, original, all, after) => {
    expect(textsOf(edit('a.py', pair, original, all))).toEqual([{ before: original, after }]);
  });

  it('makes the edits of a MultiEdit one after the other', () => {
    const sent = multiEdit(
      'a.py',
      [
        ['a', 'b'],
        ['b', 'c', true],
      ],
      { originalFile: 'a b' },
    );
    expect(textsOf(sent)).toEqual([{ before: 'a b', after: 'c c' }]);
  });

  it('compares the fragments when the edit cannot be repeated', () => {
    expect(textsOf(edit('a.py', ['old', 'new'], 'other'))).toEqual([
      { before: 'old', after: 'new' },
    ]);
  });

  it('does not build a text of a size that no edit has', () => {
    const sent = edit('a.py', ['a', 'b'.repeat(1_000_000)], 'a'.repeat(1_000_000), true);
    expect(textsOf(sent)).toHaveLength(1);
    expect(textsOf(sent)[0]?.before).toBe('a');
  });

  it('gives up on a MultiEdit that would take for ever', () => {
    const edits = Array.from({ length: 100_000 }, (): [string, string] => ['a', 'a']);
    const started = cpuMs();
    textsOf(multiEdit('a.py', edits, { originalFile: `${'b'.repeat(100_000)}a` }));
    expect(cpuMs() - started).toBeLessThan(2_000);
  });
});

describe('notebooks', () => {
  const before = notebookFile('x = 1\n', 'print("a")\ny = 2');
  const after = notebookFile('x = 1\n', 'print("a")\ny = "b"');

  it('are handed on as the file has them', () => {
    expect(textsOf(notebook('', { original_file: before, updated_file: after }))).toEqual([
      { before, after },
    ]);
  });

  it.each([
    ['the first cell', 'x = 1', { cell: 1, line: 1 }],
    ['the second cell', 'print', { cell: 2, line: 1 }],
    ['its second line', 'y = ', { cell: 2, line: 2 }],
    ['outside of the cells', 'nbformat', undefined],
  ])('know the cell of an offset: %s', (_name, text, expected) => {
    expect(cellsOf(after)?.(after.indexOf(text))).toEqual(expected);
  });

  it('count cells that are not code, and know the line in a source that is one string', () => {
    const cells = [
      { cell_type: 'markdown', source: 'a' },
      { cell_type: 'code', source: 'é\nb' },
    ];
    const file = JSON.stringify({ cells });
    const offset = Buffer.byteLength(file.slice(0, file.lastIndexOf('b"')));
    expect(cellsOf(file)?.(offset)).toEqual({ cell: 2, line: 2 });
  });

  it.each([
    ['no JSON', 'x = 1'],
    ['a list', '[]'],
    ['no cells', '{}'],
    ['cells of a wrong type', '{"cells": 7}'],
  ])('are text when they are none: %s', (_name, text) => {
    expect(cellsOf(text)).toBeUndefined();
  });
});
