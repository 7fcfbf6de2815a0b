import type { NodeDescription } from '@imaginarium/protocol';
import { useUpdateNodeInternals } from '@xyflow/react';
import { useEffect, useRef } from 'react';

/** Has the canvas find the ports of a card again when its type has become another one: after an upgrade, or a save of its package. */
export function usePortsRedrawn(id: string, description: NodeDescription | undefined): void {
  const update = useUpdateNodeInternals();
  const drawn = useRef(description);
  useEffect(() => {
    if (drawn.current === description) return;
    drawn.current = description;
    update(id);
  }, [id, description, update]);
}
