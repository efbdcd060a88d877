/** Advice on one rule by itself, without a text to try it on. */
import type { Node } from '../regex/ast.ts';
import { parsePattern } from '../regex/parse.ts';
import type { Condition as RuleCondition, Rule } from '../rule.ts';
import type { Advice } from './advice.ts';
import { adviseConditions, type Condition } from './conditions.ts';
import { advisePattern } from './pattern.ts';

const MAX_TITLE = 90;
const MAX_PROSE = 300;

/** Patterns that cannot be parsed are left out: the loader says why. */
export function adviseRule(rule: Rule): Advice[] {
  const patterns = rule.patterns.map(parsed);
  const known = patterns.filter((node) => node !== undefined);
  const lists = (['requires', 'unless'] as const).map((list) => ({
    list,
    conditions: (rule[list] ?? []).map((condition) => ({
      ...condition,
      node: parsed(condition.pattern),
    })),
  }));
  const all = lists.flatMap(({ conditions }) => conditions);
  const endsMatter = all.some(({ within }) => within === 'match' || within === 'line');
  const isWhole = known.length === patterns.length && rule.lookaround === undefined;
  return [
    ...patterns.flatMap((node, index) => {
      const field = ['patterns', index];
      const isFirst = rule.patterns.indexOf(rule.patterns[index] ?? '') === index;
      if (!isFirst) return [samePattern(field)];
      return node === undefined
        ? []
        : advisePattern(node, { field, endsMatter, isCondition: false });
    }),
    ...lists.flatMap(({ list, conditions }) =>
      conditions.flatMap(({ is, node, without }, index) =>
        [
          ...(is === undefined ? [{ key: ['pattern'], node }] : []),
          ...(without ?? []).map((source, i) => ({ key: ['without', i], node: parsed(source) })),
        ].flatMap(({ key, node }) => {
          const place = { field: [list, index, ...key], endsMatter: true, isCondition: true };
          return node === undefined ? [] : advisePattern(node, place);
        }),
      ),
    ),
    ...lists.flatMap(({ list, conditions }) =>
      isWhole && conditions.every(isParsed)
        ? adviseConditions(conditions, {
            list,
            patterns: known,
            inComments: rule.in === undefined || rule.in.includes('comment'),
          })
        : [],
    ),
    ...prose(rule),
  ];
}

function parsed(pattern: string): Node | undefined {
  const result = parsePattern(pattern);
  return result.ok ? result.node : undefined;
}

function isParsed(condition: RuleCondition & { node: Node | undefined }): condition is Condition {
  return condition.node !== undefined;
}

function samePattern(field: Advice['field']): Advice {
  const message = 'the same pattern stands above';
  return { code: 'duplicate-pattern', level: 'warning', field, message, help: 'leave it out' };
}

function prose({ title, message }: Rule): Advice[] {
  const advice: Advice[] = [];
  const add = (field: Advice['field'], text: string, help: string): void => {
    advice.push({ code: 'prose', level: 'warning', field, message: text, help });
  };
  // A title that was not given is the message.
  if (title !== message.what) {
    if (title.length > MAX_TITLE)
      add(
        ['title'],
        `the title has ${title.length} characters; expected at most ${MAX_TITLE}`,
        'say what is found, and leave the reason to `message`',
      );
    if (title.endsWith('.'))
      add(['title'], 'the title ends with a full stop', 'leave it out: a title is no sentence');
  }
  for (const part of ['what', 'why', 'fix'] as const) {
    const text = message[part];
    if (text.length > MAX_PROSE)
      add(
        ['message', part],
        `message.${part} has ${text.length} characters; expected at most ${MAX_PROSE}`,
        'say it in one or two sentences',
      );
  }
  return advice;
}
