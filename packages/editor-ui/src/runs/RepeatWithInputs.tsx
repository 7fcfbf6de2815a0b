import type { RunDetail } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import { SlidersHorizontal } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRepeat } from './RunActions.tsx';

/** The fields of the editor come only when somebody asks for them. */
const InputsDialog = lazy(async () => ({ default: (await import('./InputsDialog.tsx')).InputsDialog }));

/** Runs again with other inputs than the run had. */
export function RepeatWithInputs({ run }: { run: RunDetail }) {
  const { t } = useTranslation('runs');
  const { repeat, isPending } = useRepeat(run);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button loading={isPending} icon={<SlidersHorizontal size={14} aria-hidden />} onClick={() => setOpen(true)}>
        {t('run.againWith')}
      </Button>
      {open && (
        <Suspense>
          <InputsDialog run={run} onRun={(inputs) => repeat({ inputs })} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
