import { ApiError, ConnectionError } from '@imaginarium/client';
import { emptyGraph, type Graph } from '@imaginarium/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Autosave, type SaveState } from './autosave.ts';

const at = '2026-11-21T12:04:00.000Z';

function setUp() {
  let graph: Graph = emptyGraph();
  const states: SaveState['state'][] = [];
  const save = vi.fn(async (_graph: Graph, revision: number, _options: { keepalive: boolean }) => ({
    revision: revision + 1,
    updatedAt: at,
  }));
  const autosave = new Autosave({
    ...{ revision: 1, savedAt: at, save, draft: () => graph },
    onChange: (now) => states.push(now.state),
  });
  const edit = () => {
    graph = { ...graph };
    autosave.changed();
    return graph;
  };
  const goBackTo = (earlier: Graph) => {
    graph = earlier;
    autosave.changed();
  };
  return { autosave, save, states, edit, goBackTo, first: graph };
}

function conflict(): ApiError {
  return new ApiError(409, { code: 'draft-conflict', message: 'Somebody saved.', requestId: 'r1' });
}

describe('autosave', () => {
  it('says saved again when undo leads back to what the server has, and sends nothing', async () => {
    const { edit, goBackTo, first, states, save } = setUp();
    edit();
    goBackTo(first);
    await vi.advanceTimersByTimeAsync(5000);
    expect(states).toEqual(['unsaved', 'saved']);
    expect(save).not.toHaveBeenCalled();
  });

  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('sends one draft for many quick edits, and names the revision it was made from', async () => {
    const { save, states, edit } = setUp();
    edit();
    edit();
    const last = edit();
    await vi.advanceTimersByTimeAsync(700);
    expect(save.mock.calls).toEqual([[last, 1, { keepalive: false }]]);
    expect(states).toEqual(['unsaved', 'unsaved', 'unsaved', 'saving', 'saved']);
  });

  it('saves again what was edited while a save was on its way, over the revision that save made', async () => {
    const { save, edit } = setUp();
    let answer: (() => void) | undefined;
    save.mockImplementationOnce(
      (_graph, revision) =>
        new Promise((resolve) => {
          answer = () => resolve({ revision: revision + 1, updatedAt: at });
        }),
    );
    edit();
    await vi.advanceTimersByTimeAsync(700);
    const last = edit();
    await vi.advanceTimersByTimeAsync(700);
    expect(save).toHaveBeenCalledTimes(1);
    answer?.();
    await vi.advanceTimersByTimeAsync(1000);
    expect(save.mock.lastCall).toEqual([last, 2, { keepalive: false }]);
  });

  it('tries again by itself when the server cannot be reached', async () => {
    const { autosave, save, states, edit } = setUp();
    save.mockRejectedValueOnce(new ConnectionError('http://127.0.0.1'));
    edit();
    await vi.advanceTimersByTimeAsync(700);
    expect(states.at(-1)).toBe('offline');
    expect(autosave.isDirty).toBe(true);
    await vi.advanceTimersByTimeAsync(2000);
    expect(states.at(-1)).toBe('saved');
    expect(autosave.isDirty).toBe(false);
  });

  it('sends nothing more after a conflict, until a person has chosen', async () => {
    const { autosave, save, states, edit } = setUp();
    save.mockRejectedValueOnce(conflict());
    edit();
    await vi.advanceTimersByTimeAsync(700);
    expect(states.at(-1)).toBe('conflict');
    edit();
    autosave.leave();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await autosave.flush()).toBe(false);
    expect(save).toHaveBeenCalledTimes(1);
    const theirs = edit();
    autosave.adopt(theirs, { revision: 5, updatedAt: at });
    const last = edit();
    await vi.advanceTimersByTimeAsync(700);
    expect(save.mock.lastCall).toEqual([last, 5, { keepalive: false }]);
  });

  it('flushes at once, and says whether the server has the draft', async () => {
    const { autosave, save, edit } = setUp();
    edit();
    expect(await autosave.flush()).toBe(true);
    expect(await autosave.flush()).toBe(true);
    save.mockRejectedValueOnce(new ApiError(422, { code: 'graph-invalid', message: 'No.', requestId: 'r' }));
    edit();
    expect(await autosave.flush()).toBe(false);
    expect(save).toHaveBeenCalledTimes(2);
  });

  it('leaves with a request that outlives the page', async () => {
    const { autosave, save, edit } = setUp();
    edit();
    autosave.leave();
    await vi.advanceTimersByTimeAsync(0);
    expect(save.mock.lastCall?.[2]).toEqual({ keepalive: true });
  });
});
