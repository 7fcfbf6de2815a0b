import type { FileRef, Graph, WorkflowSummary, WorkflowVersion } from '@imaginarium/protocol';

/** A workflow with its draft, as stored. */
export interface StoredWorkflow extends WorkflowSummary {
  draft: Graph;
  revision: number;
  /** Made by {@link WorkflowStore.builtIn}. */
  builtIn: boolean;
}

/** The workflows of one workspace. Another workspace's ids are simply not there. */
export interface WorkflowStore {
  list(): Promise<WorkflowSummary[]>;
  get(id: string): Promise<StoredWorkflow | undefined>;
  create(workflow: { name: string; graph: Graph }): Promise<StoredWorkflow>;
  /** The workflow that the server runs for something of its own, made when it is first asked for. Lists do not show it, and nobody changes it. */
  builtIn(purpose: string, workflow: { name: string; graph: Graph }): Promise<{ id: string; name: string }>;
  /** As {@link builtIn}, and makes nothing: undefined where it was never asked for. */
  findBuiltIn(purpose: string): Promise<{ id: string; name: string } | undefined>;
  rename(id: string, name: string): Promise<WorkflowSummary | undefined>;
  /** False when there is no such workflow. Its runs stay. */
  delete(id: string): Promise<boolean>;
  /** Saves a draft made from `revision`; `conflict` when somebody saved since (with the revision that is there now). */
  saveDraft(
    id: string,
    draft: { graph: Graph; revision: number },
  ): Promise<{ revision: number; updatedAt: string } | { conflict: number } | undefined>;
  listVersions(id: string): Promise<WorkflowVersion[] | undefined>;
  /** Makes the next version of the draft. The graph is kept once, by its hash. */
  createVersion(id: string, version: { label: string | null; createdBy: string }): Promise<WorkflowVersion | undefined>;
  getVersion(id: string, version: number): Promise<(WorkflowVersion & { graph: Graph }) | undefined>;
  setCover(id: string, cover: FileRef): Promise<void>;
}
