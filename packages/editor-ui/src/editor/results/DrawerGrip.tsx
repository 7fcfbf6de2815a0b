import { useTranslation } from 'react-i18next';
import styles from './Drawer.module.css';

const LEAST_PX = 160;
const STEP_PX = 40;

/** The upper edge of the drawer: dragged, or moved by the arrow keys. */
export function DrawerGrip({ height, onChange }: { height: number; onChange(height: number): void }) {
  const { t } = useTranslation('editor');
  const most = Math.round(window.innerHeight * 0.75);
  const set = (next: number) => onChange(Math.round(Math.min(Math.max(next, LEAST_PX), most)));
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot take the focus and be moved.
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="horizontal"
      aria-label={t('drawer.resize')}
      aria-valuenow={height}
      aria-valuemin={LEAST_PX}
      aria-valuemax={most}
      className={styles.grip}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowUp' ? STEP_PX : event.key === 'ArrowDown' ? -STEP_PX : 0;
        if (step === 0) return;
        event.preventDefault();
        event.stopPropagation();
        set(height + step);
      }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        const bottom = event.currentTarget.parentElement?.getBoundingClientRect().bottom;
        if (event.currentTarget.hasPointerCapture(event.pointerId) && bottom !== undefined) set(bottom - event.clientY);
      }}
    />
  );
}
