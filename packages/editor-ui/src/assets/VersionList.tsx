import { type Asset, type AssetVersion, type FileRef, isTerminal } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useWebhooks } from '../api/assets.ts';
import { client } from '../api/client.ts';
import { CreditAmount } from '../components/CreditAmount.tsx';
import { formatFileSize } from '../components/format.ts';
import { Picture } from '../components/Picture.tsx';
import { RelativeTime } from '../components/RelativeTime.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import type { Shown } from './AssetPage.tsx';
import styles from './AssetScreen.module.css';
import { tierTitle } from './tier-words.ts';
import { VersionProgress } from './VersionProgress.tsx';
import { WebhookLine } from './WebhookLine.tsx';

interface VersionListProps {
  asset: Asset;
  shown: Shown;
  onShow: (shown: Shown) => void;
}

/** Everything that was made of an asset, the newest first, and its original at the end. */
export function VersionList({ asset, shown, onShow }: VersionListProps) {
  const { t } = useTranslation('assets');
  const { versions, original } = asset;
  const webhooks = useWebhooks(asset.id, versions.length > 0);
  return (
    <section className={styles.section} aria-labelledby="versions">
      <h2 id="versions">{t('versions.title')}</h2>
      <ul className={styles.versions}>
        {versions.map((version) => (
          <VersionRow
            key={version.id}
            version={version}
            isShown={shown === version.id}
            onShow={() => onShow(version.id)}
          >
            {webhooks.data
              ?.filter(({ versionId }) => versionId === version.id)
              .map((webhook) => (
                <WebhookLine key={webhook.versionId} assetId={asset.id} webhook={webhook} />
              ))}
          </VersionRow>
        ))}
        {original && (
          <Row
            title={t('versions.original')}
            file={original}
            isShown={shown === 'original'}
            onShow={() => onShow('original')}
          >
            <Facts file={original} />
          </Row>
        )}
      </ul>
      {versions.length === 0 && <p className={styles.quiet}>{t('versions.none')}</p>}
    </section>
  );
}

interface VersionRowProps extends Pick<RowProps, 'isShown' | 'onShow' | 'children'> {
  version: AssetVersion;
}

function VersionRow({ version, children, ...row }: VersionRowProps) {
  const { t } = useTranslation('assets');
  const { tier, number, state, file, runId, credits, createdAt, error, leftOut } = version;
  const title = tierTitle(tier, t);
  return (
    <Row title={title} file={file} badge={<StateBadge state={state} />} {...row}>
      <Facts file={file}>
        <RelativeTime at={createdAt} />
        <CreditAmount credits={credits} />
        <Link to={`/runs/${runId}`} aria-label={t('versions.runOf', { what: `${title} (${number})` })}>
          {t('versions.run')}
        </Link>
      </Facts>
      {!isTerminal(state) && <VersionProgress version={version} />}
      {error && <p className={styles.error}>{error.message}</p>}
      {state === 'succeeded' && !file && <p className={styles.quiet}>{t('versions.gone')}</p>}
      {leftOut.length > 0 && (
        <details className={styles.leftOut}>
          <summary>{t('versions.leftOut')}</summary>
          <ul>
            {leftOut.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </details>
      )}
      {children}
    </Row>
  );
}

interface RowProps {
  title: string;
  file: FileRef | null;
  badge?: ReactNode;
  isShown: boolean;
  onShow: () => void;
  children: ReactNode;
}

function Row({ title, file, badge, isShown, onShow, children }: RowProps) {
  const { t } = useTranslation('assets');
  return (
    <li className={`${styles.version} ${isShown ? styles.shown : ''}`}>
      <button
        type="button"
        className={styles.thumbnail}
        disabled={!file}
        aria-pressed={isShown}
        aria-label={t('versions.show', { what: title })}
        onClick={onShow}
      >
        <Picture file={file} alt="" size={160} />
      </button>
      <div className={styles.what}>
        <div className={styles.title}>
          <strong>{title}</strong>
          {badge}
        </div>
        {children}
      </div>
      {file && (
        <Button
          type="text"
          aria-label={t('asset.downloadOf', { name: file.name })}
          title={t('asset.downloadOf', { name: file.name })}
          icon={<Download size={15} aria-hidden />}
          href={client.fileUrl(file.id, { download: true, name: file.name })}
        />
      )}
    </li>
  );
}

/** Pixels and bytes of a picture, and what else is known. */
function Facts({ file, children }: { file: FileRef | null; children?: ReactNode }) {
  return (
    <div className={styles.facts}>
      {file && <span>{formatFileSize(file)}</span>}
      {children}
    </div>
  );
}
