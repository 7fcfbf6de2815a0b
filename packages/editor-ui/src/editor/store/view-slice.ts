import type { StateCreator } from 'zustand';
import { fittingPorts, type WireEnd } from '../document/fitting-ports.ts';
import type { Point } from '../document/nodes.ts';
import type { EditorState } from './editor-store.ts';
import { remember, remembered } from './remember.ts';

/** Where the quick palette stands, and the end of a wire that waits for the node to be added. */
export interface QuickAdd {
  /** Place in the window. */
  at: Point;
  /** Place on the canvas where the node will stand. */
  position: Point;
  from?: WireEnd;
  /** Also lists the ports that are already there: how the keyboard draws a wire. */
  withPorts?: boolean;
}

/** A sentence that stands at a place of the window until it is read. */
export interface Bubble {
  at: Point;
  text: string;
  remedy?: string;
}

/** Something that could not be done, said until it is closed. */
export interface Trouble {
  title: string;
  error: unknown;
}

export type DrawerTab = 'results' | 'items' | 'log' | 'runs';

/** What is open, folded or pointed at: nothing of it is saved with the workflow. */
export interface ViewSlice {
  paletteOpen: boolean;
  inspectorOpen: boolean;
  drawerOpen: boolean;
  drawerTab: DrawerTab;
  quickAdd: QuickAdd | null;
  bubble: Bubble | null;
  keysOpen: boolean;
  commandsOpen: boolean;
  runFormOpen: boolean;
  /** The nodes whose upgrade is looked at. */
  upgrading: readonly string[] | null;
  trouble: Trouble | null;
  /** The input node that is pointed out once: the obvious place for the first picture. */
  pulsing: string | null;
  /** The port that the keyboard stands on. */
  focusedPort: WireEnd | null;
  /** The wire that is being drawn, and the ports it could end at. */
  drawing: { end: WireEnd; fits: ReadonlySet<string> } | null;
  /** The frame that would take what is dragged over it. */
  aim: string | null;
  /** Where in the window the menu of the selected nodes is open. */
  nodeMenu: Point | null;
  togglePalette(): void;
  toggleInspector(): void;
  setDrawer(open: boolean, tab?: DrawerTab): void;
  openQuickAdd(quickAdd: QuickAdd | null): void;
  showBubble(bubble: Bubble | null): void;
  setKeysOpen(open: boolean): void;
  setCommandsOpen(open: boolean): void;
  setRunFormOpen(open: boolean): void;
  openUpgrade(nodes: readonly string[] | null): void;
  focusPort(port: WireEnd | null): void;
  tellTrouble(trouble: Trouble | null): void;
  pulse(node: string | null): void;
  aimAt(frame: string | null): void;
  openNodeMenu(at: Point | null): void;
  /** Begins to draw a wire, or ends it with null. */
  draw(end: WireEnd | null): void;
}

/** Windows narrower than this begin with the panels folded: they would lie over the canvas. */
const NARROW_PX = 900;

export const createViewSlice: StateCreator<EditorState, [], [], ViewSlice> = (set, get) => ({
  paletteOpen: remembered('palette', window.innerWidth > NARROW_PX),
  inspectorOpen: remembered('inspector', window.innerWidth > NARROW_PX),
  drawerOpen: false,
  drawerTab: 'results',
  quickAdd: null,
  bubble: null,
  keysOpen: false,
  commandsOpen: false,
  runFormOpen: false,
  upgrading: null,
  trouble: null,
  pulsing: null,
  focusedPort: null,
  drawing: null,
  aim: null,
  nodeMenu: null,
  togglePalette: () => set({ paletteOpen: remember('palette', !get().paletteOpen) }),
  toggleInspector: () => set({ inspectorOpen: remember('inspector', !get().inspectorOpen) }),
  setDrawer: (drawerOpen, tab) => set({ drawerOpen, drawerTab: tab ?? get().drawerTab }),
  openQuickAdd: (quickAdd) => set({ quickAdd }),
  showBubble: (bubble) => set({ bubble }),
  setKeysOpen: (keysOpen) => set({ keysOpen }),
  setCommandsOpen: (commandsOpen) => set({ commandsOpen }),
  setRunFormOpen: (runFormOpen) => set({ runFormOpen }),
  openUpgrade: (upgrading) => set({ upgrading }),
  focusPort: (focusedPort) => set({ focusedPort }),
  tellTrouble: (trouble) => set({ trouble }),
  pulse: (pulsing) => set({ pulsing }),
  openNodeMenu: (nodeMenu) => set({ nodeMenu }),
  aimAt: (aim) => {
    if (aim !== get().aim) set({ aim });
  },
  draw: (end) => {
    const { graph, catalogue } = get();
    set({ drawing: end && { end, fits: fittingPorts(graph, end, catalogue) } });
  },
});
