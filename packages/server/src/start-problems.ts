import type { NodeRegistry } from '@imaginarium/engine';

/** What is wrong with node packages, in sentences: each keeps only its own nodes away. */
export function packageProblems(registry: NodeRegistry): string[] {
  const broken = registry.packages().filter(({ state }) => state === 'failed');
  return broken.map(({ name, error }) => `The node package ${name} could not be loaded: ${error}`);
}

/** What is wrong without keeping a server from starting, in sentences. */
export function problemsOf(registry: NodeRegistry, editorFolder: string | null): string[] {
  return [
    ...packageProblems(registry),
    ...(editorFolder ? [] : ['The editor is not built: run npm run build. The API answers all the same.']),
  ];
}
