import Button from 'antd/es/button';
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from './copy-text.ts';

/** Copies a text and says for a moment how that went. `label` names what is copied. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useState<'copied' | 'notCopied'>();
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(undefined), 2000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const name = outcome ? t(`action.${outcome}`) : label;
  return (
    <Button
      type="text"
      size="small"
      aria-label={name}
      title={name}
      icon={outcome === 'copied' ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />}
      onClick={() =>
        void copyText(text).then(
          () => setOutcome('copied'),
          () => setOutcome('notCopied'),
        )
      }
    />
  );
}
