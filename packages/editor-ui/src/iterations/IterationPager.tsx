import Button from 'antd/es/button';
import InputNumber from 'antd/es/input-number';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ITERATIONS_SHOWN } from '../api/iterations.ts';
import styles from './IterationList.module.css';

interface IterationPagerProps {
  total: number;
  skip: number;
  /** All iterations are listed, so that the number of one says where it stands. */
  counted: boolean;
  onSkip(skip: number): void;
}

/** Goes on in a long list of iterations, or straight to the one with a number. */
export function IterationPager({ total, skip, counted, onSkip }: IterationPagerProps) {
  const { t } = useTranslation();
  const last = Math.floor((total - 1) / ITERATIONS_SHOWN) * ITERATIONS_SHOWN;
  return (
    <div className={styles.pager}>
      <Button
        type="text"
        size="small"
        aria-label={t('iterations.pageBefore')}
        disabled={skip === 0}
        icon={<ChevronLeft size={14} aria-hidden />}
        onClick={() => onSkip(Math.max(0, skip - ITERATIONS_SHOWN))}
      />
      <span>
        {t('iterations.range', { from: skip + 1, to: Math.min(total, skip + ITERATIONS_SHOWN), count: total })}
      </span>
      <Button
        type="text"
        size="small"
        aria-label={t('iterations.pageAfter')}
        disabled={skip >= last}
        icon={<ChevronRight size={14} aria-hidden />}
        onClick={() => onSkip(skip + ITERATIONS_SHOWN)}
      />
      {counted && (
        <InputNumber
          size="small"
          min={1}
          max={total}
          precision={0}
          controls={false}
          placeholder={t('iterations.goTo')}
          aria-label={t('iterations.goToLabel')}
          onChange={(number) => {
            if (number !== null) onSkip(Math.floor((Number(number) - 1) / ITERATIONS_SHOWN) * ITERATIONS_SHOWN);
          }}
        />
      )}
    </div>
  );
}
