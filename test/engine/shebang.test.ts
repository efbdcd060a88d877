import { describe, expect, test } from 'vitest';
import { languageOfStart, MOST_SCRIPT_BYTES } from '../../engine/shebang.ts';
import { encodeUtf8 } from '../../engine/text/utf8.ts';
import { places, rule, scanText } from './scan-text.ts';

const startOf = (text: string) => languageOfStart(encodeUtf8(text));

describe('the language of a script by its first line', () => {
  test.each([
    ['#!/bin/sh\n', 'shell'],
    ['#! /bin/bash -eu\r\n', 'shell'],
    ['#!/usr/bin/env bash', 'shell'],
    ['#!/usr/local/bin/python3.12\n', 'python'],
    ['#!/usr/bin/env python\n', 'python'],
    ['#!/usr/bin/env -S python3 -u\n', 'python'],
    ['#!/usr/bin/env -i PATH=/bin python3\n', 'python'],
    ['#!/usr/bin/env -S uv run --script\n', 'python'],
    ['#!/usr/bin/env node\nrequire("fs")', 'javascript'],
    ['#!/usr/bin/env -S deno run -A\n', 'typescript'],
    ['#!/usr/bin/ruby2.7\n', 'ruby'],
    ['#!/usr/bin/php8.2\n<?php', 'php'],
    ['<?php\nnamespace A;', 'php'],
    ['#!/usr/bin/make -f\n', 'makefile'],
  ] as const)('%j', (text, language) => {
    expect(startOf(text)).toBe(language);
  });

  test.each([
    '',
    '#',
    '#!',
    '#!\n/bin/sh',
    '#!/usr/bin/env\n',
    '#!/usr/bin/env -S\npython',
    '#!/usr/bin/pythonic\n',
    '#!/usr/bin/perl\n',
    ' #!/bin/sh\n',
    '# #!/bin/sh\n',
    '<?xml version="1.0"?>',
    '#[allow(unused)]\n#!/bin/sh',
    `#!${' '.repeat(300)}/bin/sh\n`,
  ])('%j has none', (text) => {
    expect(startOf(text)).toBeUndefined();
  });
});

test('an archive that starts itself is no script', () => {
  const packed = Array.from({ length: 4096 }, (_, i) => String.fromCharCode(i % 128)).join('');
  expect(startOf(`#!/usr/bin/env php\n${packed}`)).toBeUndefined();
  expect(startOf('#!/bin/sh\n# a stray \0 is nothing to hide behind\n')).toBe('shell');
  const start = '#!/usr/bin/env php\n';
  const script = start.padEnd(MOST_SCRIPT_BYTES, '.');
  expect(startOf(script)).toBe('php');
  expect(startOf(`${script}.`)).toBeUndefined();
});

describe('a scan', () => {
  const python = rule('python', 'danger', { languages: ['python'], in: ['code'] });
  const code = '#!/usr/bin/env python3\n# danger\ndanger()\n';

  test('reads a script as its first line says, if the name says nothing', () => {
    expect(places(scanText([python], 'bin/deploy', code).findings)).toEqual(['python@3']);
    expect(places(scanText([python], 'www/list.cgi', code).findings)).toEqual(['python@3']);
  });

  test('goes by the name first', () => {
    expect(scanText([python], 'deploy.sh', code).findings).toEqual([]);
  });

  test('knows which rules a comment could suppress', () => {
    const held = code.replace('danger()', 'danger() # sg-ignore: python -- by hand');
    const { findings, suppressed } = scanText([python], 'bin/deploy', held);
    expect(findings).toEqual([]);
    expect(suppressed).toHaveLength(1);
    const idle = scanText([python], 'bin/deploy', held.replace('danger()', 'fine()'));
    expect(places(idle.findings)).toEqual(['unused-suppression@3']);
  });
});
