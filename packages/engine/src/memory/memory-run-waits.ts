import type { Resumed } from '@imaginarium/node-sdk';
import { isTerminal, type Run } from '@imaginarium/protocol';
import {
  type Answered,
  canGoOn,
  type OpenWait,
  type ParkedRun,
  type RunWait,
  type RunWaits,
} from '../ports/run-waits.ts';

/** A run as far as its waits are concerned. */
export interface WaitingEntry {
  run: Run;
  source: { workspaceId: string };
  cancelRequested: boolean;
  parked?: ParkedRun | undefined;
}

/** The waits of a {@link MemoryRunStore}. */
export class MemoryRunWaits implements RunWaits {
  readonly #entries: ReadonlyMap<string, WaitingEntry>;
  readonly #now: () => number;

  constructor(entries: ReadonlyMap<string, WaitingEntry>, now: () => number) {
    this.#entries = entries;
    this.#now = now;
  }

  async answer(waitId: string, answer: Resumed): Promise<Answered> {
    for (const entry of this.#entries.values()) {
      const wait = entry.parked?.steps.flatMap(({ waits }) => waits).find(({ id }) => id === waitId);
      if (!wait || !entry.parked || wait.answer !== null || isTerminal(entry.run.state)) continue;
      wait.answer = structuredClone(answer);
      if (entry.run.state !== 'waiting' || !canGoOn(entry.parked, this.#now())) return { taken: true, queued: null };
      entry.run = { ...entry.run, state: 'queued' };
      const { id: runId, priority } = entry.run;
      return { taken: true, queued: { runId, workspaceId: entry.source.workspaceId, priority, again: true } };
    }
    return { taken: false };
  }

  async listDue(limit: number): Promise<OpenWait[]> {
    const now = this.#now();
    return this.#open()
      .filter(({ wait: { dueAt } }) => dueAt !== null && Date.parse(dueAt) <= now)
      .sort((a, b) => (a.wait.dueAt ?? '').localeCompare(b.wait.dueAt ?? ''))
      .slice(0, limit);
  }

  async listEnded(limit: number): Promise<OpenWait[]> {
    const hasEnded = ({ wait: { about } }: OpenWait) => {
      const child = about.kind === 'run' ? this.#entries.get(about.runId) : undefined;
      return child !== undefined && isTerminal(child.run.state);
    };
    return this.#open().filter(hasEnded).slice(0, limit);
  }

  async find(waitId: string): Promise<OpenWait | undefined> {
    return this.#open().find(({ wait }) => wait.id === waitId);
  }

  async findParent(runId: string): Promise<OpenWait | undefined> {
    return this.#open().find(({ wait: { about } }) => about.kind === 'run' && about.runId === runId);
  }

  async listChildren(runId: string): Promise<string[]> {
    const ofRun = this.#open().filter((open) => open.runId === runId);
    return ofRun.flatMap(({ wait: { about } }) => (about.kind === 'run' ? [about.runId] : []));
  }

  async listOrphans(limit: number): Promise<string[]> {
    const isOrphan = ({ run, cancelRequested }: WaitingEntry) => {
      const parent = run.parent ? this.#entries.get(run.parent.runId) : undefined;
      return parent && isTerminal(parent.run.state) && !isTerminal(run.state) && !cancelRequested;
    };
    return [...this.#entries.values()]
      .filter(isOrphan)
      .slice(0, limit)
      .map(({ run }) => run.id);
  }

  #open(): OpenWait[] {
    return [...this.#entries.values()].flatMap(({ run, source, parked }) => {
      if (!parked || isTerminal(run.state)) return [];
      const open = (waits: RunWait[]) => waits.filter(({ answer }) => answer === null);
      return parked.steps.flatMap(({ node, waits }) =>
        open(waits).map((wait) => structuredClone({ runId: run.id, workspaceId: source.workspaceId, node, wait })),
      );
    });
  }
}

/** What a run waits for from now on: as it says, with the answers that came to the same waits meanwhile. */
export function withAnswers(parked: ParkedRun, stored: ParkedRun | undefined): ParkedRun {
  const answers = new Map(stored?.steps.flatMap(({ waits }) => waits.map(({ id, answer }) => [id, answer])));
  return structuredClone({
    ...parked,
    steps: parked.steps.map((step) => ({
      ...step,
      waits: step.waits.map((wait) => ({ ...wait, answer: answers.get(wait.id) ?? wait.answer })),
    })),
  });
}
