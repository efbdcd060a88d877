/** What of a rule decides where it matches, apart from what is said about a match. */
import type { Rule } from './rule.ts';

/** Two rules whose parts are equal as JSON find the same. Fields that nobody listed here count as deciding. */
export function matchingPart(rule: Rule): Partial<Rule> {
  const {
    id: _id,
    title: _title,
    severity: _severity,
    confidence: _confidence,
    cwe: _cwe,
    class: _class,
    message: _message,
    references: _references,
    examples: _examples,
    parity: _parity,
    origin: _origin,
    file: _file,
    ...part
  } = rule;
  return part;
}
