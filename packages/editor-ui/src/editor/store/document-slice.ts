import {
  catalogueOf,
  type Graph,
  type NodeCatalogue,
  type NodeDescription,
  type NodePackage,
  type Problem,
  validateGraph,
} from '@imaginarium/protocol';
import type { StateCreator } from 'zustand';
import { randomId } from '../document/ids.ts';
import { addNode, nodeOf, type Point, removeSelection } from '../document/nodes.ts';
import { isSameSelection, NOTHING_SELECTED, type Selection } from '../document/selection.ts';
import { connect, objectToWire, type Wire, type WireObjection } from '../document/wires.ts';
import type { EditorState } from './editor-store.ts';
import { edit, type History, redo, startHistory, undo } from './history.ts';

/** The document with its past, what is selected in it, and what is wrong with it. */
export interface DocumentSlice {
  workflowId: string;
  name: string;
  catalogue: NodeCatalogue;
  types: readonly NodeDescription[];
  packages: readonly NodePackage[];
  history: History;
  graph: Graph;
  selection: Selection;
  problems: readonly Problem[];
  /** Problems by node; the list of a node stays the same object while its problems do. */
  problemsByNode: ReadonlyMap<string, readonly Problem[]>;
  /** Changes the graph by a pure function. Edits that name the same `thing` in quick succession are undone together. */
  change(apply: (graph: Graph) => Graph, thing?: string): void;
  undo(): void;
  redo(): void;
  select(selection: Selection): void;
  /** Adds a node of a type, in a loop where one is named, and selects it. @returns its id. */
  add(description: NodeDescription, position: Point, loop?: string | null): string;
  /** Draws a wire. @returns why it was refused, or undefined when it is drawn. */
  wire(wire: Wire): WireObjection | undefined;
  deleteSelection(): void;
  rename(name: string): void;
  /** Takes node types that are installed now in the place of those that were: forms, ports and problems follow. */
  install(installed: Installed): void;
}

/** What is installed on the server: node types, and the packages that bring them. */
export interface Installed {
  types: readonly NodeDescription[];
  packages: readonly NodePackage[];
}

export interface DocumentInit {
  workflowId: string;
  name: string;
  graph: Graph;
  installed: Installed;
}

export function createDocumentSlice(init: DocumentInit): StateCreator<EditorState, [], [], DocumentSlice> {
  return (set, get) => {
    const show = (history: History) => {
      if (history === get().history) return;
      const graph = history.present;
      const problems = validateGraph(graph, get().catalogue);
      set((state) => ({
        history,
        graph,
        problems,
        problemsByNode: groupByNode(problems, state.problemsByNode),
        selection: stillThere(graph, state.selection),
      }));
    };
    const { types, packages } = init.installed;
    const catalogue = catalogueOf(types, packages);
    const problems = validateGraph(init.graph, catalogue);
    return {
      workflowId: init.workflowId,
      name: init.name,
      catalogue,
      types,
      packages,
      history: startHistory(init.graph),
      graph: init.graph,
      selection: NOTHING_SELECTED,
      problems,
      problemsByNode: groupByNode(problems, new Map()),
      change: (apply, thing) => {
        const { history } = get();
        const at = Date.now();
        show(edit(history, apply(history.present), thing === undefined ? { at } : { thing, at }));
      },
      undo: () => show(undo(get().history)),
      redo: () => show(redo(get().history)),
      select: (selection) => {
        // The keyboard leaves the port of a node with the node.
        if (!isSameSelection(selection, get().selection)) set({ selection, focusedPort: null });
      },
      add: (description, position, loop = null) => {
        const id = randomId();
        get().change((graph) => {
          const node = nodeOf(graph, description, id, position);
          return addNode(graph, loop === null ? node : { ...node, parent: loop });
        });
        get().select({ nodes: [id], edges: [] });
        return id;
      },
      wire: (wire) => {
        const objection = objectToWire(get().graph, wire, get().catalogue);
        if (!objection) get().change((graph) => connect(graph, wire, randomId(), get().catalogue));
        return objection;
      },
      deleteSelection: () => {
        const { selection } = get();
        get().change((graph) => removeSelection(graph, selection));
      },
      rename: (name) => set({ name }),
      install: (installed) => {
        const { types, packages } = get();
        if (installed.types === types && installed.packages === packages) return;
        const catalogue = catalogueOf(installed.types, installed.packages);
        const problems = validateGraph(get().graph, catalogue);
        set((state) => ({
          ...installed,
          catalogue,
          problems,
          problemsByNode: groupByNode(problems, state.problemsByNode),
        }));
      },
    };
  };
}

function groupByNode(
  problems: readonly Problem[],
  before: ReadonlyMap<string, readonly Problem[]>,
): ReadonlyMap<string, readonly Problem[]> {
  const groups = new Map<string, Problem[]>();
  for (const problem of problems) {
    if (problem.node === undefined) continue;
    const group = groups.get(problem.node);
    if (group) group.push(problem);
    else groups.set(problem.node, [problem]);
  }
  const result = new Map<string, readonly Problem[]>();
  for (const [node, group] of groups) {
    const earlier = before.get(node);
    const same = earlier?.length === group.length && earlier.every((entry, at) => entry.message === group[at]?.message);
    result.set(node, same ? earlier : group);
  }
  return result;
}

/** What of a selection an undo or a removal has left. */
function stillThere(graph: Graph, selection: Selection): Selection {
  const nodes = new Set(graph.nodes.map((node) => node.id));
  const edges = new Set(graph.edges.map((edge) => edge.id));
  const left = {
    nodes: selection.nodes.filter((id) => nodes.has(id)),
    edges: selection.edges.filter((id) => edges.has(id)),
  };
  return isSameSelection(left, selection) ? selection : left;
}
