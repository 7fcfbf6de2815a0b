import { useEffect } from 'react';

/** Names the page in the browser's tab: "Runs · Imaginarium". */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · Imaginarium` : 'Imaginarium';
  }, [title]);
}
