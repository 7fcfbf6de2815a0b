import { useEffect, useState } from 'react';
import { useRun } from '../../api/runs.ts';
import { RunNotBegun } from '../../runs/RunNotBegun.tsx';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor } from '../store/use-editor.ts';

/** Most runs begin at once: only of one that has not after so long is it asked why, in milliseconds. */
const WONDER_MS = 1500;

const queuedOf = (state: EditorState) => (state.run?.run.state === 'queued' ? state.run.run.id : undefined);

/** Why the run that the canvas shows has not begun. */
export function QueuedRun() {
  const id = useEditor(queuedOf);
  return id === undefined ? null : <LateRun key={id} id={id} />;
}

function LateRun({ id }: { id: string }) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), WONDER_MS);
    return () => clearTimeout(timer);
  }, []);
  return isLate ? <Reason id={id} /> : null;
}

function Reason({ id }: { id: string }) {
  const { data } = useRun(id);
  return data ? <RunNotBegun run={data} /> : null;
}
