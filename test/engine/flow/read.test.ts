/** Which parts of a text stay read as words: a bundle of one line has millions of them. */
import { expect, test } from 'vitest';
import { PartReader } from '../../../engine/flow/read.ts';
import type { ByteRange } from '../../../engine/re2/instance.ts';

const PART_BYTES = 1 << 12;

function reader(): { parts: PartReader; read: number[] } {
  const read: number[] = [];
  const tokens = ({ start }: ByteRange): readonly never[] => {
    read.push(start / PART_BYTES);
    return [];
  };
  return { parts: new PartReader(tokens, 'javascript', { spent: 0 }), read };
}

function part(index: number): ByteRange {
  return { start: index * PART_BYTES, end: (index + 1) * PART_BYTES };
}

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

test('what was asked for lately is not read again', () => {
  const { parts, read } = reader();
  for (const index of [0, 1, 0, 1, 1]) parts.at(part(index));
  expect(read).toEqual([0, 1]);
});

test('what nobody asks for is forgotten, and read again when somebody does', () => {
  const { parts, read } = reader();
  for (const index of upTo(256)) parts.at(part(index));
  parts.at(part(255));
  parts.at(part(0));
  expect(read).toEqual([...upTo(256), 0]);
});

test('what is asked for again and again stays, however much is read between', () => {
  const { parts, read } = reader();
  for (const index of upTo(256)) {
    parts.at(part(1_000));
    parts.at(part(index));
  }
  expect(read).toEqual([1_000, ...upTo(256)]);
});
