import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { WireObjection } from '../document/wires.ts';

/** An objection, or one that only a pointer can earn. */
export interface DropObjection extends Omit<WireObjection, 'code'> {
  code: WireObjection['code'] | 'same-side' | 'nothing-fits';
}

/** Puts an objection to a wire in words: what is wrong, and what to do instead. */
export function useObjectionText() {
  const { t } = useTranslation('editor');
  return useCallback(
    (objection: DropObjection): { text: string; remedy?: string } => {
      const { code, node, port, detail } = objection;
      if (code === 'wrong-type' && detail)
        return { text: t('objection.wrong-type', { node, port, detail: detail.message }), remedy: detail.remedy };
      if (code === 'wrong-type' || code === 'no-such-port')
        return { text: t('objection.no-such-port', { node, port }) };
      return { text: t(`objection.${code}`, { node, port }), remedy: t(`remedy.${code}`) };
    },
    [t],
  );
}
