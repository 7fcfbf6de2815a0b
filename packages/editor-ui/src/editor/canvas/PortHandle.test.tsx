import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { aStore, EditorProviders } from '../testing/EditorProviders.tsx';
import { aGraph } from '../testing/graphs.ts';
import type { CardPort } from './card-ports.ts';
import { PortHandle } from './PortHandle.tsx';

const yes: CardPort = { name: 'yes', title: 'Yes', type: 'any', optional: false };

function show(labelled: boolean) {
  render(
    <EditorProviders store={aStore(aGraph({ photo: 'input.image' }, []))}>
      <PortHandle node="photo" side="output" port={yes} index={0} labelled={labelled} />
    </EditorProviders>,
  );
}

it('a port says its name beside itself when its side has others', () => {
  show(true);
  expect(screen.getAllByText('Yes')).toHaveLength(2);
});

it('a port that stands alone keeps its name for who asks', () => {
  show(false);
  expect(screen.getAllByText('Yes')).toHaveLength(1);
});
