import { describe, expect, it } from 'vitest';
import { changeOf, treeBefore } from '../../../bench/eval/pair.ts';
import { readPair } from '../../../bench/eval/read-pair.ts';

const GOOD = `id: go-one-thing
title: One thing
language: go
cwe: CWE-89
severity: high
path: cmd/one.go
vulnerable: |
  package main

  func one(q string) {
    run("a" + q)
  }
fixed: |
  package main

  func one(q string) {
    run("a", q)
  }
expect:
  quote: run("a" + q)
note: why
`;

const problemsOf = (text: string, file = 'pairs/go-one-thing.yaml'): readonly string[] => {
  const read = readPair(file, text);
  return read.ok ? [] : read.problems;
};

const FILES = `files:
  lib/same.go: |
    package lib
  lib/check.go:
    vulnerable: |
      return true
    fixed: |
      return known(q)
  lib/added.go:
    after: |
      package added
proof:
  run: sh
  script: echo held
`;

describe('readPair', () => {
  it('reads a good one', () => {
    expect(readPair('pairs/go-one-thing.yaml', GOOD)).toMatchObject({
      ok: true,
      pair: { id: 'go-one-thing', traits: [], quotes: ['run("a" + q)'] },
    });
  });

  it('reads the files around the change, and where else a finding is right', () => {
    const text = `${GOOD}${FILES}`.replace(
      '\nnote',
      '\n  elsewhere:\n    lib/check.go: return true\nnote',
    );
    const read = readPair('pairs/go-one-thing.yaml', text);
    expect(read).toMatchObject({
      pair: {
        files: [
          { path: 'lib/same.go', isChanged: false, vulnerable: 'package lib\n' },
          { path: 'lib/check.go', isChanged: false, fixed: 'return known(q)\n' },
          { path: 'lib/added.go', isChanged: true, fixed: 'package added\n' },
        ],
        elsewhere: [{ path: 'lib/check.go', quote: 'return true' }],
        proof: { run: 'sh', script: 'echo held' },
      },
    });
    if (!read.ok) return;
    const changed = changeOf(read.pair, 'fixed').files;
    expect(changed.map(({ path, status }) => `${status} ${path}`)).toEqual([
      'added cmd/one.go',
      'added lib/added.go',
    ]);
    expect([...treeBefore(read.pair, 'vulnerable')]).toEqual([
      ['lib/same.go', 'package lib\n'],
      ['lib/check.go', 'return true\n'],
    ]);
  });

  it('takes one text for both sides where another file differs', () => {
    const text = GOOD.replace(/fixed: [^]*(?=expect)/, '') + FILES;
    expect(readPair('pairs/go-one-thing.yaml', text)).toMatchObject({ ok: true });
    const alike = text.replace('return known(q)', 'return true');
    expect(problemsOf(alike)).toEqual([expect.stringContaining('fixed is the same as vulnerable')]);
  });

  it.each<[string, (text: string) => string, string[]]>([
    ['no YAML', () => 'a: [', ['pairs/go-one-thing.yaml:1: Flow sequence in block collection']],
    ['a list', () => '- a', ['pairs/go-one-thing.yaml:1: got a list, expected a mapping']],
    [
      'an unknown key',
      (text) => `${text}severty: low\n`,
      ['pairs/go-one-thing.yaml:22: unknown key "severty"; did you mean "severity"?'],
    ],
    [
      'a missing key',
      (text) => text.replace('title: One thing\n', ''),
      ['pairs/go-one-thing.yaml:1: title is nothing, expected text'],
    ],
    [
      'a severity that is none',
      (text) => text.replace('severity: high', 'severity: low'),
      ['pairs/go-one-thing.yaml:5: severity is "low", expected one of medium, high, critical'],
    ],
    [
      'a trait that is none',
      (text) => text.replace('note:', 'traits: [race, odd]\nnote:'),
      ['pairs/go-one-thing.yaml:21: traits is "odd", expected one of authorization,'],
    ],
    [
      'another language',
      (text) => text.replace('one.go', 'one.rb'),
      ['pairs/go-one-thing.yaml:6: "cmd/one.rb" is no file of the language go'],
    ],
    [
      'a file that no review looks at',
      (text) => text.replace('cmd/one.go', 'node_modules/one.go'),
      ['pairs/go-one-thing.yaml:6: "node_modules/one.go" is not reviewed: dependency'],
    ],
    [
      'a weakness that no category has',
      (text) => text.replace('CWE-89', 'CWE-1'),
      ['pairs/go-one-thing.yaml:4: no category that a reviewer can name is CWE-1 or of its family'],
    ],
    [
      'a quote that is not there',
      (text) => text.replace('quote: run("a" + q)', 'quote: run("b" + q)'),
      ['pairs/go-one-thing.yaml:20: the quote is 0 times in vulnerable, expected once: '],
    ],
    [
      'a quote that is there twice',
      (text) => text.replace('  run("a" + q)\n', '  run("a" + q)\n    run("a" + q)\n'),
      ['pairs/go-one-thing.yaml:21: the quote is 2 times in vulnerable, expected once: '],
    ],
    [
      'a quote of old code',
      (text) =>
        text
          .replace(
            'vulnerable: |',
            'before: |\n  package main\n\n  func one(q string) {\n  }\n\nvulnerable: |',
          )
          .replace('quote: run("a" + q)', 'quote: package main'),
      ['pairs/go-one-thing.yaml:26: the quote is no code that the change wrote: "package main"'],
    ],
    [
      'sides that are the same',
      (text) => text.replace('run("a", q)', 'run("a" + q)'),
      ['pairs/go-one-thing.yaml:13: fixed is the same as vulnerable'],
    ],
    [
      'a trait without its text',
      (text) => text.replace('note:', 'traits: [injected-instructions]\nnote:'),
      ['pairs/go-one-thing.yaml:21: the trait injected-instructions and the text "injected" go'],
    ],
    [
      'a file that leads out',
      (text) => `${text}files:\n  ../b.go: b\n`,
      ['pairs/go-one-thing.yaml:23: "../b.go" is no path of plain names'],
    ],
    [
      'a file in two parts of which one is missing',
      (text) => `${text}files:\n  lib/b.go:\n    fixed: b\n`,
      ['pairs/go-one-thing.yaml:23: files.lib/b.go.vulnerable is nothing, expected text'],
    ],
    [
      'a place in a file that is not there',
      (text) => text.replace('\nnote', '\n  elsewhere: { b.go: run() }\nnote'),
      ['pairs/go-one-thing.yaml:21: the quote is 0 times in "b.go", expected once: "run()"'],
    ],
    [
      'a program that no proof is run by',
      (text) => `${text}proof: { run: perl, script: die }\n`,
      ['pairs/go-one-thing.yaml:22: run is "perl", expected one of node, python3, sh'],
    ],
    [
      'two things',
      (text) => text.replace('cwe: CWE-89', 'cwe: 89').replace('title: One thing', 'title: []'),
      [
        'pairs/go-one-thing.yaml:2: title is an empty list, expected text',
        'pairs/go-one-thing.yaml:4: cwe is a number, expected text',
      ],
    ],
  ])('refuses %s', (_, change, expected) => {
    const problems = problemsOf(change(GOOD));
    expect(problems.map((problem, index) => problem.slice(0, expected[index]?.length))).toEqual(
      expected,
    );
  });

  it('refuses another file name', () => {
    expect(problemsOf(GOOD, 'pairs/other.yaml')).toEqual([
      'pairs/other.yaml:1: id is "go-one-thing", expected the name of its file',
    ]);
  });
});
