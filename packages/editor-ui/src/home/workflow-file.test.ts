import { emptyGraph, type Graph, type Json } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { readWorkflowFile, workflowFileName, writeWorkflowFile } from './workflow-file.ts';

const picture = { id: 'a'.repeat(64), kind: 'image', mime: 'image/png', bytes: 1, name: 'me.png' };

function aGraph(params: Record<string, Json>): Graph {
  const node = { id: 'a', type: 'input.image', version: 1, name: 'A', params, position: { x: 0, y: 0 } };
  return { ...emptyGraph(), nodes: [node] };
}

const fileOf = (text: string, name = 'photo-to_carousel.json') => new File([text], name);

describe('workflow files', () => {
  it('come back as they were written, named after the file', async () => {
    const graph = aGraph({ caption: 'Hello' });
    expect(await readWorkflowFile(fileOf(writeWorkflowFile(graph)))).toEqual({ name: 'Photo to carousel', graph });
  });

  it('leave out the pictures that were chosen, one or several', () => {
    const text = writeWorkflowFile(aGraph({ image: picture, images: [picture], caption: 'Hello' }));
    expect(JSON.parse(text).nodes[0].params).toEqual({ caption: 'Hello' });
  });

  it('leave out items that are pinned', () => {
    const graph = aGraph({});
    const items = [{ id: 'i', value: 1, fields: {}, from: [] }];
    graph.nodes = graph.nodes.map((node) => ({ ...node, pinned: { image: items } }));
    expect(writeWorkflowFile(graph)).not.toContain('pinned');
  });

  it('are refused in words when they are something else', async () => {
    await expect(readWorkflowFile(fileOf('only words', 'notes.json'))).rejects.toThrow('notes.json is not a workflow');
    await expect(readWorkflowFile(fileOf('{"nodes":[]}'))).rejects.toThrow('schema');
  });

  it('get a name that every system takes', () => {
    expect(workflowFileName('Photo → Carousel (für Ada)')).toBe('photo-carousel-fur-ada.json');
    expect(workflowFileName('写真')).toBe('workflow.json');
  });
});
