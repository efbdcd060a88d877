/** Commands and rules in the documents, through the program's own tables. */
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/commands/index.ts';
import { parseOptions } from '../../cli/options.ts';
import { parsePattern } from '../../engine/regex/parse.ts';
import { convertNativeRules } from '../../host/rules/native-format.ts';
import { convertReferenceRules } from '../../host/rules/reference-format.ts';
import { parseRuleDocument } from '../../host/rules/yaml-document.ts';
import { documents, fences, packageField, prose } from './documents.ts';

interface Written {
  readonly place: string;
  readonly command: string;
  readonly words: readonly string[];
}

/** `sg …` lines of shell blocks, and `sg …` in backticks; comments, pipes and redirections are cut off. */
function writtenCommands(): Written[] {
  return documents().flatMap((document) => {
    const fenced = fences(document)
      .filter(({ language }) => ['sh', 'console', 'yaml'].includes(language))
      .flatMap(({ language, lines, line }) =>
        lines
          .map((text, index) => ({ text, place: `${document.path}:${line + 1 + index}` }))
          .flatMap(({ text, place }) => {
            const command = { sh: /^(sg .*)/, console: /^\$ (sg .*)/, yaml: /\brun: (sg .*)/ }[
              language
            ]?.exec(text)?.[1];
            return command === undefined ? [] : [{ place, command, words: shellWords(command) }];
          }),
      );
    const inline = [...prose(document).matchAll(/`(sg [a-z][^`]*)`/g)].map((match) => ({
      place: document.path,
      command: match[1] ?? '',
      words: shellWords(match[1] ?? ''),
    }));
    return [...fenced, ...inline];
  });
}

/** Words of the first command of a line; enough of a shell for what documents hold. */
function shellWords(line: string): string[] {
  const words: string[] = [];
  for (const [word = '', quoted] of line.matchAll(/'([^']*)'|\S+/g)) {
    if (/^(?:#|\||<|>|&&|;)/.test(word)) break;
    words.push(quoted ?? word);
  }
  return words;
}

describe('commands in the documents', () => {
  const commands = writtenCommands();

  it('are found', () => {
    expect(commands.length).toBeGreaterThan(20);
  });

  it.each(commands)('$place: $command', async ({ words }) => {
    const [, name = '', ...args] = words;
    if (name === 'help') {
      expect(COMMANDS.map((command) => command.name)).toEqual(expect.arrayContaining(args));
      return;
    }
    const entry = COMMANDS.find((command) => command.name === name);
    expect(entry, `no command "${name}"`).toBeDefined();
    if (entry === undefined) return;
    const { command } = await entry.load();
    const most = command.help.usage === '' ? 0 : Infinity;
    const parsed = parseOptions(
      command.help.options,
      { name: command.help.usage, min: 0, max: most },
      args,
    );
    expect(parsed).toMatchObject({ ok: true });
  });

  it('run scripts that package.json has', () => {
    const scripts = Object.keys(Object(packageField('scripts')));
    const named = documents().flatMap(({ text }) =>
      [...text.matchAll(/\bnpm (?:run ([a-z0-9:]+)|(start|test)\b)/g)].map(
        (match) => match[1] ?? match[2] ?? '',
      ),
    );
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });
});

/** What a rule needs besides the fields that an example shows. */
const REST = `id: a-rule
title: A
severity: low
confidence: low
cwe: CWE-1
message: { what: a, why: b, fix: c }
examples: { match: [a, b], no-match: [c, d] }`;

describe('rules in docs/rules-format.md', () => {
  const blocks = documents()
    .filter(({ path }) => path === 'docs/rules-format.md')
    .flatMap(fences)
    .filter(({ language }) => language === 'yaml')
    .map(({ lines, line }) => ({ line, text: lines.join('\n') }))
    .map(({ line, text }) => ({
      line,
      text: /^(?:id|patterns):/.test(text)
        ? text
        : `${text}\n${text.includes('patterns:') ? '' : 'patterns: [a]\n'}${REST}`,
    }));

  it.each(blocks)('line $line loads without a problem', ({ text }) => {
    const parsed = parseRuleDocument(text, { format: 'yaml', uniqueKeys: true });
    if (!parsed.ok) throw new Error(parsed.reason);
    const { value, locate } = parsed;
    const input = { file: 'example', value, locate, taken: new Set<string>() };
    const converted = text.startsWith('patterns:')
      ? convertReferenceRules({ ...input, origin: 'project' })
      : convertNativeRules({
          ...input,
          origin: 'builtin',
          strict: true,
          checkPattern: (pattern) => {
            const result = parsePattern(pattern);
            return result.ok ? undefined : result.error;
          },
        });
    expect(converted.problems.filter(({ level }) => level !== 'note')).toEqual([]);
    expect(converted.rules).toHaveLength(1);
  });
});
