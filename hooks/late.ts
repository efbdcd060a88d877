/** Findings on their way through a file of ours; whoever can write there could as well answer the host. */
import { SEVERITIES } from '../engine/rule.ts';
import type { Rule } from '../engine/rule.ts';
import type { Place } from './change.ts';
import type { LateTold, Told } from './message.ts';

export function encodeLate(late: LateTold): unknown {
  return late;
}

/** Nothing for what an older or newer version wrote in another shape. */
export function decodeLate(value: unknown): LateTold[] {
  if (!isRecord(value) || typeof value['path'] !== 'string') return [];
  const list: unknown = value['told'];
  if (!Array.isArray(list)) return [];
  const told = list.flatMap((each: unknown): Told[] => {
    if (!isRecord(each) || !isRule(each['rule'])) return [];
    const places: unknown = each['places'];
    return [{ rule: each['rule'], places: Array.isArray(places) ? places.filter(isPlace) : [] }];
  });
  return told.length < list.length ? [] : [{ path: value['path'], told }];
}

/** The fields that a message is made of. */
function isRule(value: unknown): value is Rule {
  if (!isRecord(value) || !isRecord(value['message'])) return false;
  const { what, why, fix } = value['message'];
  const texts = [value['id'], value['title'], what, why, fix];
  return (
    texts.every((text) => typeof text === 'string') &&
    ['builtin', 'user', 'project', 'local'].some((origin) => origin === value['origin']) &&
    SEVERITIES.some((severity) => severity === value['severity'])
  );
}

function isPlace(value: unknown): value is Place {
  return isRecord(value) && typeof value['line'] === 'number';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
