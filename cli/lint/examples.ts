/** Advice on a rule's examples, from trying them on the real scanner. */
import type { Advice } from '../../engine/lint/advice.ts';
import { describePattern } from '../../engine/regex/describe.ts';
import type { Example, Rule } from '../../engine/rule.ts';
import type { Assets } from '../assets.ts';
import { judgeExamples } from '../rule-examples.ts';
import { createLocalScanner } from '../scan/local-scanner.ts';

/** Advice by rule id. Rules whose patterns RE2 refuses are told so, and their examples are not tried. */
export async function adviseExamples(
  rules: readonly Rule[],
  assets: Pick<Assets, 'pack' | 'wasm' | 'snapshot'>,
): Promise<Map<string, Advice[]>> {
  const scanner = await createLocalScanner(rules, assets);
  const refused = new Map(
    [...scanner.problems, ...scanner.verifyPatterns()].map(({ ruleId, field, error }) => [
      ruleId,
      refusal(field, error.message),
    ]),
  );
  const untested = await untestedPatterns(
    rules.filter(({ id }) => !refused.has(id)),
    assets,
  );
  const advice = rules.map((rule): [string, Advice[]] => {
    const broken = refused.get(rule.id);
    if (broken !== undefined) return [rule.id, [broken]];
    const wrong = judgeExamples(rule, scanner).examples.flatMap(
      ({ verdict, list, index, hitLine }) =>
        verdict === 'missing' || verdict === 'noisy'
          ? [wrongExample(['examples', list, index], verdict, hitLine)]
          : [],
    );
    const missing = wrong.length > 0 ? [] : (untested.get(rule.id) ?? []);
    return [rule.id, [...presence(rule), ...wrong, ...missing]];
  });
  scanner.dispose();
  return new Map(advice);
}

function refusal(field: string, reason: string): Advice {
  const path = [...field.matchAll(/[a-z-]+|\d+/g)].map(([step]) =>
    /^\d/.test(step) ? Number(step) : step,
  );
  const help = 'run `sg explain` on the rule to see what the engine makes of it';
  return {
    code: 'large-program',
    level: 'error',
    field: path,
    message: `RE2 refuses the pattern: ${reason}`,
    help,
  };
}

function wrongExample(
  field: Advice['field'],
  verdict: 'missing' | 'noisy',
  hitLine: number | undefined,
): Advice {
  const message =
    verdict === 'missing'
      ? 'the rule does not find this example'
      : `the rule finds something in this example, on line ${hitLine ?? 1} of it`;
  const help = 'change the pattern, a condition, or the example; `path` decides the language';
  return { code: 'wrong-example', level: 'error', field, message: `${verdict}: ${message}`, help };
}

/** Python's format has no examples. */
function presence(rule: Rule): Advice[] {
  const { match, noMatch } = rule.examples;
  if (rule.globs === 'fnmatch') return [];
  if (match.length === 0 || noMatch.length === 0) {
    const which = match.length === 0 ? 'match' : 'no-match';
    const message = `the rule has no examples under ${which}`;
    const help = 'write a text that it must find, and a near miss that it must not';
    return [{ code: 'no-examples', level: 'warning', field: ['examples'], message, help }];
  }
  if (noMatch.some((example) => holdsLiteral(rule, example))) return [];
  const message = 'no example under no-match holds any literal of the patterns';
  const help =
    'add a near miss: the safe call beside the dangerous one, the name that only looks alike';
  const field = ['examples', 'no-match'];
  return [{ code: 'no-near-miss', level: 'warning', field, message, help }];
}

function holdsLiteral(rule: Rule, { code }: Example): boolean {
  const bytes = Buffer.from(code).toString('latin1');
  return rule.patterns.some((pattern) => {
    const described = describePattern(pattern);
    if (!described.ok || described.facts.literals.length === 0) return true;
    return described.facts.literals.some((literal) =>
      (literal.foldCase ? bytes.toLowerCase() : bytes).includes(literal.bytes),
    );
  });
}

/** Of rules with several patterns, those by which no example matches. */
async function untestedPatterns(
  rules: readonly Rule[],
  assets: Pick<Assets, 'pack' | 'wasm' | 'snapshot'>,
): Promise<Map<string, Advice[]>> {
  const tried = rules.filter(
    ({ patterns, examples }) => patterns.length > 1 && examples.match.length > 0,
  );
  const parts = tried.flatMap((rule) =>
    rule.patterns.map((pattern, index) => ({
      ...rule,
      id: `${rule.id}#${index}`,
      patterns: [pattern],
    })),
  );
  const scanner = await createLocalScanner(parts, assets);
  const encoder = new TextEncoder();
  const advice = tried.map((rule): [string, Advice[]] => {
    const found = new Set(
      rule.examples.match.flatMap(({ path, code }) =>
        scanner.scan(path, encoder.encode(code)).findings.map(({ ruleId }) => ruleId),
      ),
    );
    const untested = rule.patterns.flatMap((_pattern, index): Advice[] => {
      if (found.has(`${rule.id}#${index}`)) return [];
      const message = 'no example matches by this pattern';
      const help = 'add one under `match`';
      return [
        { code: 'untested-pattern', level: 'note', field: ['patterns', index], message, help },
      ];
    });
    return [rule.id, untested];
  });
  scanner.dispose();
  return new Map(advice);
}
