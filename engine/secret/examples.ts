/** Examples of rules of secrets as people are shown them: a page that holds a token is taken for a leak of it. */
import type { Re2Store } from '../re2/store.ts';
import { groupNames } from '../regex/groups.ts';
import type { Example, Rule } from '../rule.ts';
import { encodeUtf8 } from '../text/utf8.ts';
import { Secrets } from './secrets.ts';

/** More matches in one example are left as they are. */
const MAX_MATCHES = 1000;

/** The rule with what its patterns take for a secret masked in all of its examples, conditions or not. */
export function withMaskedExamples(rule: Rule, store: Re2Store): Rule {
  const { secret, examples } = rule;
  if (secret === undefined) return rule;
  const masked = (example: Example): Example => ({
    ...example,
    code: maskedText(example.code, rule.patterns, secret, store),
  });
  return {
    ...rule,
    examples: { match: examples.match.map(masked), noMatch: examples.noMatch.map(masked) },
  };
}

function maskedText(
  code: string,
  patterns: readonly string[],
  secret: string,
  store: Re2Store,
): string {
  const text = encodeUtf8(code);
  store.setText(text);
  const ranges = patterns.flatMap((pattern) => {
    const names = groupNames(pattern);
    const whole = [{ start: 0, end: text.length }];
    const result = store.search(pattern, whole, MAX_MATCHES, names.length);
    if (result.kind !== 'matches') return whole;
    return result.matches.map((match) => match.groups?.[names.indexOf(secret)] ?? match);
  });
  store.releaseText();
  return new Secrets(text, ranges).show(0, text.length);
}
