import type { PlannedNode } from '../plan/plan.ts';
import type { StepTrace } from '../ports/step-cache.ts';
import { worthKeeping } from './cache-key.ts';

/** Names changed params or ports beyond this many are only counted. */
const NAMED = 3;

/** Why a step was executed though its results are kept: what is not as it was when they were. */
export function whyAgain(before: StepTrace | undefined, now: StepTrace, planned: PlannedNode, nameOf: NameOf): string {
  if (!before) return 'It was not executed in this workflow before.';
  if (before.key === now.key) return 'What it gave before was no longer kept.';
  if (before.type !== now.type) return `It is ${now.type} now and was ${before.type}.`;
  const changes = [
    ...(before.package === now.package ? [] : [`Its node package is ${now.package} now and was ${before.package}.`]),
    ...paramChanges(before, now, planned),
    ...inputChanges(before, now, planned, nameOf),
    ...(before.fingerprint === now.fingerprint
      ? []
      : ['Something else that it depends on changed, such as an installed model.']),
  ];
  return changes.join(' ') || 'Its items are paired in another way than before.';
}

/** The name of a node of the run's graph, by its id. */
export type NameOf = (node: string) => string;

/** Why a step is executed each time though its work is dear; null where nobody would ask. */
export function whyNotKept({ registered, node }: PlannedNode): string | null {
  if (!worthKeeping(registered)) return null;
  if (registered.definition.description.effects !== 'pure')
    return 'It is executed each time, because it does more than give a result.';
  return node.policy?.cache === false ? 'It is executed each time, as its policy says.' : null;
}

function paramChanges(before: StepTrace, now: StepTrace, { registered }: PlannedNode): string[] {
  const { params } = registered.definition.description;
  const changed = Object.keys(now.params).filter((key) => now.params[key] !== before.params[key]);
  if (changed.length === 0) return [];
  const titles = changed.map((key) => params[key]?.title ?? key);
  return [`Its ${titles.length > 1 ? 'params' : 'param'} ${list(titles)} changed.`];
}

function inputChanges(before: StepTrace, now: StepTrace, { registered, wires }: PlannedNode, nameOf: NameOf): string[] {
  const { inputs } = registered.definition.description;
  const ports = new Set([...Object.keys(now.inputs), ...Object.keys(before.inputs)]);
  return [...ports].flatMap((port) => {
    const [was, is] = [before.inputs[port], now.inputs[port]];
    if (was?.hash === is?.hash) return [];
    const title = inputs[port]?.title ?? port;
    const sources = [...new Set((wires.get(port) ?? []).map(({ from }) => nameOf(from.node)))];
    const from = sources.length > 0 ? ` from ${list(sources)}` : '';
    if (!is) return [`Nothing comes in by ${title} any more.`];
    if (!was) return [`What comes in by ${title}${from} is new.`];
    if (is.items !== was.items)
      return [`Its input ${title}${from} changed: ${countOf(is.items)} instead of ${was.items}.`];
    return [`Its input ${title}${from} changed.`];
  });
}

function countOf(items: number): string {
  return items === 1 ? '1 item' : `${items} items`;
}

function list(names: readonly string[]): string {
  const shown = names.length > NAMED ? [...names.slice(0, NAMED), `${names.length - NAMED} more`] : names;
  const last = shown.at(-1);
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${last}` : (last ?? '');
}
