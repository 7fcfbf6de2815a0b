import { type AssetVersion, isTerminal, type RunDetail, timeLeft } from '@imaginarium/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLiveRun } from '../api/live-run.ts';
import { queryKeys } from '../api/query-keys.ts';
import { useRun } from '../api/runs.ts';
import styles from './AssetScreen.module.css';
import { scaleWord } from './tier-words.ts';

/** How far an upscale is, as its run tells. */
export function VersionProgress({ version }: { version: AssetVersion }) {
  const { data } = useRun(version.runId);
  return data ? <Live key={data.id} detail={data} tier={version.tier} /> : null;
}

function Live({ detail, tier }: { detail: RunDetail; tier: AssetVersion['tier'] }) {
  const { t } = useTranslation('assets');
  const queries = useQueryClient();
  const { run, progress } = useLiveRun(detail);
  const isOver = isTerminal(run.state);
  // The result comes to the asset a moment after the run.
  useEffect(() => {
    if (isOver) void queries.invalidateQueries({ queryKey: queryKeys.allAssets });
  }, [isOver, queries]);
  const [latest] = [...progress.values()].toReversed();
  if (!latest || isOver) return null;
  const left = latest.leftMs === undefined ? undefined : t('versions.timeLeft', { time: timeLeft(latest.leftMs) });
  const said = [left, latest.message].filter(Boolean).join(' · ');
  return (
    <div className={styles.progress}>
      <progress value={latest.progress} aria-label={t('versions.progress', { what: scaleWord(tier) })} />
      {Math.round(latest.progress * 100)}%{said && <span>{said}</span>}
    </div>
  );
}
