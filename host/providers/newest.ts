/** The newest Opus in an endpoint's list of models. */
import { objectOf, parseJson } from './classify.ts';

/**
 * Id of the newest model of the Opus line that is neither retired nor on its way out. Undefined where the
 * list has none or is in another shape, as with gateways that list models of many makers.
 */
export function newestOpus(list: string): string | undefined {
  const data = objectOf(parseJson(list))?.['data'];
  const models = (Array.isArray(data) ? data : []).flatMap((entry: unknown) => {
    const model = objectOf(entry);
    const id = model?.['id'];
    if (model === undefined || typeof id !== 'string' || !/^claude-opus-[\d-]{1,20}$/.test(id)) {
      return [];
    }
    const lifecycle = model['lifecycle'];
    if (lifecycle !== undefined && lifecycle !== 'active') return [];
    const created = Date.parse(String(model['created_at']));
    return [{ id, created: Number.isNaN(created) ? 0 : created }];
  });
  // Version numbers decide where the dates do not: a list may give an epoch for unknown ones.
  models.sort((a, b) => b.created - a.created || byVersion(b.id, a.id));
  return models[0]?.id;
}

function byVersion(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbers(id: string): readonly number[] {
  return (id.match(/\d+/g) ?? []).map(Number);
}
